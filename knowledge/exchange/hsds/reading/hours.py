"""Schedules of HSDS as weekly rules and single days.

What is no plain weekly rule (every second week, the third Monday) is left out and told: hours that are nearly right send people to closed
doors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.domain.hours import WEEKDAYS, format_minute
from knowledge.exchange.hsds.reading.account import Account, Row
from knowledge.exchange.hsds.reading.tables_read import TablesRead
from knowledge.exchange.hsds.reading.values import clock, day, whole, yes
from knowledge.exchange.hsds.vocabulary import END_OF_DAY, LAST_MINUTE, weekdays

_LAST = END_OF_DAY - 1
_FINER_RULES = ("byweekno", "bymonthday", "byyearday")
_USED = (
    "service_id", "location_id", "service_at_location_id", "valid_from", "valid_to", "dtstart", "until", "timezone", "wkst", "freq",
    "interval", "count", "byday", "opens_at", "closes_at", "notes",
)  # fmt: skip


@dataclass
class Hours:
    """Weekly rules and exceptions in the form of documents."""

    rules: list[dict[str, Any]] = field(default_factory=list)
    exceptions: list[dict[str, Any]] = field(default_factory=list)


class ScheduleReader:
    """Reads schedules; those that were over before `today` are left out, except in our own exports."""

    def __init__(self, tables: TablesRead, account: Account, today: date) -> None:
        self._tables = tables
        self._account = account
        self._today = today

    def read(self, schedules: Iterable[Row], exceptions: Iterable[Row], *, ours: bool) -> Hours:
        """The hours that `schedules`, and `exceptions` of our profile, tell."""
        found = Hours()
        for row in schedules:
            self._schedule(row, found, ours)
        for row in exceptions:
            self._exception(row, found)
        return found

    def weekly(self, row: Row, *, ours: bool = True) -> list[dict[str, Any]]:
        """A row with days and times as one rule, or two where it runs past midnight; empty (and told) where it cannot be read."""
        days = weekdays(row.get("byday") or "")
        times = self._times(row, self._midnight(row), ours)
        if times is None:
            return []
        if not days:
            self._account.skip(row, "hsds.skipped.no_days")
            return []
        self._account.take(row)
        return _rules(days, *times, day(row.get("valid_from")), day(row.get("valid_to")))

    def _midnight(self, row: Row) -> bool:
        profile = self._tables.one("newcomer_schedule", row.id)
        if profile is not None and row.table == "schedule":
            self._account.take(profile)
        return bool(yes((profile or row).get("until_midnight")))

    def _times(self, row: Row, midnight: bool, ours: bool) -> tuple[int, int] | None:
        opens, closes = clock(row.get("opens_at")), clock(row.get("closes_at"))
        if opens is None or closes is None:
            if row.get("opens_at") or row.get("closes_at"):
                self._account.reject(row, "hsds.rejected.times", opens=row.get("opens_at") or "", closes=row.get("closes_at") or "")
            else:
                self._account.skip(row, "hsds.skipped.no_times", words=row.get("description") or "")
            return None
        if opens[1] or closes[1]:
            self._account.remark(row, "hsds.notice.utc")
        end = closes[0]
        last_minute = row.get("closes_at") == LAST_MINUTE if ours else end == _LAST
        if end == 0 or (last_minute and (midnight or not ours)):
            end = END_OF_DAY
        if opens[0] == end or opens[0] == END_OF_DAY:
            self._account.reject(row, "hsds.rejected.times", opens=row.get("opens_at") or "", closes=row.get("closes_at") or "")
            return None
        return opens[0], end

    def _schedule(self, row: Row, found: Hours, ours: bool) -> None:
        profile = self._tables.one("newcomer_schedule", row.id)
        if profile is not None and yes(profile.get("exception")):
            # Told better by newcomer_schedule_exception.
            self._account.take(profile)
            self._account.take(row, (*_USED, "description"))
            return
        times = self._times(row, self._midnight(row), ours)
        if times is None:
            return
        if not _is_plain(row):
            self._account.skip(row, "hsds.skipped.schedule", words=row.get("description") or "")
            return
        start = _latest(day(row.get("valid_from")), day(row.get("dtstart")))
        end = _earliest(day(row.get("valid_to")), day(row.get("until")))
        if whole(row.get("count")) == 1 and start:
            end = start
        if end and end < self._today and not ours:
            self._account.skip(row, "hsds.skipped.over", day=end.isoformat())
            return
        days = weekdays(row.get("byday") or "") or []
        if start and end and start > end:
            self._account.reject(row, "hsds.rejected.season", start=start.isoformat(), end=end.isoformat())
        elif start and start == end and not ours:
            if days and WEEKDAYS[start.weekday()] not in days:
                self._account.skip(row, "hsds.skipped.schedule", words=row.get("description") or "")
                return
            closes = times[1] if times[1] > times[0] else END_OF_DAY
            found.exceptions.append({"date": start, "opens": format_minute(times[0]), "closes": format_minute(closes)})
            self._account.take(row, _USED)
        elif not days and not (start and row.get("freq")):
            self._account.skip(row, "hsds.skipped.no_days")
        else:
            found.rules += _rules(days or [WEEKDAYS[(start or self._today).weekday()]], *times, start, end)
            self._account.take(row, _USED)

    def _exception(self, row: Row, found: Hours) -> None:
        when = day(row.get("date"))
        if when is None:
            self._account.reject(row, "hsds.rejected.day", value=row.get("date") or "")
            return
        if not row.get("opens_at") and not row.get("closes_at"):
            found.exceptions.append({"date": when, "closed": True})
            self._account.take(row)
            return
        times = self._times(row, bool(yes(row.get("until_midnight"))), True)
        if times is not None:
            found.exceptions.append({"date": when, "opens": format_minute(times[0]), "closes": format_minute(times[1])})
            self._account.take(row)


def _is_plain(row: Row) -> bool:
    """Whether the row is a weekly rule, or one day."""
    if any(row.get(name) for name in _FINER_RULES) or weekdays(row.get("byday") or "") is None:
        return False
    if (row.get("freq") or "WEEKLY").upper() != "WEEKLY" or whole(row.get("interval") or "1") != 1:
        return False
    return row.get("count") is None or whole(row.get("count")) == 1


def _rules(days: list[str], opens: int, closes: int, start: date | None, end: date | None) -> list[dict[str, Any]]:
    """One rule, or for a night two: until midnight, and from midnight on the days after."""
    season = {"valid_from": start, "valid_to": end}
    if opens < closes:
        return [{"days": days, "opens": format_minute(opens), "closes": format_minute(closes), **season}]
    after = [WEEKDAYS[(WEEKDAYS.index(one) + 1) % 7] for one in days]
    return [
        {"days": days, "opens": format_minute(opens), "closes": "24:00", **season},
        {"days": sorted(after, key=WEEKDAYS.index), "opens": "00:00", "closes": format_minute(closes), **season},
    ]


def _latest(*days: date | None) -> date | None:
    return max((one for one in days if one), default=None)


def _earliest(*days: date | None) -> date | None:
    return min((one for one in days if one), default=None)
