"""Whoever reads something that nobody has checked for long is told so, from an age on that the city chooses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from knowledge.api import KnowledgeApi
from knowledge.replies.answer import answer_message, part_message
from knowledge.replies.service_card import full_card, short_card
from locales.catalogue import catalogue, say
from tests.factories import MONDAY, article, knowledge, service
from tests.unit.doors import door

TOPIC = "registration.address"
LANGUAGES = ("en", "de", "fr", "uk", "ar", "tr")


def on(day: date, *, warn_days: int = 365) -> KnowledgeApi:
    """A desk on that day, with an answer and a service that were checked on MONDAY."""
    known = knowledge(article(TOPIC, checked_on=MONDAY), service("office", TOPIC, checked_on=MONDAY))
    noon = datetime(day.year, day.month, day.day, 11, 0, tzinfo=UTC)
    return door(known, noon, warn_days=warn_days)


def answer_words(api: KnowledgeApi, language: str) -> str:
    answer = api.answer(TOPIC, language)
    assert answer is not None
    return answer_message(answer, language, api.now()).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_older_than_the_limit_says_so_in_the_readers_language(language: str) -> None:
    api = on(MONDAY + timedelta(days=366))
    assert say("notice.old", language) in answer_words(api, language)
    assert catalogue(language)["notice.old"] != catalogue("en")["notice.old"] or language == "en"


def test_an_answer_as_old_as_the_limit_says_nothing() -> None:
    assert say("notice.old", "en") not in answer_words(on(MONDAY + timedelta(days=365)), "en")


def test_the_city_chooses_the_limit() -> None:
    day = MONDAY + timedelta(days=31)
    assert say("notice.old", "en") in answer_words(on(day, warn_days=30), "en")
    assert say("notice.old", "en") not in answer_words(on(day, warn_days=31), "en")


def test_with_zero_nobody_is_ever_warned() -> None:
    assert say("notice.old", "en") not in answer_words(on(MONDAY + timedelta(days=5000), warn_days=0), "en")


def test_a_part_of_an_old_answer_is_as_old() -> None:
    api = on(MONDAY + timedelta(days=400))
    answer = api.answer(TOPIC, "en")
    assert answer is not None
    assert say("notice.old", "en") in part_message(answer, "where", "en", api.now()).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_old_service_says_so_on_both_cards(language: str) -> None:
    api = on(MONDAY + timedelta(days=400))
    found = api.service("office", language)
    assert found is not None
    assert say("notice.old_service", language) in short_card(found, language, api.now())
    assert say("notice.old", language) in full_card(found, language, api.now(), MONDAY)


def test_a_service_without_a_checked_date_carries_no_warning_of_its_age() -> None:
    known = knowledge(service("office", TOPIC, checked_on=None))
    found = door(known).service("office", "en")
    assert found is not None
    assert not found.old
