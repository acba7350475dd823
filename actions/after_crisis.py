"""As long as a crisis is what the talk is about: short words and words that nobody understood lead back to help, never to a menu.

Also what "perhaps a crisis" does to the answer below it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from actions.erasing import ASKED, TOLD, ask_to_erase
from actions.turn import Turn
from knowledge.api import KnowledgeApi
from knowledge.domain.errors import KnowledgeError
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.replies.answer import part_message
from knowledge.replies.erasing import wants_erasing
from knowledge.replies.parts import Message, button, payload
from knowledge.replies.safety import calm_message, safety_messages
from knowledge.views import HelplineView
from locales.catalogue import say

log = structlog.get_logger(__name__)

_SHORT = frozenset({"affirm", "deny", "thank", "goodbye", "feedback_good"})
_LOST = frozenset({"help", "nlu_fallback", "out_of_scope", "feedback_bad"})
# Acts that are no answer to somebody who is perhaps in danger: "goodbye" below the emergency number would be a mockery.
_NO_ANSWER = frozenset({"goodbye", "thank", "greet", "out_of_scope", "affirm", "deny"})
# Short words within a conversation ("with my two children") are nearly never a crisis; for them more is asked than for other messages.
_WITHIN = frozenset({"affirm", "deny", "privacy", "change_language", "repeat"})
_WITHIN_FROM = 0.15


def crisis_of(turn: Turn) -> str | None:
    """The crisis that was talked about before this message, if it is still the topic."""
    return turn.topic if turn.topic in CRISIS_TOPICS else None


def perhaps_kind(turn: Turn) -> str | None:
    """The crisis that this message is perhaps about."""
    found = turn.perhaps_safety or {}
    kind = str(found.get("kind") or "")
    within = turn.intent in _WITHIN or turn.intent.startswith("follow_up.")
    if kind not in CRISIS_TOPICS or (within and float(found.get("probability") or 0) < _WITHIN_FROM):
        return None
    return kind


def instead_of_the_act(turn: Turn, api: KnowledgeApi) -> list[Message] | None:
    """What is said in place of the act that was understood; None where it is right as it is."""
    perhaps = perhaps_kind(turn)
    kind = crisis_of(turn)
    # While a crisis is talked about, its steps say more than the question what has happened.
    steps_are_better = kind is not None and turn.intent in _LOST
    if perhaps and perhaps != turn.topic and turn.intent in _NO_ANSWER and not steps_are_better:
        return [Message(turn.language, text=say("perhaps.tell", turn.language))]
    # A button is pressed on purpose ("All topics"), and a question that was asked last is answered first.
    if kind is None or turn.pressed or (turn.intent == "affirm" and turn.slots.get("last_reply") in (ASKED, TOLD)):
        return None
    if turn.intent in _SHORT:
        return [calm_message(kind, turn.language, *helplines_now(turn, api, kind))]
    if turn.intent in _LOST:
        return [ask_to_erase(turn) if wants_erasing(turn.text) else _steps(turn, api, kind)]
    return None


def with_a_person(turn: Turn, messages: list[Message]) -> list[Message]:
    """A part of an answer about a crisis has a person beside it, as the crisis reply had."""
    kind = crisis_of(turn)
    about_it = turn.intent in ("choose", "repeat") or turn.intent.startswith("follow_up.")
    if kind is None or not about_it or turn.new_slots.get("topic", kind) != kind or not messages:
        return messages
    return [*messages[:-1], _person_first(messages[-1], kind, turn.language)]


def _person_first(message: Message, kind: str, language: str) -> Message:
    return replace(message, buttons=(button("human", language, payload("human", topic=kind)), *message.buttons))


def helplines_now(turn: Turn, api: KnowledgeApi, kind: str) -> tuple[tuple[HelplineView, ...], datetime | None]:
    """The numbers for `kind`, and the time there; without numbers where the knowledge cannot be read, since 112 needs none."""
    try:
        return api.helplines(kind, turn.language, municipality=turn.municipality), api.now(turn.municipality)
    except KnowledgeError as error:
        log.warning("safety.no_helplines", key=error.key)
        return (), None


def _steps(turn: Turn, api: KnowledgeApi, kind: str) -> Message:
    lines, now = helplines_now(turn, api, kind)
    answer = api.answer(kind, turn.language, municipality=turn.municipality) if now else None
    if answer is None or now is None or "steps" not in answer.texts:
        return safety_messages(kind, (turn.language,), lines, now, again=True)[0]
    turn.remember(shown_services=[service.id for service in answer.services])
    return _person_first(part_message(answer, "steps", turn.language, now), kind, turn.language)
