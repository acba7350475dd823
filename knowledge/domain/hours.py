"""Opening hours: weekly and seasonal rules, public holidays, exceptions, and whether a place is open at a moment.

Follows HSDS 3.0 `schedule` (byday, opens_at, closes_at, valid_from, valid_to). All times are local to the municipality.
Unknown stays unknown: a place without hours is never reported as open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Asked for like a day: whether a door is open at this moment.
NOW = "now"
# Beside a weekday: the one that comes after today.
NEXT = "next"
END_OF_DAY = "24:00"
_LOOK_AHEAD_DAYS = 14
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")


@dataclass(frozen=True, slots=True)
class HoursRule:
    """Open from `opens` to `closes` (minutes after midnight, 1440 is the end of the day) on `days` (0 is Monday)."""

    days: frozenset[int]
    opens: int
    closes: int
    valid_from: date | None = None
    valid_to: date | None = None

    def applies(self, day: date) -> bool:
        """Whether this rule speaks about `day`."""
        if self.valid_from and day < self.valid_from:
            return False
        if self.valid_to and day > self.valid_to:
            return False
        return day.weekday() in self.days


@dataclass(frozen=True, slots=True)
class HoursException:
    """One day that differs from the rules; closed all day where `opens` is None."""

    day: date
    opens: int | None = None
    closes: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """An opening of a place on one day, in minutes after midnight."""

    opens: int
    closes: int


class OpenState(StrEnum):
    """Whether a place is open."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OpenNow:
    """State at a moment: until when it is open, or when it opens next (None where that is not within two weeks)."""

    state: OpenState
    until: datetime | None = None
    opens_next: datetime | None = None
    always: bool = False


Holidays = Callable[[date], bool]


def no_holidays(_: date) -> bool:
    """For places whose public holidays are not known."""
    return False


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a service can be reached at one place."""

    rules: tuple[HoursRule, ...] = ()
    exceptions: tuple[HoursException, ...] = ()
    closed_on_holidays: bool = True

    @property
    def known(self) -> bool:
        """Whether anything is known about the hours at all."""
        return bool(self.rules)

    @property
    def always_open(self) -> bool:
        """Open day and night, every day of the year."""
        around = [rule for rule in self.rules if rule.opens == 0 and rule.closes == 1440 and not rule.valid_from and not rule.valid_to]
        return not self.closed_on_holidays and not self.exceptions and frozenset().union(*(rule.days for rule in around)) == set(range(7))

    def on(self, day: date, is_holiday: Holidays = no_holidays) -> tuple[Span, ...]:
        """The openings on `day`, in order; empty if closed."""
        special = [exception for exception in self.exceptions if exception.day == day]
        if special:
            return _joined(Span(e.opens, e.closes) for e in special if e.opens is not None and e.closes is not None)
        if self.closed_on_holidays and is_holiday(day):
            return ()
        return _joined(Span(r.opens, r.closes) for r in self.rules if r.applies(day))

    def closed_for_holiday(self, day: date, is_holiday: Holidays) -> bool:
        """Whether it would be open on `day` if that were no public holiday."""
        return bool(self.on(day)) and not self.on(day, is_holiday)

    def at(self, moment: datetime, is_holiday: Holidays = no_holidays) -> OpenNow:
        """State at the local `moment`."""
        if not self.known:
            return OpenNow(OpenState.UNKNOWN)
        if self.always_open:
            return OpenNow(OpenState.OPEN, always=True)
        today = moment.date()
        minute = moment.hour * 60 + moment.minute
        for span in self.on(today, is_holiday):
            if span.opens <= minute < span.closes:
                return OpenNow(OpenState.OPEN, until=self._end(today, span, moment, is_holiday))
        # A span that runs past midnight is written as two rules; nothing to carry over here.
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = today + timedelta(days=ahead)
            for span in self.on(day, is_holiday):
                if ahead > 0 or span.opens > minute:
                    return OpenNow(OpenState.CLOSED, opens_next=_moment(day, span.opens, moment))
        return OpenNow(OpenState.CLOSED)

    def _end(self, day: date, span: Span, moment: datetime, is_holiday: Holidays) -> datetime:
        """The end of `span`, following it over midnight where the next day continues it."""
        for _ in range(_LOOK_AHEAD_DAYS):
            if span.closes < 1440:
                break
            after = [s for s in self.on(day + timedelta(days=1), is_holiday) if s.opens == 0]
            if not after:
                break
            day, span = day + timedelta(days=1), after[0]
        return _moment(day, span.closes, moment)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """`spans` in order; those that touch or overlap are one, so that "open until" is when the door really closes."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.opens, one.closes)):
        if joined and span.opens <= joined[-1].closes:
            joined[-1] = Span(joined[-1].opens, max(joined[-1].closes, span.closes))
        else:
            joined.append(span)
    return tuple(joined)


def _moment(day: date, minute: int, like: datetime) -> datetime:
    if minute >= 1440:
        day, minute = day + timedelta(days=1), minute - 1440
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=like.tzinfo)


def parse_minute(text: str) -> int:
    """Minutes after midnight of ``"HH:MM"``; ``"24:00"`` is 1440.

    Raises ValueError for anything else.
    """
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hours, minutes = int(found.group(1)), int(found.group(2))
    if hours * 60 + minutes > 1440 or minutes >= 60:
        raise ValueError(text)
    return hours * 60 + minutes


def format_minute(minute: int) -> str:
    """``"HH:MM"`` for minutes after midnight."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
