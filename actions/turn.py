"""What an action knows about the turn it answers: who speaks which language, what was found in the message, what is remembered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from locales.registry import base_code, chain, served

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Turn:
    """One message of a person, read from Rasa's tracker.

    `language` is the language to answer in (always one with a catalogue), `spoken` the one the person seems to use (perhaps not served).
    """

    intent: str
    text: str
    language: str
    spoken: str
    unsure: tuple[str, ...]
    not_served: str | None
    other_language: str | None
    entities: dict[str, tuple[str, ...]]
    ranking: tuple[tuple[str, float], ...]
    safety: dict[str, Any] | None
    # Perhaps a crisis: the topic is answered, the emergency number stands before it.
    perhaps_safety: dict[str, Any] | None
    slots: dict[str, Any]
    metadata: dict[str, Any]
    first: bool
    # The question before this message, where a choice was offered and none of it was right.
    laid_aside: str | None = None
    new_slots: dict[str, Any] = field(default_factory=dict)

    @property
    def municipality(self) -> str | None:
        """The municipality the channel belongs to, if it names one."""
        return self.metadata.get("municipality")

    @property
    def topic(self) -> str | None:
        """The topic that was talked about before this message."""
        return self.slots.get("topic")

    def entity(self, kind: str) -> str | None:
        """The first entity of `kind` in the message."""
        found = self.entities.get(kind, ())
        return found[0] if found else None

    def remember(self, **slots: Any) -> None:
        """Keep something for the turns to come."""
        self.new_slots.update(slots)


def read_turn(state: dict[str, Any], default_language: str = DEFAULT_LANGUAGE) -> Turn:
    """The turn from Rasa's tracker as JSON (``tracker.current_state()`` of the SDK)."""
    slots = state["slots"]
    message = state["latest_message"]
    metadata = message.get("metadata") or _last_metadata(state)
    guess = message.get("language") or {}
    spoken, unsure = _spoken(slots, guess, metadata, default_language)
    language = next(code for code in (*chain(spoken), default_language, DEFAULT_LANGUAGE) if code in served())
    entities: dict[str, list[str]] = {}
    for one in message.get("entities") or ():
        entities.setdefault(one["entity"], []).append(str(one["value"]))
    clear = guess.get("code") if guess.get("clear") else None
    return Turn(
        intent=(message.get("intent") or {}).get("name") or "",
        text=message.get("text") or "",
        language=language,
        spoken=spoken,
        unsure=unsure,
        not_served=spoken if spoken not in served() else None,
        other_language=clear if clear in served() and clear != language else None,
        entities={kind: tuple(values) for kind, values in entities.items()},
        ranking=tuple((row["name"], row["confidence"]) for row in message.get("intent_ranking") or ()),
        safety=message.get("safety"),
        perhaps_safety=message.get("perhaps_safety"),
        slots=slots,
        metadata=metadata,
        first=not slots.get("introduced"),
        laid_aside=_laid_aside(state),
    )


def _spoken(slots: dict[str, Any], guess: dict[str, Any], metadata: dict[str, Any], default_language: str) -> tuple[str, tuple[str, ...]]:
    """(language of the person, likely languages if nobody can be sure).

    What was chosen wins; then the message, unless it is one doubtful word within a conversation in another language; then the
    conversation; then what the channel reports.
    """
    chosen = base_code(slots.get("language_choice"))
    if chosen:
        return chosen, ()
    before = base_code(slots.get("language"))
    hint = base_code(metadata.get("language_hint"))
    now = base_code(guess.get("code"))
    if now is None:
        return before or hint or default_language, ()
    if before and before != now and not guess.get("clear"):
        return before, ()
    if not guess.get("unsure"):
        return now, ()
    if before or hint:
        return before or hint or now, ()
    likely = [base_code(code) for code, _ in guess.get("candidates") or ()]
    return now, tuple(dict.fromkeys(code for code in likely if code in served()))


def _laid_aside(state: dict[str, Any]) -> str | None:
    events = list(state.get("events") or ())
    said = [place for place, event in enumerate(events) if event.get("event") == "user"][-2:]
    if len(said) < 2 or not str(events[said[1]].get("text") or "").startswith("/human"):
        return None
    offered = any(event.get("event") == "action" and event.get("name") == "action_search" for event in events[said[0] : said[1]])
    before = events[said[0]]
    return str(before.get("text") or "") if offered and not (before.get("parse_data") or {}).get("safety") else None


def _last_metadata(state: dict[str, Any]) -> dict[str, Any]:
    """Rasa keeps the channel's metadata with the event, not always with the message."""
    for event in reversed(state.get("events") or ()):
        if event.get("event") == "user":
            return event.get("metadata") or {}
    return {}
