"""Messages as every channel sees them, whatever its provider sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.channels.base.payloads import Payload, parse_payload

# Longer than anything a person types; what is longer is refused with words, not cut.
LONGEST_TEXT = 2_000


@dataclass(frozen=True)
class InboundMessage:
    """What a person sent. `conversation` names the conversation, `id` the message (the same when it is sent again)."""

    conversation: str
    id: str
    text: str = ""
    payload: Payload | None = None
    title: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OutboundMessage:
    """One message of the reply."""

    text: str
    language: str
    buttons: tuple[dict[str, str], ...] = ()
    custom: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For channels that speak JSON."""
        return {"text": self.text, "language": self.language, "buttons": list(self.buttons), "custom": self.custom}


@dataclass(frozen=True)
class Outcome:
    """The reply to one message. `erase` asks the channel to end the conversation, its record being deleted."""

    messages: tuple[OutboundMessage, ...]
    language: str
    erase: bool = False
    failed: bool = False


def read_text(text: str) -> tuple[str, Payload | None]:
    """(text, payload) of what came as text: a payload of ours is taken as such, any other leading slash is only a character."""
    payload = parse_payload(text)
    return ("", payload) if payload else (text.strip().lstrip("/").strip(), None)
