"""What a reply is made of, before any channel renders it: text with light markup, buttons, and data for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from locales.catalogue import say


@dataclass(frozen=True)
class Button:
    """A button: its words, and the payload that comes back when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True)
class Message:
    """One message of a reply. Either `text`, or `response`: a key of the catalogues that Rasa's NLG puts into words."""

    language: str
    text: str = ""
    response: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    custom: dict[str, Any] = field(default_factory=dict)


def catalogue_message(key: str, language: str, *buttons: Button, **fields: Any) -> Message:
    """A message whose words stand in the catalogues as they are."""
    return Message(language, response=f"utter_{key}", fields=fields, buttons=buttons)


def button(key: str, language: str, payload: str, **fields: Any) -> Button:
    """A button whose words stand in the catalogues under ``button.<key>``."""
    return Button(say(f"button.{key}", language, **fields), payload)


def payload(intent: str, **entities: str) -> str:
    """The payload of a button in Rasa's form: ``/choose{"topic": "health.doctor"}``."""
    return f"/{intent}" + (json.dumps(entities, ensure_ascii=False) if entities else "")
