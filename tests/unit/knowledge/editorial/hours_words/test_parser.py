"""What editors type, and which hours are meant. The tables in ``cases`` are read as the specification of the parser."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents.models import ServiceAtModel
from knowledge.editorial.hours_words import parse_hours
from knowledge.editorial.hours_words.parser import LONGEST_TEXT
from tests.calls import calls
from tests.unit.knowledge.editorial.hours_words.shorthand import TODAY, shorthand
from tests.unit.knowledge.editorial.hours_words.strategies import LANGUAGES, languages

CASES = Path(__file__).parent / "cases"
LEAST = 25


def table(name: str) -> list[list[str]]:
    rows: list[list[str]] = yaml.safe_load((CASES / f"{name}.yml").read_text(encoding="utf-8"))
    return rows


TYPED = [(language, *row) for language in LANGUAGES for row in table(language)] + [tuple(row) for row in table("mixed")]
PIECES = [piece for _, text, _ in TYPED for piece in text.replace(",", " , ").split(" ")]


@pytest.mark.parametrize(("language", "text", "meant"), TYPED)
def test_hours_are_read_as_they_are_meant(language: str, text: str, meant: str) -> None:
    assert shorthand(parse_hours(text, language, TODAY)) == meant


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_table_of_real_looking_inputs(language: str) -> None:
    assert len(table(language)) >= LEAST


@pytest.mark.parametrize(("language", "text", "meant"), TYPED)
def test_capital_letters_wide_spaces_and_signs_of_direction_change_nothing(language: str, text: str, meant: str) -> None:
    dressed = "\u200f  " + text.replace(" ", "\u00a0 ") + " \u200e"
    plain, other = parse_hours(text, language, TODAY), parse_hours(dressed, language, TODAY)
    assert (other.rules, other.exceptions, other.closed_on_holidays) == (plain.rules, plain.exceptions, plain.closed_on_holidays)
    assert [one.key for one in other.problems] == [one.key for one in plain.problems]


class TestProblems:
    def test_a_word_that_is_not_understood_is_marked_where_it_stands(self) -> None:
        text = "Mo-Fr 9-12 (Bürgerbüro), Sa 10-14"
        (problem,) = parse_hours(text, "de", TODAY).problems
        assert problem.key == "unknown_word"
        assert text[problem.start : problem.end] == "Bürgerbüro"
        assert not problem.notice

    def test_places_are_those_of_the_text_that_was_typed_whatever_signs_it_has(self) -> None:
        text = "\u200fالاثنين  ٩–١٢ ،  قطة\r\nالثلاثاء ٩–١٢"
        (problem,) = parse_hours(text, "ar", TODAY).problems
        assert text[problem.start : problem.end] == "قطة"

    def test_what_was_understood_is_kept_beside_what_was_not(self) -> None:
        parsed = parse_hours("Mon 9-12\nblah blah\nTue 14-18", "en", TODAY)
        assert shorthand(parsed) == "Mo 09:00-12:00; Tu 14:00-18:00; ! unknown_word 'blah blah'"
        assert not parsed.complete

    def test_a_choice_that_was_made_is_told_and_loses_nothing(self) -> None:
        parsed = parse_hours("24.12. geschlossen", "de", TODAY)
        assert [one.key for one in parsed.problems] == ["year_assumed"]
        assert parsed.problems[0].fields["date"] == date(2026, 12, 24)
        assert parsed.complete

    def test_what_is_not_weekly_never_becomes_weekly(self) -> None:
        for language, text in (
            ("en", "Every second Friday 9-12"),
            ("de", "Jeden 2. und 4. Freitag im Monat 9-12"),
            ("fr", "Le dernier vendredi du mois 9h-12h"),
            ("uk", "Кожен другий понеділок 9-12"),
            ("ar", "آخر جمعة من كل شهر 9-12"),
            ("tr", "Ayın son Cuma günü 9-12"),
        ):
            parsed = parse_hours(text, language, TODAY)
            assert (parsed.rules, parsed.complete) == ([], False), text

    def test_a_text_that_is_too_long_is_read_to_its_limit(self) -> None:
        parsed = parse_hours("Mo 9-12\n" + "x" * LONGEST_TEXT, "de", TODAY)
        assert len(parsed.rules) == 1
        assert (parsed.problems[-1].key, parsed.problems[-1].start) == ("too_long", LONGEST_TEXT)

    def test_nothing_typed_is_nothing_said(self) -> None:
        assert shorthand(parse_hours("  \n ", "de", TODAY)) == ""


class TestDates:
    @pytest.mark.parametrize(
        ("today", "day"),
        [(date(2026, 12, 23), date(2026, 12, 24)), (date(2026, 12, 24), date(2026, 12, 24)), (date(2026, 12, 25), date(2027, 12, 24))],
    )
    def test_a_day_without_a_year_is_the_next_one(self, today: date, day: date) -> None:
        assert parse_hours("24.12. geschlossen", "de", today).exceptions[0].date == day

    @pytest.mark.parametrize(
        ("today", "first"),
        [(date(2026, 2, 1), date(2025, 10, 1)), (date(2026, 4, 1), date(2026, 10, 1)), (date(2026, 11, 1), date(2026, 10, 1))],
    )
    def test_a_season_over_new_year_is_the_one_that_is_now_or_next(self, today: date, first: date) -> None:
        (rule,) = parse_hours("1.10.-31.3. Mo-Fr 9-16", "de", today).rules
        assert rule.valid_from == first

    def test_a_year_at_the_end_of_a_season_holds_for_its_beginning_too(self) -> None:
        (rule,) = parse_hours("1.10.-31.3.2029 Mo 9-16", "de", TODAY).rules
        assert (rule.valid_from, rule.valid_to) == (date(2028, 10, 1), date(2029, 3, 31))


words = st.lists(
    st.one_of(st.sampled_from(PIECES), st.sampled_from(["\n", ";", ",", "-", "9", "14:00", "(", ")", ":", "31.12.", "x"])), max_size=14
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(words.map(" ".join), st.text(max_size=60)), languages)
def test_no_text_is_too_strange(text: str, language: str) -> None:
    parsed = parse_hours(text, language, TODAY)
    ServiceAtModel(location="x", hours=parsed.rules, exceptions=parsed.exceptions)
    for problem in parsed.problems:
        assert 0 <= problem.start <= problem.end <= len(text)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TYPED), st.data())
def test_a_foreign_word_anywhere_is_always_told(row: tuple[str, str, str], data: st.DataObject) -> None:
    language, text, _ = row
    spaces = [place for place, sign in enumerate(text) if sign in " \n"]
    place = data.draw(st.sampled_from([0, len(text), *spaces]))
    mixed = f"{text[:place]} qwertzui {text[place:]}"
    at = place + 1
    found = [one for one in parse_hours(mixed, language, TODAY).problems if one.key == "unknown_word"]
    assert any(one.start <= at and at + len("qwertzui") <= one.end for one in found)


@pytest.mark.parametrize("piece", ["Mo,", "1.,", "9-", "(", "1.6.-", "Mo 9-12;", "außer ", "24 Dec and ", "\u0648"])
def test_a_text_of_one_kind_that_is_twice_as_long_is_about_twice_the_work(piece: str) -> None:
    half, whole = (piece * (length // len(piece)) for length in (LONGEST_TEXT // 2, LONGEST_TEXT))
    parse_hours(half, "de", TODAY)  # what is read once has been read
    assert calls(lambda: parse_hours(whole, "de", TODAY)) <= 3 * calls(lambda: parse_hours(half, "de", TODAY))
