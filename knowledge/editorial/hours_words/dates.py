"""Dates among the tokens: "24.12.", "24 December 2026", "Dec 24th", "1.-31.8.", "June to August"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.editorial.hours_words.tokens import PartialDate, Token
from knowledge.editorial.hours_words.vocabulary import Kind

YEARS = range(2000, 2101)
RANGES = (Kind.DASH, Kind.RANGE)
_MOST_DAYS = 31
_SKIPPED = (Kind.FILLER, Kind.FROM)


def kind_at(tokens: Sequence[Token], at: int) -> Kind | None:
    """The kind of the token at `at`; None past the end."""
    return tokens[at].kind if 0 <= at < len(tokens) else None


def past_range(tokens: Sequence[Token], at: int) -> int | None:
    """The place after "-" or "to" at `at`; None if there is none."""
    end = at
    while kind_at(tokens, end) in RANGES:
        end += 1
    if end == at:
        return None
    while kind_at(tokens, end) in (*_SKIPPED, *RANGES):
        end += 1
    return end


def date_at(tokens: Sequence[Token], at: int) -> tuple[PartialDate, int] | None:
    """The date that begins at `at`, and the place after it."""
    token = tokens[at] if at < len(tokens) else None
    if token is None:
        return None
    if token.kind is Kind.DATE and token.date:
        return token.date, at + 1
    if token.kind is Kind.NUMBER:
        month_at = at + 1
        while kind_at(tokens, month_at) is Kind.FILLER:
            month_at += 1
        if kind_at(tokens, month_at) is Kind.MONTH:
            return _with_year(tokens, PartialDate(tokens[month_at].number, token.number), month_at + 1)
    if token.kind is Kind.MONTH:
        if _day_follows(tokens, at + 1):
            return _with_year(tokens, PartialDate(token.number, tokens[at + 1].number), at + 2, comma=True)
        return _with_year(tokens, PartialDate(token.number), at + 1)
    return None


def _with_year(tokens: Sequence[Token], when: PartialDate, at: int, comma: bool = False) -> tuple[PartialDate, int] | None:
    year_at = at + 1 if comma and kind_at(tokens, at) is Kind.COMMA else at
    while kind_at(tokens, year_at) is Kind.FILLER:
        year_at += 1
    # "31 Dec 2000-2200" is the evening of a day and no year.
    after = past_range(tokens, year_at + 1)
    times = after is not None and kind_at(tokens, after) is Kind.COMPACT
    if kind_at(tokens, year_at) is Kind.COMPACT and tokens[year_at].number in YEARS and not times:
        when, at = replace(when, year=tokens[year_at].number), year_at + 1
    return (when, at) if when.possible else None


def _day_follows(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number at `at`, after a month, is its day: "Dec 24", "Dec 24-26 closed"; not "August 9-12" or "August 9 am"."""
    if kind_at(tokens, at) is not Kind.NUMBER:
        return False
    if tokens[at].dotted:
        return True
    after = past_range(tokens, at + 1)
    if after is None:
        return kind_at(tokens, at + 1) not in (Kind.HOUR, Kind.MORNING, Kind.AFTERNOON, Kind.MONTH, Kind.FILLER)
    if kind_at(tokens, after) is Kind.MONTH:
        return True
    beyond = after + 2 if kind_at(tokens, after + 1) is Kind.COMMA else after + 1
    return kind_at(tokens, after) is Kind.NUMBER and kind_at(tokens, beyond) in (
        Kind.CLOSED,
        Kind.NUMBER,
        Kind.TIME,
        Kind.COMPACT,
        Kind.COLON,
    )


def days_before_a_date(tokens: Sequence[Token], at: int) -> tuple[list[PartialDate], bool, int] | None:
    """Days that take their month from the date after them: "24., 25. und 26.12.", "24 and 31 December"; "1.-31.8." as a range (True)."""
    days: list[Token] = []
    position = at
    while kind_at(tokens, position) is Kind.NUMBER and 1 <= tokens[position].number <= 31 and len(days) < _MOST_DAYS:
        days.append(tokens[position])
        after = past_range(tokens, position + 1)
        found = date_at(tokens, after) if after is not None else None
        if found and found[0].day and len(days) == 1:
            return [_like(days[0], found[0]), found[0]], True, found[1]
        if kind_at(tokens, position + 1) is Kind.COMMA and not tokens[position].dotted:
            return None
        if kind_at(tokens, position + 1) not in (Kind.COMMA, Kind.AND):
            return None
        position += 2
        while kind_at(tokens, position) is Kind.AND:
            position += 1
        found = date_at(tokens, position)
        if found and found[0].day:
            plain = any(not one.dotted for one in days)
            return None if plain and len(days) > 1 else ([*(_like(one, found[0]) for one in days), found[0]], False, found[1])
    return None


def days_after_a_month(tokens: Sequence[Token], at: int) -> tuple[list[PartialDate], int] | None:
    """ "December 24th, 25th and 26th": all days of one month."""
    if kind_at(tokens, at) is not Kind.MONTH or not _day_follows(tokens, at + 1):
        return None
    found, end = [PartialDate(tokens[at].number, tokens[at + 1].number)], at + 2
    while True:
        position = end
        while kind_at(tokens, position) in (Kind.COMMA, Kind.AND):
            position += 1
        if position == end or kind_at(tokens, position) is not Kind.NUMBER or kind_at(tokens, position + 1) is Kind.MONTH:
            break
        if not tokens[position].dotted and (kind_at(tokens, position - 1) is not Kind.AND or not _day_follows(tokens, position)):
            break
        found.append(PartialDate(tokens[at].number, tokens[position].number))
        end = position + 1
    return (found, end) if len(found) > 1 and all(one.possible for one in found) else None


def _like(day: Token, other: PartialDate) -> PartialDate:
    return replace(other, day=day.number)


def month_range_in_one(tokens: Sequence[Token], at: int) -> tuple[PartialDate, PartialDate, int] | None:
    """ "Dec 24-26": the second number belongs to the same month."""
    if kind_at(tokens, at) is not Kind.MONTH or not _day_follows(tokens, at + 1):
        return None
    after = past_range(tokens, at + 2)
    if after is None or kind_at(tokens, after) is not Kind.NUMBER or kind_at(tokens, after + 1) is Kind.MONTH:
        return None
    month = tokens[at].number
    first, last = PartialDate(month, tokens[at + 1].number), PartialDate(month, tokens[after].number)
    return (first, last, after + 1) if first.possible and last.possible else None
