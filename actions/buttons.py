"""Buttons that several journeys show: topics by the titles of their articles, languages by their own names."""

from __future__ import annotations

from collections.abc import Iterable

from actions.turn import Turn
from knowledge.api import KnowledgeApi
from knowledge.replies.parts import Button, payload
from locales.registry import languages


def topic_buttons(turn: Turn, api: KnowledgeApi, topics: Iterable[str]) -> tuple[Button, ...]:
    """A button for each topic that has an article, with the article's title."""
    found = ((topic, api.title(topic, turn.language, municipality=turn.municipality)) for topic in topics)
    return tuple(Button(title, payload("choose", topic=topic)) for topic, title in found if title)


def language_buttons(codes: Iterable[str]) -> tuple[Button, ...]:
    """One button a language, with its own name."""
    return tuple(Button(languages()[code].name, payload("change_language", language=code)) for code in codes)
