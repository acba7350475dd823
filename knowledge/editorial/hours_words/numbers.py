"""Times, dates and plain numbers at one place of a folded text."""

from __future__ import annotations

import re

from knowledge.editorial.hours_words.tokens import Clock, PartialDate, Token
from knowledge.editorial.hours_words.vocabulary import Kind

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-]) ?(\d{1,2})\2 ?(\d{4})(?!\d)")
_SHORT_YEAR = re.compile(r"(\d{1,2})([./])(\d{1,2})\2([23]\d)(?!\d|[:h-]|\.\d| ?uhr)")
_DAY_MONTH = re.compile(r"(\d{1,2})\. ?(\d{1,2})\.(?!\d)")
_SLASH = re.compile(r"(\d{1,2})/(\d{1,2})(?![\d/])")
_COLON = re.compile(r"(\d{1,2}):(\d{2})(?!\d)")
_HOUR_LETTER = re.compile(r"(\d{1,2}) ?h ?(\d{2})?(?![a-z0-9])")
_UHR = re.compile(r"(\d{1,2}) ?uhr ?(\d{2})(?!\d|[.:/h-]| ?uhr)")
_DOT = re.compile(r"(\d{1,2})\.(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"\d{3,4}(?!\d)")
_NUMBER = re.compile(r"(\d{1,2})(?!\d)((?:st|nd|rd|th|er|ere|eme|e)(?![a-z])|\.)?")
_LONG = re.compile(r"\d+")


def number_at(text: str, start: int, after_range_of_times: bool, day_first: bool) -> Token:
    """The token of the digits at `start`.

    `after_range_of_times` tells that "9-" stands before, so that "12/14" is an end and a beginning and no date. `day_first` is False for a
    reader who may mean the month with the first number of "6/7".
    """
    return (
        _full_date(text, start)
        or _slash_date(text, start, after_range_of_times, day_first)
        or _clock(text, start)
        or _dotted(text, start)
        or _plain(text, start)
    )


def _full_date(text: str, start: int) -> Token | None:
    if found := _ISO.match(text, start):
        year, month, day = (int(part) for part in found.groups())
        return _date(found, PartialDate(month, day, year))
    if found := _DAY_FIRST.match(text, start) or _SHORT_YEAR.match(text, start):
        year = int(found.group(4))
        return _date(found, PartialDate(int(found.group(3)), int(found.group(1)), year if year > 99 else 2000 + year))
    if found := _DAY_MONTH.match(text, start):
        when = PartialDate(int(found.group(2)), int(found.group(1)))
        if when.possible or (1 <= when.month <= 12 and when.day and when.day > 24):
            return _date(found, when)
    return None


def _date(found: re.Match[str], when: PartialDate, note: str | None = None) -> Token:
    kind = Kind.DATE if when.possible else Kind.UNKNOWN
    return Token(kind, found.start(), found.end(), date=when, note=note if when.possible else "bad_date")


def _slash_date(text: str, start: int, after_range_of_times: bool, day_first: bool) -> Token | None:
    found = _SLASH.match(text, start)
    if found is None or after_range_of_times:
        return None
    first, second = int(found.group(1)), int(found.group(2))
    usual, other = PartialDate(second, first), PartialDate(first, second)
    if usual.possible:
        unsure = not day_first and other.possible and first != second
        return _date(found, usual, "date_order" if unsure else None)
    return _date(found, other) if other.possible and not day_first else None


def _clock(text: str, start: int) -> Token | None:
    found = _COLON.match(text, start) or _HOUR_LETTER.match(text, start) or _UHR.match(text, start)
    return _time(found, found.group(1), found.group(2)) if found else None


def _time(found: re.Match[str], hour: str, minute: str | None) -> Token:
    clock = Clock(int(hour), int(minute or 0), padded=hour.startswith("0") and len(hour) == 2, bare=minute is None)
    possible = clock.minute < 60 and clock.minutes() <= 1440
    end = found.end() - (1 if found.group().endswith(" ") else 0)
    return Token(Kind.TIME if possible else Kind.UNKNOWN, found.start(), end, clock=clock, note=None if possible else "bad_time")


def _dotted(text: str, start: int) -> Token | None:
    """ "9.30" is a time and "1.6" a date; "24.12" can only be a date. What could be both ("9.10") is a time that carries the date too."""
    found = _DOT.match(text, start)
    if found is None:
        return None
    when = PartialDate(int(found.group(2)), int(found.group(1)))
    if len(found.group(2)) == 1:
        return _date(found, when) if when.possible else None
    time = _time(found, found.group(1), found.group(2))
    if time.kind is Kind.UNKNOWN:
        return _date(found, when) if when.possible else time
    return Token(Kind.TIME, time.start, time.end, clock=time.clock, date=when if when.possible else None)


def _plain(text: str, start: int) -> Token:
    if found := _NUMBER.match(text, start):
        digits = found.group(1)
        clock = Clock(int(digits), padded=digits.startswith("0") and len(digits) == 2, bare=True)
        return Token(Kind.NUMBER, start, found.end(), number=int(digits), clock=clock, dotted=bool(found.group(2)))
    if found := _COMPACT.match(text, start):
        digits = found.group()
        clock = Clock(int(digits[:-2]), int(digits[-2:]), padded=digits.startswith("0"))
        possible = clock.minute < 60 and clock.minutes() <= 1440
        return Token(Kind.COMPACT, start, found.end(), number=int(digits), clock=clock if possible else None)
    found = _LONG.match(text, start)
    return Token(Kind.UNKNOWN, start, found.end() if found else start + 1)
