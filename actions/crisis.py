"""The crisis reply: before anything else, in the person's language, with numbers and a person."""

from __future__ import annotations

from collections.abc import Iterable

from actions.after_crisis import crisis_of, helplines_now
from actions.base import DeskAction
from actions.turn import Turn
from knowledge.api import KnowledgeApi
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.replies.parts import Message
from knowledge.replies.safety import safety_messages

# From this probability on, a message is about another crisis than the one that is talked about; below it, nothing is lost: the numbers of
# both are shown.
_CERTAIN = 0.7


class Safety(DeskAction):
    """Fixed words; the city's numbers; nothing that needs the database to be there."""

    action_name = "action_safety"
    introduces = False

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """One message, or one in each likely language where nobody knows which one the person reads."""
        kind = str((turn.safety or {}).get("kind") or turn.intent)
        if kind not in CRISIS_TOPICS:
            kind = "safety.danger"
        lines, now = helplines_now(turn, api, kind)
        present = crisis_of(turn)
        in_doubt = present is not None and present != kind and not _is_certain(turn, kind)
        if present is not None and in_doubt:
            # "I want to leave", said by somebody who is beaten, is hardly about suicide: the talk stays where it is, with both's numbers.
            here = helplines_now(turn, api, present)[0]
            known = {line.number for line in here}
            kind, lines = present, (*here, *(line for line in lines if line.number not in known))
        # In the language that was just used first, even where another one was chosen before: nobody types a cry for help in a foreign one.
        languages = turn.unsure or tuple(dict.fromkeys(code for code in (turn.other_language, turn.language) if code))
        said = " ".join((kind, *languages))
        # What was shown for something else is not who helps now.
        turn.remember(topic=kind, shown_services=[], last_reply=said)
        return safety_messages(kind, languages, lines, now, again=in_doubt or turn.slots.get("last_reply") == said)


def _is_certain(turn: Turn, kind: str) -> bool:
    """Whether a phrase was found, a button pressed, or the message is clearly about `kind`."""
    by = (turn.safety or {}).get("by", "topics")
    return turn.pressed or by != "topics" or dict(turn.ranking).get(kind, 0) >= _CERTAIN
