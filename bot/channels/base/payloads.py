"""The payloads of buttons: what the assistant may issue, and nothing else is accepted.

A person can type ``/intent{"slot": "x"}`` too, and Rasa would set that slot. So only what stands in this list passes, with harmless values.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from knowledge.domain.topics import load_topics

_FORM = re.compile(r"^/(?P<intent>[a-z_]+(?:\.[a-z_]+)?)(?P<entities>\{.*\})?$", re.S)
_VALUE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.:\-]{0,79}$")
# Intent -> the entities its payload may carry. Topics and follow-ups carry none.
ISSUED: dict[str, frozenset[str]] = {
    "choose": frozenset({"topic", "part"}),
    "contact": frozenset({"service"}),
    "change_language": frozenset({"language"}),
    "help": frozenset({"domain"}),
    "human": frozenset({"topic"}),
    "refer_me": frozenset(),
    "repeat": frozenset(),
    "original": frozenset(),
    "privacy": frozenset(),
    "erase": frozenset(),
    "greet": frozenset(),
    "feedback_good": frozenset(),
    "feedback_bad": frozenset(),
}


@dataclass(frozen=True)
class Payload:
    """A button's meaning."""

    intent: str
    entities: dict[str, str] = field(default_factory=dict)


def parse_payload(text: str) -> Payload | None:
    """The payload in `text`; None where it is none of ours."""
    match = _FORM.match(text.strip())
    if match is None:
        return None
    intent = match.group("intent")
    topics = load_topics()
    if intent in topics.topics or intent in topics.follow_ups:
        allowed: frozenset[str] = frozenset()
    elif intent in ISSUED:
        allowed = ISSUED[intent]
    else:
        return None
    try:
        entities = json.loads(match.group("entities") or "{}")
    except ValueError:
        return None
    if not set(entities) <= allowed or not all(isinstance(value, str) and _VALUE.match(value) for value in entities.values()):
        return None
    return Payload(intent, entities)
