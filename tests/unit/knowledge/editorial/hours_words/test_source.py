"""What an editor is shown to edit is read back as the same hours, in every language."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings

from knowledge.documents.models import ServiceAtModel
from knowledge.domain.hours import HoursException, HoursRule, OpeningHours
from knowledge.editorial.hours_words import ParsedHours, hours_source, parse_hours
from knowledge.editorial.hours_words.given import opening_hours
from tests.factories import day_and_night, rule
from tests.factories import hours as some_hours
from tests.unit.knowledge.editorial.hours_words.shorthand import TODAY
from tests.unit.knowledge.editorial.hours_words.strategies import LANGUAGES, hours, languages

JUNE, AUGUST = date(2027, 6, 1), date(2027, 8, 31)


def as_hours(parsed: ParsedHours) -> OpeningHours:
    assert parsed.closed_on_holidays is not None
    return opening_hours(
        ServiceAtModel(location="x", hours=parsed.rules, exceptions=parsed.exceptions, closed_on_holidays=parsed.closed_on_holidays)
    )


def in_any_order(given_hours: OpeningHours) -> tuple[list[str], tuple[HoursException, ...], bool]:
    rules = sorted(str((sorted(one.days), one.opens, one.closes, one.valid_from, one.valid_to)) for one in given_hours.rules)
    return rules, given_hours.exceptions, given_hours.closed_on_holidays


@settings(max_examples=300, deadline=None)
@given(hours, languages, languages)
@example(day_and_night(), "uk", "ar")
@example(OpeningHours((HoursRule(frozenset((0,)), 0, 30, JUNE, JUNE),)), "en", "de")
@example(OpeningHours((HoursRule(frozenset((4,)), 1320, 1440), HoursRule(frozenset((5,)), 0, 120))), "fr", "de")
def test_any_hours_are_read_back_the_same_whatever_the_language(given_hours: OpeningHours, written: str, read: str) -> None:
    text = hours_source(given_hours, written)
    assert in_any_order(as_hours(parse_hours(text, read, TODAY))) == in_any_order(given_hours)


@pytest.mark.parametrize("language", LANGUAGES)
def test_usual_hours_are_read_back_without_any_remark(language: str) -> None:
    usual = some_hours(
        rule("08:30", "12:30"),
        rule("13:30", "16:00", "monday", "tuesday"),
        rule("10:00", "14:00", "saturday"),
        exceptions=[HoursException(date(2026, 12, 24)), HoursException(date(2026, 12, 31), 600, 720)],
    )
    parsed = parse_hours(hours_source(usual, language), language, TODAY)
    assert parsed.problems == []
    assert as_hours(parsed) == usual


def test_a_season_is_written_as_it_was_said_and_not_as_the_pieces_it_is_kept_in() -> None:
    parsed = parse_hours("Mo-Fr 9-17, 1.6.2027-31.8.2027 Mo-Fr 9-11", "de", TODAY)
    assert len(parsed.rules) == 3
    at = ServiceAtModel(location="x", hours=parsed.rules, closed_on_holidays=True)
    assert hours_source(at, "en").splitlines() == [
        "Monday - Friday 9:00-17:00",
        "from 1 June 2027 to 31 August 2027: Monday - Friday 9:00-11:00",
        "closed on public holidays",
    ]


def test_hours_that_are_added_in_a_season_are_marked_so_that_they_replace_nothing() -> None:
    added = some_hours(rule("09:00", "12:00"), rule("18:00", "20:00", "monday", valid_from=JUNE, valid_to=AUGUST))
    text = hours_source(added, "en")
    assert "also from 1 June 2027 to 31 August 2027: Monday 18:00-20:00" in text
    assert as_hours(parse_hours(text, "en", TODAY)) == added


def test_a_night_is_one_time_and_a_closed_week_one_line() -> None:
    nights = OpeningHours(
        (HoursRule(frozenset((4, 5)), 1320, 1440), HoursRule(frozenset((5, 6)), 0, 120)),
        tuple(HoursException(date(2026, 12, day)) for day in range(24, 31)),
    )
    assert hours_source(nights, "en").splitlines() == [
        "Friday - Saturday 22:00-2:00",
        "from 24 December 2026 to 30 December 2026: closed",
        "closed on public holidays",
    ]
