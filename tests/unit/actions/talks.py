"""Talks with the assistant without Rasa: a message's meaning is given, the action answers from a town of a few records.

The tracker's state is written on as Rasa writes it, so that each message is read with all that came before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from actions.answers import AnswerTopic, Contact
from actions.base import DeskAction
from actions.conversation import Affirm, ChangeLanguage, Help, Human, ReferMe, ReferralWithdraw, Thank
from actions.crisis import Safety
from actions.finding import FindService, Search
from actions.follow_ups import FollowUp, Repeat
from actions.turn import read_turn
from bot.rasa_side.pauses import PASSING
from knowledge.domain.records import CRISIS_TOPICS, Knowledge
from knowledge.replies.parts import Message
from locales.catalogue import say
from tests.unit.doors import door

_ACTIONS: dict[str, type[DeskAction]] = {
    "affirm": Affirm,
    "thank": Thank,
    "repeat": Repeat,
    "change_language": ChangeLanguage,
    "find_service": FindService,
    "contact": Contact,
    "referral_withdraw": ReferralWithdraw,
    "refer_me": ReferMe,
    "human": Human,
    "help": Help,
    "nlu_fallback": Search,
    **dict.fromkeys(CRISIS_TOPICS, Safety),
}


@dataclass
class Talk:
    """One conversation."""

    known: Knowledge
    slots: dict[str, Any] = field(default_factory=lambda: {"introduced": True})
    events: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.api = door(self.known)

    def say(
        self,
        intent: str,
        text: str = "",
        *,
        language: str = "en",
        clear: bool = False,
        candidates: tuple[str, ...] = (),
        entities: dict[str, str] | None = None,
        ranking: tuple[tuple[str, float], ...] = (),
        pressed: bool = False,
        anew: bool = False,
    ) -> list[Message]:
        """The reply to a message that was understood as `intent`; `pressed`: a button with these words, as the chat page sends it;
        `anew`: the first one after a long pause, as the connector passes it on."""
        metadata = {"channel": "web", **({"button": True} if pressed else {}), **({"anew": True} if anew else {})}
        if anew:
            self.slots = {name: value for name, value in self.slots.items() if name not in PASSING}
        message = {
            "metadata": metadata,
            "text": text or intent,
            "intent": {"name": intent},
            "entities": [{"entity": kind, "value": value} for kind, value in (entities or {}).items()],
            "intent_ranking": [{"name": name, "confidence": chance} for name, chance in ranking],
            "language": {
                "code": language,
                "clear": clear,
                "unsure": bool(candidates),
                "candidates": [[code, 0.4] for code in candidates],
            },
        }
        self.events.append({"event": "user", "text": message["text"], "parse_data": message, "metadata": metadata})
        action = _ACTIONS.get(intent, FollowUp if intent.startswith("follow_up.") else AnswerTopic)()
        self.events.append({"event": "action", "name": action.action_name})
        turn = read_turn({"slots": self.slots, "latest_message": message, "events": self.events})
        with patch("actions.base.shared_api", return_value=self.api):
            messages = action._whole(turn)
        self.slots = {**self.slots, **turn.new_slots}
        for one in messages:
            shown = [{"title": button.title, "payload": button.payload} for button in one.buttons]
            self.events.append(
                {
                    "event": "bot",
                    "text": words([one]),
                    "data": {"buttons": shown, "custom": one.custom},
                    "metadata": {"language": one.language},
                }
            )
        return messages


def words(messages: list[Message]) -> str:
    """All that is read in `messages`."""
    return "\n".join(one.text or say((one.response or "").removeprefix("utter_"), one.language, **one.fields) for one in messages)


def payloads(messages: list[Message]) -> list[str]:
    """The payloads of all buttons."""
    return [button.payload for one in messages for button in one.buttons]
