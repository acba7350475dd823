"""The crisis reply: before anything else, in the person's language, with numbers and a person."""

from __future__ import annotations

from collections.abc import Iterable

from actions.after_crisis import helplines_now
from actions.base import DeskAction
from actions.turn import Turn
from knowledge.api import KnowledgeApi
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.replies.parts import Message
from knowledge.replies.safety import safety_messages


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
        # In the language that was just used first, even where another one was chosen before: nobody types a cry for help in a foreign one.
        languages = turn.unsure or tuple(dict.fromkeys(code for code in (turn.other_language, turn.language) if code))
        said = " ".join((kind, *languages))
        # What was shown for something else is not who helps now.
        turn.remember(topic=kind, shown_services=[], last_reply=said)
        return safety_messages(kind, languages, lines, now, again=turn.slots.get("last_reply") == said)
