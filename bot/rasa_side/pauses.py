"""After a time without messages a talk lets go of what it was about.

Nobody means it any longer ("where is that?"), and on a phone that others may read, a crisis of weeks ago must not come up by itself.
What the person has chosen stays: the language, and that the assistant need not introduce itself again. The conversation itself goes on.
"""

from __future__ import annotations

from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from knowledge.domain.records import CRISIS_TOPICS

# What a talk remembers of its topic; all other slots stay (a test asks for a decision about each).
PASSING = ("topic", "district", "spoken_language", "shown_services", "last_reply")
_HOUR = 3_600
# Long enough to go to a quiet room and come back, too short for the child who has the phone in the evening.
CRISIS_SECONDS = 3 * _HOUR
# "And on Saturday?" the next morning is still about yesterday's answer.
SECONDS = 24 * _HOUR


def is_over(tracker: DialogueStateTracker, now: float) -> bool:
    """Whether the last message of the person is so long ago that the next one is not about it."""
    said = tracker.get_last_event_for(UserUttered)
    if said is None:
        return False
    longest = CRISIS_SECONDS if tracker.get_slot("topic") in CRISIS_TOPICS else SECONDS
    return bool(now - said.timestamp > longest)


def let_go(tracker: DialogueStateTracker) -> None:
    """Forget what the talk was about."""
    for name in PASSING:
        if tracker.get_slot(name) is not None:
            tracker.update(SlotSet(name, None))
