"""The vocabulary and the messages."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.editorial.hours_words import Problem, problem_words
from knowledge.editorial.hours_words.folding import fold_word
from knowledge.editorial.hours_words.parsed import NOTICES, PROBLEMS
from knowledge.editorial.hours_words.vocabulary import Kind, listed, phrases
from locales.catalogue import catalogue, placeholders
from tests.unit.knowledge.editorial.hours_words.strategies import LANGUAGES

FIELDS = {
    "text": "Mo 9-5", "date": date(2026, 12, 24), "days": frozenset((0, 1, 2, 3, 4)), "opens": 540, "closes": 1020, "time": 540,
    "season": (date(2026, 6, 1), date(2026, 8, 31)), "most": "5000",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(NOTICES | PROBLEMS))
def test_every_remark_has_words_in_every_language_with_all_its_fields(language: str, key: str) -> None:
    words = catalogue(language)[f"hours.problem.{key}"]
    assert placeholders(words) <= set(FIELDS)
    said = problem_words(Problem(key, FIELDS, 0, 6), language)
    assert "{" not in said
    assert "2026-" not in said
    assert "frozenset" not in said


def test_a_remark_tells_dates_days_and_times_in_the_words_of_the_reader() -> None:
    assert problem_words(Problem("season_replaces", FIELDS, 0, 6), "en") == (
        "“Mo 9-5”: these hours hold from 1 June 2026 to 31 August 2026, in place of the usual ones."
    )
    assert problem_words(Problem("days_assumed", FIELDS, 0, 6), "de") == "„Mo 9-5“ wurde als Montag bis Freitag verstanden."
    assert problem_words(Problem("afternoon_assumed", FIELDS, 0, 6), "tr") == "“Mo 9-5” 9:00–17:00 olarak okundu."


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_means_two_things_in_one_language(language: str) -> None:
    document = listed(language)
    entries = [(fold_word(entry).removesuffix("."), name) for name, words in document["words"].items() for entry in words]
    entries += [
        (fold_word(entry), f"{group}.{name}") for group in ("days", "months") for name, words in document[group].items() for entry in words
    ]
    meant: dict[str, set[str]] = {}
    for entry, name in entries:
        meant.setdefault(entry, set()).add(name)
    assert {entry: names for entry, names in meant.items() if len(names) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_days_and_months_in_full_are_clear_in_every_language(language: str) -> None:
    """The source that editors are shown uses them, so that it can be read in another language too."""
    for ones in phrases().values():
        for phrase in ones:
            kinds = {(meaning.kind, meaning.number) for meaning in phrase.meanings.values()}
            if phrase.whole and language in phrase.meanings and phrase.meanings[language].kind in (Kind.DAYS, Kind.MONTH):
                assert len(kinds) == 1, (phrase.text, kinds)
