"""Words that stand next to a number take the form that the number needs, by the rules of each language."""

from __future__ import annotations

import pytest

from knowledge.replies.times import kept_words
from locales.catalogue import catalogue, placeholders, plurals, say

COMPLETE = ("en", "de", "fr", "uk", "ar", "tr")


@pytest.mark.parametrize(
    ("language", "weeks", "expected"),
    [
        ("en", 1, "Waiting list: about 1 week"),
        ("en", 17, "Waiting list: about 17 weeks"),
        ("de", 1, "Warteliste: etwa 1 Woche"),
        ("de", 17, "Warteliste: etwa 17 Wochen"),
        ("fr", 1, "Liste d’attente\u00a0: environ 1 semaine"),
        ("fr", 2, "Liste d’attente\u00a0: environ 2 semaines"),
        ("uk", 1, "Є черга: чекати приблизно 1 тиждень"),
        ("uk", 3, "Є черга: чекати приблизно 3 тижні"),
        ("uk", 12, "Є черга: чекати приблизно 12 тижнів"),
        ("uk", 17, "Є черга: чекати приблизно 17 тижнів"),
        ("uk", 21, "Є черга: чекати приблизно 21 тиждень"),
        ("ar", 1, "قائمة انتظار: حوالي أسبوع واحد"),
        ("ar", 2, "قائمة انتظار: حوالي أسبوعين"),
        ("ar", 3, "قائمة انتظار: حوالي 3 أسابيع"),
        ("ar", 17, "قائمة انتظار: حوالي 17 أسبوعاً"),
        ("tr", 1, "Bekleme listesi: yaklaşık 1 hafta"),
        ("tr", 17, "Bekleme listesi: yaklaşık 17 hafta"),
    ],
)
def test_a_number_takes_the_form_it_needs(language: str, weeks: int, expected: str) -> None:
    assert say("capacity.wait", language, weeks=weeks) == expected


@pytest.mark.parametrize(
    ("language", "days", "expected"),
    [
        ("en", 1, "1 day"), ("de", 1, "1 Tag"), ("fr", 1, "1 jour"), ("tr", 1, "1 gün"),
        ("uk", 1, "1 день"), ("uk", 3, "3 дні"), ("uk", 14, "14 днів"), ("uk", 21, "21 день"), ("uk", 30, "30 днів"),
        ("ar", 1, "يوم واحد"), ("ar", 2, "يومين"), ("ar", 7, "7 أيام"), ("ar", 30, "30 يوماً"), ("ar", 100, "100 يوم"),
    ],
)  # fmt: skip
def test_so_does_the_time_for_which_a_talk_is_kept(language: str, days: int, expected: str) -> None:
    time = kept_words(days, language)
    assert time == expected
    assert time in say("intro", language, city="Ankerstadt", time=time)
    assert say("privacy", language, time=time).count(time) == 2


def test_without_a_number_the_words_are_still_said() -> None:
    """A field that the code forgot must not silence anybody."""
    assert say("capacity.wait", "de") == "Warteliste: etwa  Wochen"


def test_a_language_without_these_words_takes_them_and_their_rule_from_its_fallback() -> None:
    assert say("capacity.wait", "so", weeks=1) == "Waiting list: about 1 week"


@pytest.mark.parametrize("code", COMPLETE)
def test_every_number_of_a_year_has_its_words_in_every_language(code: str) -> None:
    assert set(plurals(code)) == set(plurals("en"))
    for key, changing in plurals(code).items():
        assert all(placeholders(form) <= placeholders(catalogue("en")[key]) for form in changing.forms), key
        used = {changing.form(number) for number in range(366)}
        assert used == set(changing.forms), key
