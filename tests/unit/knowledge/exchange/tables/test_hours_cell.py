"""Opening hours in one cell: one form, back and forth without loss, with the German names of days understood."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.domain.hours import WEEKDAYS, format_minute
from knowledge.exchange.tables.hours_cell import Hours, format_days, format_hours, parse_days, parse_hours_cell
from knowledge.exchange.tables.problems import Problem

WORKING = list(WEEKDAYS[:5])


def a_rule(days: list[str], opens: str, closes: str, **season: date) -> dict[str, Any]:
    return {"days": days, "opens": opens, "closes": closes, **season}


def test_the_form_of_the_contract_is_read_and_written() -> None:
    text = (
        "Mo-Fr 09:00-12:00, 14:00-18:00; 2026-06-01..2026-08-31 Mo 09:00-11:00; 2026-12-24 closed; 2026-12-31 09:00-10:00; holidays: open"
    )
    hours = parse_hours_cell(text)
    assert hours.rules == [
        a_rule(WORKING, "09:00", "12:00"),
        a_rule(WORKING, "14:00", "18:00"),
        a_rule(["monday"], "09:00", "11:00", valid_from=date(2026, 6, 1), valid_to=date(2026, 8, 31)),
    ]
    assert hours.exceptions == [
        {"date": date(2026, 12, 24), "closed": True},
        {"date": date(2026, 12, 31), "opens": "09:00", "closes": "10:00"},
    ]
    assert not hours.closed_on_holidays
    assert format_hours(hours.rules, hours.exceptions, hours.closed_on_holidays) == text


def test_nothing_known_is_an_empty_cell() -> None:
    assert format_hours([], [], True) == ""
    assert parse_hours_cell("") == Hours()


def test_around_the_clock_includes_public_holidays() -> None:
    hours = parse_hours_cell("24/7")
    assert (hours.rules, hours.closed_on_holidays) == ([a_rule(list(WEEKDAYS), "00:00", "24:00")], False)
    assert parse_hours_cell("24/7; holidays: closed").closed_on_holidays


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mo-We, Fr", ["monday", "tuesday", "wednesday", "friday"]),
        ("Di und Do", ["tuesday", "thursday"]),
        ("Montag bis Mittwoch", ["monday", "tuesday", "wednesday"]),
        ("Sa-Mo", ["monday", "saturday", "sunday"]),
        ("Mi.", ["wednesday"]),
        ("tue, thu", ["tuesday", "thursday"]),
    ],
)
def test_days_are_read_in_english_and_german(text: str, days: list[str]) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Mo-Fr vormittags", "hours"),
        ("Xx 09:00-10:00", "weekday"),
        ("Mo 25:00-26:00", "time"),
        ("2026-02-30 closed", "date"),
        ("9-12", "hours"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, key: str) -> None:
    with pytest.raises(Problem) as raised:
        parse_hours_cell(f"Mo 08:00-09:00; {text}")
    assert raised.value.key == f"tables.problem.{key}"
    assert str(raised.value.fields["value"]) in text


DAYS = st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(lambda days: sorted(days, key=WEEKDAYS.index))
SPANS = st.tuples(st.integers(0, 1439), st.integers(0, 1440)).filter(lambda span: span[0] < span[1])
SEASON = st.fixed_dictionaries({}, optional={"valid_from": st.dates(date(2000, 1, 1)), "valid_to": st.dates(date(2000, 1, 1))})
RULES = st.builds(lambda days, span, season: a_rule(days, format_minute(span[0]), format_minute(span[1]), **season), DAYS, SPANS, SEASON)
EXCEPTIONS = st.one_of(
    st.builds(lambda day: {"date": day, "closed": True}, st.dates(date(2000, 1, 1))),
    st.builds(
        lambda day, span: {"date": day, "opens": format_minute(span[0]), "closes": format_minute(span[1])},
        st.dates(date(2000, 1, 1)),
        SPANS,
    ),
)


@given(st.lists(RULES, max_size=6), st.lists(EXCEPTIONS, max_size=4), st.booleans())
def test_hours_come_back_exactly(rules: list[dict[str, Any]], exceptions: list[dict[str, Any]], closed: bool) -> None:
    assert parse_hours_cell(format_hours(rules, exceptions, closed)) == Hours(rules, exceptions, closed)


@given(DAYS)
def test_days_come_back_exactly(days: list[str]) -> None:
    assert parse_days(format_days(days)) == days
