"""Who asks for a person: whoever can be reached at this moment first, then the counter with its hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from actions.after_crisis import helplines_now
from actions.information_point import information_point_message
from actions.turn import Turn
from knowledge.api import KnowledgeApi
from knowledge.domain.errors import KnowledgeError
from knowledge.domain.hours import OpenState
from knowledge.replies.parts import Message
from knowledge.replies.safety import EMERGENCY_NUMBER, line_words, reachable_message
from knowledge.replies.service_card import nearest
from locales.catalogue import say

# Helplines that are for anybody who cannot wait, whatever it is about.
_ANYBODY = "safety.danger"


def people_in_a_crisis(turn: Turn, api: KnowledgeApi, kind: str) -> Iterable[Message]:
    """The helplines that answer now: a counter that opens tomorrow is no help tonight."""
    yield reachable_message(kind, turn.language, *helplines_now(turn, api, kind))
    try:
        yield information_point_message(turn, api, "human")
    except KnowledgeError:
        # The numbers above have to arrive in any case.
        return


def people(turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
    """The counter; while it is closed, who answers the phone at this hour, if anybody does."""
    message = information_point_message(turn, api, "human")
    point = api.information_point(turn.language, municipality=turn.municipality)
    place = nearest(point) if point else None
    if place is not None and place.open_now.state is OpenState.CLOSED:
        lines, now = helplines_now(turn, api, _ANYBODY)
        there = [line for line in lines if line.reachable and line.number != EMERGENCY_NUMBER]
        if there:
            listed = "\n".join(line_words(line, now, turn.language) for line in there)
            message = replace(message, text=f"{message.text}\n\n{say('human.closed', turn.language)}\n{listed}")
    yield message
