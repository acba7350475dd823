"""The information point, where people help who have time: the way out wherever there is no answer, and then the editors hear of it."""

from __future__ import annotations

from actions.turn import Turn
from knowledge.api import KnowledgeApi
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.replies.parts import Button, Message, button, payload
from knowledge.replies.service_card import service_data, short_card
from locales.catalogue import say

_NOTHING_FITS = ("fallback.none", "answer.none")


def note_unanswered(turn: Turn, api: KnowledgeApi, text: str) -> None:
    """Let the editors know of a question that found no answer; never of one that may speak of a crisis, and never of a button."""
    crisis = turn.safety or turn.perhaps_safety or turn.noticed or turn.topic in CRISIS_TOPICS or turn.intent in CRISIS_TOPICS
    if text and not text.startswith("/") and not crisis and not turn.intent.startswith("follow_up."):
        api.note_unanswered(text, turn.spoken, municipality=turn.municipality)


def information_point_message(turn: Turn, api: KnowledgeApi, key: str) -> Message:
    """Words under `key`, and the information point: where people help who have time."""
    if key in _NOTHING_FITS and not turn.pressed:
        note_unanswered(turn, api, turn.text)
    point = api.information_point(turn.language, municipality=turn.municipality)
    blocks = [say(key, turn.language)]
    if point is None:
        turn.remember(shown_services=[])
        return Message(turn.language, text=blocks[0], buttons=(button("menu", turn.language, payload("help")),))
    turn.remember(shown_services=[point.id])
    now = api.now(turn.municipality)
    card = short_card(point, turn.language, now)
    blocks.append(card)
    return Message(
        turn.language,
        text="\n\n".join(blocks),
        buttons=(
            Button(say("button.details", turn.language), payload("contact", service=point.id)),
            button("menu", turn.language, payload("help")),
        ),
        custom={"services": [service_data(point, turn.language, now, card=card)]},
    )
