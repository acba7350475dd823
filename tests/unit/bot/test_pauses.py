"""After a time without messages a talk lets go of what it was about; what the person has chosen stays."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_side.pauses import PASSING, is_over, let_go

SLOTS = set(yaml.safe_load(Path("bot/domain/conversation.yml").read_text(encoding="utf-8"))["slots"])
STAYING = {"language", "language_choice", "introduced"}
HOUR = 3_600
SAID_AT = 1_000_000.0


def talk_about(topic: str | None) -> DialogueStateTracker:
    """A message at `SAID_AT`, and its answer."""
    tracker = DialogueStateTracker("someone", [AnySlot(name, mappings=[], influence_conversation=False) for name in SLOTS])
    tracker.update(UserUttered("a message", timestamp=SAID_AT))
    tracker.update(SlotSet("topic", topic, timestamp=SAID_AT))
    # A reply can come late, and is no sign of anybody.
    tracker.update(BotUttered("an answer", timestamp=SAID_AT + 100 * HOUR))
    return tracker


@pytest.mark.parametrize(
    ("topic", "hours", "over"),
    [
        ("safety.violence", 2.9, False),
        ("safety.violence", 3.1, True),
        ("health.emergency", 3.1, True),
        ("registration.address", 3.1, False),
        ("registration.address", 23.9, False),
        ("registration.address", 24.1, True),
        (None, 24.1, True),
    ],
)
def test_a_crisis_is_let_go_after_hours_any_other_topic_after_a_day(topic: str | None, hours: float, over: bool) -> None:
    assert is_over(talk_about(topic), SAID_AT + hours * HOUR) == over


def test_where_nobody_has_written_nothing_is_over() -> None:
    assert not is_over(DialogueStateTracker("someone", [AnySlot("topic", mappings=[], influence_conversation=False)]), SAID_AT)


def test_what_was_chosen_stays_and_the_rest_goes() -> None:
    tracker = talk_about("safety.violence")
    for name in SLOTS:
        tracker.update(SlotSet(name, f"some {name}"))
    let_go(tracker)
    assert {name for name, value in tracker.current_slot_values().items() if value is not None} == STAYING


def test_for_each_slot_it_is_decided_whether_it_stays() -> None:
    assert set(PASSING) | STAYING == SLOTS
    assert not set(PASSING) & STAYING
