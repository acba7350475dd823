"""Times among the tokens: "9", "9 Uhr 30", "4 in the afternoon", "akşam 6", and ranges of two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.editorial.hours_words.dates import kind_at, past_range
from knowledge.editorial.hours_words.tokens import Clock, Token
from knowledge.editorial.hours_words.vocabulary import Kind

CLOCKS = (Kind.NUMBER, Kind.TIME, Kind.COMPACT, Kind.NOON, Kind.MIDNIGHT)
PARTS = (Kind.MORNING, Kind.AFTERNOON, Kind.NIGHT)
_NUMBERS = (Kind.NUMBER, Kind.TIME, Kind.COMPACT)
_DAY = 1440
_TWELVE = 12
_NOON = 720
# An office that opens at "3" opens in the afternoon; nobody says it like that for the night.
_EARLIEST = 300
_SMALL_HOURS = 420
_LATE_NOON = 900
_MORNING = 8


def clock_at(tokens: Sequence[Token], at: int) -> tuple[Clock, int] | None:
    """The time that begins at `at`, and the place after it with its unit and part of the day."""
    part = None
    while kind_at(tokens, at) in (*PARTS, Kind.HOUR, Kind.FILLER):
        part = tokens[at].kind if tokens[at].kind in PARTS else part
        at += 1
    token = tokens[at] if at < len(tokens) else None
    if token is None or token.kind not in CLOCKS:
        return None
    if token.kind is Kind.NOON:
        return Clock(12, padded=True), at + 1
    if token.kind is Kind.MIDNIGHT:
        return Clock(24, padded=True), at + 1
    if token.clock is None or token.clock.minutes() > _DAY:
        return None
    clock, at = token.clock, at + 1
    while kind_at(tokens, at) is Kind.HOUR:
        at += 1
    if clock.hour == _TWELVE and kind_at(tokens, at) in (Kind.NOON, Kind.MIDNIGHT):
        return Clock(12 if tokens[at].kind is Kind.NOON else 24, padded=True), at + 1
    if part is None and kind_at(tokens, at) in PARTS and (tokens[at].dotted or not _clock_follows(tokens, at + 1)):
        part, at = tokens[at].kind, at + 1
    if part is None or clock.hour > 12:
        return clock, at
    return clock.in_part(part), at


def _clock_follows(tokens: Sequence[Token], at: int) -> bool:
    while kind_at(tokens, at) in (Kind.FROM, Kind.FILLER, Kind.HOUR):
        at += 1
    return kind_at(tokens, at) in _NUMBERS


def time_range_at(tokens: Sequence[Token], at: int) -> tuple[Clock, Clock, int] | None:
    """Two times with "-" or "to" between them, and the place after them."""
    first = clock_at(tokens, at)
    if first is None:
        return None
    after = past_range(tokens, first[1])
    last = clock_at(tokens, after) if after is not None else None
    return (first[0], last[0], last[1]) if last else None


@dataclass(frozen=True, slots=True)
class Opening:
    """Minutes after midnight; more than 1440 is the next day. `note` names a choice that was made."""

    opens: int
    closes: int
    note: str | None = None


def opening(first: Clock, last: Clock) -> Opening | None:
    """The opening from `first` to `last`; None where both are the same time."""
    start, end, note = _with_parts(first, last)
    opens, closes = start.minutes() % _DAY, end.minutes()
    if closes == 0:
        closes = _DAY
    if opens == closes:
        return None
    if closes > opens:
        small = first.bare and last.bare and first.part is None and last.part is None and not first.padded and first.hour > 0
        return Opening(opens, closes, "early" if small and opens < _EARLIEST else note)
    if last.part is None and not last.padded and last.hour < 12 and opens <= _NOON:
        return Opening(opens, closes + _NOON, None if first.part else "afternoon_assumed")
    return Opening(opens, closes + _DAY)


def after_a_break(found: Opening, first: Clock, last: Clock, earlier: Opening) -> Opening:
    """ "9-12 and 1.30-5": who closes at noon opens again in the afternoon; said in the order of the day, so "1-5, 9-12" is as it stands."""
    plain = first.part is None and last.part is None and not first.padded and not last.padded and first.hour > 0
    again = found.opens < min(earlier.opens, _SMALL_HOURS) and earlier.closes <= min(_LATE_NOON, found.opens + _NOON)
    return Opening(found.opens + _NOON, found.closes + _NOON, "afternoon_assumed") if plain and again and found.closes < _NOON else found


def _with_parts(first: Clock, last: Clock) -> tuple[Clock, Clock, str | None]:
    """ "2-4 pm" is in the afternoon altogether, "9-5 pm" is not; "8-11 pm" can be both."""
    if first.part is None and last.part is Kind.AFTERNOON and first.hour < 12 and not first.padded:
        later = replace(first, part=Kind.AFTERNOON)
        if later.minutes() < last.minutes():
            return later, last, "afternoon_assumed" if first.hour >= _MORNING else None
    if last.part is None and first.part is Kind.AFTERNOON and last.hour <= 12 and not last.padded:
        later = replace(last, part=Kind.AFTERNOON)
        if later.minutes() > first.minutes():
            return first, later, None
    return first, last, None
