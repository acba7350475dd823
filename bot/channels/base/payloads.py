"""The payloads of buttons: what the assistant may issue, and nothing else is accepted.

A person can type ``/intent{"slot": "x"}`` too, and Rasa would set that slot. So only what stands in this list passes, with harmless values.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from knowledge.domain.records import CRISIS_TOPICS

_FORM = re.compile(r"^/(?P<intent>[a-z_]+(?:\.[a-z_]+)?)(?P<entities>\{.*\})?$", re.S)
_VALUE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.:\-]{0,79}$")
# Intent -> the entities its payload may carry. A test holds that each of them is on a button, and that no button carries anything else.
ISSUED: dict[str, frozenset[str]] = {
    "choose": frozenset({"topic", "part"}),
    "contact": frozenset({"service"}),
    "change_language": frozenset({"language"}),
    "help": frozenset({"domain"}),
    "human": frozenset({"topic"}),
    "refer_me": frozenset(),
    "erase": frozenset(),
    # "Help in a crisis", below words that are perhaps about one.
    **dict.fromkeys(CRISIS_TOPICS, frozenset()),
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
    if intent not in ISSUED:
        return None
    try:
        entities = json.loads(match.group("entities") or "{}")
    except ValueError:
        return None
    if not set(entities) <= ISSUED[intent] or not all(isinstance(value, str) and _VALUE.match(value) for value in entities.values()):
        return None
    return Payload(intent, entities)
