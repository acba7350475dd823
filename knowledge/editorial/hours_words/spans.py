"""Seasons as pairs of dates: years that were left out, one within another, and what is left when one is cut out."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, date, timedelta

from knowledge.editorial.hours_words.tokens import PartialDate

# The first and the last day; None where it has no beginning or no end.
Span = tuple[date | None, date | None]
ALWAYS: Span = (None, None)
ONE_DAY = timedelta(days=1)
_HALF_A_YEAR = timedelta(days=183)
_SEARCHED_YEARS = 9


class NoSuchDate(ValueError):
    """A date that does not exist, or a season that ends before it begins."""


def single_date(when: PartialDate, today: date) -> date:
    """The date; without a year, the next one from `today` on.

    Raises NoSuchDate.
    """
    if when.year is not None:
        return _on(when, when.year, last=False)
    for year in range(today.year, today.year + _SEARCHED_YEARS):
        found = _on_or_none(when, year, last=False)
        if found is not None and found >= today:
            return found
    raise NoSuchDate


def span_dates(first: PartialDate | None, last: PartialDate | None, today: date) -> Span:
    """The season; without years, the one that is now or comes next. A season may run over New Year.

    Raises NoSuchDate.
    """
    if first is None and last is None:
        return ALWAYS
    if first is None or last is None:
        return _half_open(first, last, today)
    if first.year is not None and last.year is not None:
        return _ordered(_on(first, first.year, last=False), _on(last, last.year, last=True))
    if last.year is not None:
        ends = _on(last, last.year, last=True)
        begins = _on(first, last.year, last=False)
        return (begins if begins <= ends else _on(first, last.year - 1, last=False)), ends
    if first.year is not None:
        begins = _on(first, first.year, last=False)
        ends = _on(last, first.year, last=True)
        return begins, (ends if ends >= begins else _on(last, first.year + 1, last=True))
    for year in range(today.year - 1, today.year + _SEARCHED_YEARS):
        start = _on_or_none(first, year, last=False)
        for end_year in (year, year + 1):
            end = _on_or_none(last, end_year, last=True)
            if start and end and end >= start:
                if end >= today:
                    return start, end
                break
    raise NoSuchDate


def _half_open(first: PartialDate | None, last: PartialDate | None, today: date) -> Span:
    if first is not None:
        if first.year is not None:
            return _on(first, first.year, last=False), None
        # "From 1 September" may have begun lately or lie ahead: the nearest one.
        found = (_on_or_none(first, year, last=False) for year in range(today.year - 1, today.year + _SEARCHED_YEARS))
        begins = next((one for one in found if one and one >= today - _HALF_A_YEAR), None)
        if begins is None:
            raise NoSuchDate
        return begins, None
    if last is None:
        return ALWAYS
    if last.year is not None:
        return None, _on(last, last.year, last=True)
    for year in range(today.year, today.year + _SEARCHED_YEARS):
        ends = _on_or_none(last, year, last=True)
        if ends and ends >= today:
            return None, ends
    raise NoSuchDate


def _ordered(first: date, last: date) -> Span:
    if first > last:
        raise NoSuchDate
    return first, last


def _on(when: PartialDate, year: int, *, last: bool) -> date:
    try:
        return date(year, when.month, when.day or (monthrange(year, when.month)[1] if last else 1))
    except ValueError as error:
        raise NoSuchDate from error


def _on_or_none(when: PartialDate, year: int, *, last: bool) -> date | None:
    try:
        return _on(when, year, last=last)
    except NoSuchDate:
        return None


def _begin(span: Span) -> date:
    return span[0] or date.min


def _end(span: Span) -> date:
    return span[1] or date(MAXYEAR, 12, 31)


def days_in(span: Span) -> int | None:
    """How many days; None where it has no beginning or no end."""
    return None if span[0] is None or span[1] is None else (span[1] - span[0]).days + 1


def within(inner: Span, outer: Span) -> bool:
    """Whether `inner` is a part of `outer`, and not all of it."""
    return inner != outer and _begin(outer) <= _begin(inner) and _end(inner) <= _end(outer)


def overlap(one: Span, other: Span) -> bool:
    """Whether a day belongs to both."""
    return _begin(one) <= _end(other) and _begin(other) <= _end(one)


def without(span: Span, hole: Span) -> list[Span]:
    """What is left of `span` before and after `hole`."""
    if not overlap(span, hole):
        return [span]
    left: list[Span] = []
    if hole[0] is not None and _begin(span) < hole[0]:
        left.append((span[0], hole[0] - ONE_DAY))
    if hole[1] is not None and hole[1] < _end(span):
        left.append((hole[1] + ONE_DAY, span[1]))
    return left


def shifted(span: Span) -> Span:
    """A day later: the season of the hours after midnight."""
    return (span[0] + ONE_DAY if span[0] else None), (span[1] + ONE_DAY if span[1] else None)
