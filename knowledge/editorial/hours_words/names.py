"""Names of days and dates in a language, from CLDR, with the digits and the 24-hour clock of letters and doors here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list

from knowledge.editorial.hours_words.spans import Span
from locales.catalogue import say

# English as it is written in Europe: "1 June", not "June 1".
_LOCALES = {"en": "en_GB"}
_DIGITS = {ord(zero) + value: str(value) for zero in "٠۰" for value in range(10)}
_DAY = 1440


def locale_of(language: str) -> Locale:
    """The CLDR locale for a language of the interface."""
    return Locale.parse(_LOCALES.get(language, language.replace("-", "_")))


def day_name(day: int, language: str) -> str:
    """The name of a day (0 is Monday), as it stands by itself."""
    return str(locale_of(language).days["stand-alone"]["wide"][day])


def date_words(day: date, language: str, today: date | None = None) -> str:
    """ "1 June 2026"; without the year where it is plain, within eleven months from `today`."""
    words = format_skeleton("MMMMd", day, locale=locale_of(language)).translate(_DIGITS)
    if language == "fr" and day.day == 1:
        words = words.replace("1 ", "1er ", 1)
    near = today is not None and 0 <= (day - today).days < 335
    return words if near else f"{words} {day.year}"


def clock_words(minute: int) -> str:
    """ "9:00"; "24:00" is the end of the day."""
    minute = minute if minute <= _DAY else minute - _DAY
    return f"{minute // 60}:{minute % 60:02d}"


def joined(parts: Sequence[str], language: str) -> str:
    """ "Monday, Wednesday and Friday"."""
    return str(format_list(list(parts), locale=locale_of(language)))


def runs_of_days(days: Iterable[int]) -> list[tuple[int, int]]:
    """Days as runs (first, last); a run may go over the end of the week: Saturday to Monday."""
    left = sorted(days)
    if len(left) == 7:
        return [(0, 6)]
    starts = [day for day in left if (day - 1) % 7 not in left]
    runs: list[tuple[int, int]] = []
    for start in starts:
        last = start
        while (last + 1) % 7 in left:
            last = (last + 1) % 7
        runs.append((start, last))
    return runs


def days_words(days: Iterable[int], language: str) -> str:
    """ "Monday to Friday", "Tuesday and Thursday", "every day"."""
    chosen = set(days)
    if len(chosen) == 7:
        return say("hours.every_day", language)
    parts: list[str] = []
    for first, last in runs_of_days(chosen):
        length = (last - first) % 7 + 1
        if length > 2:
            parts.append(say("hours.days_range", language, first=day_name(first, language), last=day_name(last, language)))
        else:
            parts.extend(say("hours.day", language, day=day_name((first + step) % 7, language)) for step in range(length))
    return joined(parts, language)


def season_words(span: Span, language: str, today: date | None = None, *, as_range: bool = False) -> str:
    """ "from 1 June 2026 to 31 August 2026", "until 31 May 2026"; empty for all the time. A single day has no "to" unless `as_range`."""
    first, last = (date_words(day, language, today) if day else "" for day in span)
    if first and last:
        return first if first == last and not as_range else say("hours.season", language, first=first, last=last)
    if first:
        return say("hours.season_from", language, first=first)
    return say("hours.season_until", language, last=last) if last else ""
