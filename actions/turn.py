"""What an action knows about the turn it answers: who speaks which language, what was found in the message, what is remembered."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import Any

from knowledge.replies.parts import Button
from locales.registry import base_code, chain, served

DEFAULT_LANGUAGE = "en"
# From so many words on, a message in another language is no longer a word that stands on a letter: its writer wants to be answered in it.
_SENTENCE = 5
# What a person says who does not understand; said in another language, it is about the language.
_NOT_UNDERSTOOD = "repeat"


@dataclass(frozen=True)
class Said:
    """A message of the person that came before, and what answered it."""

    intent: str
    text: str
    entities: dict[str, tuple[str, ...]]
    ranking: tuple[tuple[str, float], ...]
    action: str
    # All texts and buttons of the reply, in their order.
    replies: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    # Whether it may have spoken of a crisis.
    crisis: bool = False


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
    # What was said before this message, the latest first.
    said: tuple[Said, ...] = ()
    # The language that was chosen with a button or a word, where this message lets go of the choice.
    let_go: str | None = None
    new_slots: dict[str, Any] = field(default_factory=dict)
    # Crises that came up while an answer was looked for: the emergency number stands before it then.
    noticed: list[str] = field(default_factory=list)

    @property
    def municipality(self) -> str | None:
        """The municipality the channel belongs to, if it names one."""
        return self.metadata.get("municipality")

    @property
    def topic(self) -> str | None:
        """The topic that was talked about before this message."""
        return self.slots.get("topic")

    @property
    def before(self) -> Said | None:
        """The message before this one."""
        return self.said[0] if self.said else None

    @property
    def laid_aside(self) -> str | None:
        """The question before this message, where a choice was offered and none of it was right; never one that may speak of a crisis.

        By what this message means, not its words: the chat page sends a button's title, and some people type that none of it is right.
        """
        before = self.before
        offered = before is not None and before.action == "action_search" and not before.crisis
        return before.text if before and offered and self.intent == "human" else None

    @property
    def pressed(self) -> bool:
        """Whether a button was pressed: what it means is certain, and its words are ours, not the person's."""
        return bool(self.metadata.get("button")) or self.text.startswith("/")

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
    let_go = _let_go(slots, message, guess)
    spoken, unsure = _spoken({**slots, "language_choice": None} if let_go else slots, guess, metadata, default_language)
    if len(unsure) > 1:
        spoken = unsure[0]
    # Where a language is not served, what was understood until now is nearer to the person than English.
    near = takewhile(lambda code: code == spoken or code != DEFAULT_LANGUAGE, chain(spoken))
    language = next(code for code in (*near, _answered_in(state), *chain(spoken), default_language, DEFAULT_LANGUAGE) if code in served())
    clear = guess.get("code") if guess.get("clear") else None
    return Turn(
        intent=_intent(message),
        text=message.get("text") or "",
        language=language,
        spoken=spoken,
        unsure=unsure,
        not_served=spoken if spoken not in served() else None,
        other_language=clear if clear in served() and clear != language else None,
        entities=_entities(message),
        ranking=_ranking(message),
        safety=message.get("safety"),
        perhaps_safety=message.get("perhaps_safety"),
        slots=slots,
        metadata=metadata,
        first=not slots.get("introduced"),
        said=_said(state),
        let_go=let_go,
    )


def _intent(parsed: dict[str, Any]) -> str:
    return (parsed.get("intent") or {}).get("name") or ""


def _entities(parsed: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for one in parsed.get("entities") or ():
        found.setdefault(one["entity"], []).append(str(one["value"]))
    return {kind: tuple(values) for kind, values in found.items()}


def _ranking(parsed: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    return tuple((row["name"], row["confidence"]) for row in parsed.get("intent_ranking") or ())


def _said(state: dict[str, Any]) -> tuple[Said, ...]:
    """All messages of the present talk but the one that is being answered, the latest first."""
    events = list(state.get("events") or ())
    places = [place for place, event in enumerate(events) if event.get("event") == "user"]
    # After a long pause the talk begins anew (bot/rasa_side/pauses.py): nothing from before it is gone on with, or said again.
    anew = next((place for place in reversed(places) if (events[place].get("metadata") or {}).get("anew")), 0)
    places = [place for place in places if place >= anew]
    found = []
    for place, end in pairwise(places):
        parsed = events[place].get("parse_data") or {}
        actions = [str(one.get("name")) for one in events[place:end] if one.get("event") == "action" and one.get("name") != "action_listen"]
        replies = [event for event in events[place:end] if event.get("event") == "bot"]
        shown = [one for event in replies for one in (event.get("data") or {}).get("buttons") or ()]
        found.append(
            Said(
                _intent(parsed),
                str(events[place].get("text") or ""),
                _entities(parsed),
                _ranking(parsed),
                actions[-1] if actions else "",
                tuple(str(event.get("text") or "") for event in replies),
                tuple(Button(str(one.get("title")), str(one.get("payload"))) for one in shown),
                bool(parsed.get("safety") or parsed.get("perhaps_safety")),
            )
        )
    return tuple(reversed(found))


def _answered_in(state: dict[str, Any]) -> str | None:
    """The language of the last reply."""
    for event in reversed(state.get("events") or ()):
        if event.get("event") == "bot":
            return base_code((event.get("metadata") or {}).get("language"))
    return None


def _let_go(slots: dict[str, Any], message: dict[str, Any], guess: dict[str, Any]) -> str | None:
    """The chosen language, where the person has clearly gone on in another one that is served; never in a crisis, which has both."""
    chosen = base_code(slots.get("language_choice"))
    now = base_code(guess.get("code"))
    if not chosen or now == chosen or now not in served() or not guess.get("clear"):
        return None
    if message.get("safety") or message.get("perhaps_safety"):
        return None
    words = len(str(message.get("text") or "").split())
    return chosen if words >= _SENTENCE or _intent(message) == _NOT_UNDERSTOOD else None


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


def _last_metadata(state: dict[str, Any]) -> dict[str, Any]:
    """Rasa keeps the channel's metadata with the event, not always with the message."""
    for event in reversed(state.get("events") or ()):
        if event.get("event") == "user":
            return event.get("metadata") or {}
    return {}
