"""A service in a few lines: facts that share a line, and lists in the reader's way of writing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from knowledge.domain.records import Closure
from knowledge.replies.service_card import language_names, short_card
from knowledge.views import ServiceView
from tests.factories import MONDAY, knowledge, service
from tests.unit.doors import NOON, door


def viewed(language: str, *, closed: Closure | None = None, speaks: tuple[str, ...] = ("de", "ar", "tr")) -> ServiceView:
    """A service with a place, as somebody who reads `language` sees it."""
    one = service("s", speaks=speaks)
    found = door(knowledge(replace(one, closed=closed))).service("s", language)
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["en", "de", "fr", "uk", "ar", "tr"])
def test_given_a_closure_then_no_full_stop_stands_before_the_dot(language: str) -> None:
    card = short_card(viewed(language, closed=Closure(MONDAY, date(2026, 11, 27)), speaks=(language,)), language, NOON)
    line = next(one for one in card.splitlines() if " · " in one)
    assert ". ·" not in line


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "German, Arabic, and Turkish"), ("de", "Deutsch, Arabisch und Türkisch"), ("ar", "الألمانية والعربية والتركية")],
)
def test_languages_are_listed_as_the_reader_lists_things(language: str, said: str) -> None:
    assert language_names(viewed(language), language) == said
