"""Schedules of others: what is a plain weekly rule is taken, everything else is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.exchange.hsds.reading.account import Account, Row
from knowledge.exchange.hsds.reading.hours import Hours, ScheduleReader
from knowledge.exchange.hsds.reading.tables_read import TablesRead

TODAY = date(2026, 11, 9)


def read(*schedules: dict[str, str]) -> tuple[Hours, Account]:
    """The hours in these schedules, and the account."""
    account = Account()
    rows = [Row("schedule", {"id": f"schedule-{number}", **values}, "schedules.csv", number) for number, values in enumerate(schedules, 2)]
    found = ScheduleReader(TablesRead(), account, TODAY).read(rows, (), ours=False)
    account.close()
    return found, account


def weekly(**values: str) -> dict[str, str]:
    """Monday and Tuesday from nine to five."""
    return {"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"} | values


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (weekly(), [(["monday", "tuesday"], "09:00", "17:00")]),
        (weekly(opens_at="09:00:00", closes_at="17:00:00"), [(["monday", "tuesday"], "09:00", "17:00")]),
        (weekly(opens_at="9:00-05:00", closes_at="17:00-05:00"), [(["monday", "tuesday"], "09:00", "17:00")]),
        (weekly(freq="", interval="1"), [(["monday", "tuesday"], "09:00", "17:00")]),
        (weekly(byday="su, mo"), [(["monday", "sunday"], "09:00", "17:00")]),
        (weekly(byday="", dtstart="2026-11-11"), [(["wednesday"], "09:00", "17:00")]),
        (weekly(opens_at="00:00", closes_at="23:59"), [(["monday", "tuesday"], "00:00", "24:00")]),
        (weekly(opens_at="00:00", closes_at="00:00"), [(["monday", "tuesday"], "00:00", "24:00")]),
        (
            weekly(byday="SA,SU", opens_at="22:00", closes_at="06:00"),
            [(["saturday", "sunday"], "22:00", "24:00"), (["monday", "sunday"], "00:00", "06:00")],
        ),
    ],
)
def test_given_a_plain_weekly_schedule_then_it_becomes_rules(schedule: dict[str, str], expected: list[Any]) -> None:
    found, account = read(schedule)
    assert [(rule["days"], rule["opens"], rule["closes"]) for rule in found.rules] == expected
    assert not account.rejected and not account.skipped


def test_given_a_season_then_the_rule_has_it() -> None:
    found, _ = read(weekly(valid_from="2026-05-01", dtstart="2026-06-01", valid_to="2027-09-30", until="2027-08-31"))
    assert (found.rules[0]["valid_from"], found.rules[0]["valid_to"]) == (date(2026, 6, 1), date(2027, 8, 31))


@pytest.mark.parametrize(
    "schedule",
    [weekly(byday="", dtstart="2026-12-24", count="1"), weekly(byday="TH", valid_from="2026-12-24", valid_to="2026-12-24")],
)
def test_given_a_single_day_then_it_is_an_exception(schedule: dict[str, str]) -> None:
    found, _ = read(schedule)
    assert found.exceptions == [{"date": date(2026, 12, 24), "opens": "09:00", "closes": "17:00"}]
    assert not found.rules


@pytest.mark.parametrize(
    ("schedule", "key"),
    [
        (weekly(interval="2"), "hsds.skipped.schedule"),
        (weekly(freq="MONTHLY", byday="2MO"), "hsds.skipped.schedule"),
        (weekly(bymonthday="1,15"), "hsds.skipped.schedule"),
        (weekly(byweekno="41"), "hsds.skipped.schedule"),
        (weekly(count="3"), "hsds.skipped.schedule"),
        (weekly(byday="FR", valid_from="2026-12-24", valid_to="2026-12-24"), "hsds.skipped.schedule"),
        (weekly(byday=""), "hsds.skipped.no_days"),
        (weekly(valid_to="2025-12-31"), "hsds.skipped.over"),
        ({"description": "Weekdays, ring first"}, "hsds.skipped.no_times"),
    ],
)
def test_given_hours_that_we_cannot_keep_exactly_then_they_are_left_out_and_told(schedule: dict[str, str], key: str) -> None:
    found, account = read(schedule)
    assert found == Hours()
    assert [one.key for one in account.skipped] == [key]


@pytest.mark.parametrize(
    ("schedule", "key"),
    [
        (weekly(opens_at="nine"), "hsds.rejected.times"),
        (weekly(closes_at="25:00"), "hsds.rejected.times"),
        (weekly(closes_at="09:00"), "hsds.rejected.times"),
        (weekly(valid_from="2027-01-01", valid_to="2026-12-01"), "hsds.rejected.season"),
    ],
)
def test_given_hours_that_are_wrong_then_they_are_rejected(schedule: dict[str, str], key: str) -> None:
    found, account = read(schedule)
    assert found == Hours()
    assert [one.key for one in account.rejected] == [key]


def test_given_times_in_utc_then_they_are_kept_with_a_remark() -> None:
    found, account = read(weekly(opens_at="09:00Z", closes_at="17:00Z"), weekly(opens_at="09:00Z", closes_at="17:00Z", byday="FR"))
    assert [rule["opens"] for rule in found.rules] == ["09:00", "09:00"]
    assert [one.key for one in account.notices] == ["hsds.notice.utc"]
