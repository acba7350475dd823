"""Opening hours, dates and distances in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

from knowledge.domain.hours import Holidays, OpeningHours, OpenNow, OpenState, Span, format_minute, no_holidays
from locales.catalogue import say


def day_words(day: date, language: str) -> str:
    """ "2 November 2026" in the reader's language, with the digits that stand on signs and letters here."""
    return western(format_date(day, "long", locale=language))


def clock(moment: datetime, language: str) -> str:
    """ "16:00": the 24-hour clock, as on doors and letters here."""
    return western(format_time(moment, "HH:mm", locale=language))


def open_words(open_now: OpenNow, now: datetime, language: str) -> str:
    """ "Open until 16:00", "Closed. Opens Monday 08:00", or that it is not known."""
    if open_now.state is OpenState.UNKNOWN:
        return say("open.unknown", language)
    if open_now.always:
        return say("open.always", language)
    if open_now.state is OpenState.OPEN:
        if open_now.until is None:
            return say("open.now", language)
        if open_now.until - now > timedelta(hours=24):
            return say("open.until_day", language, day=weekday(open_now.until.date(), language), time=clock(open_now.until, language))
        return say("open.until", language, time=clock(open_now.until, language))
    if open_now.opens_next is None:
        return say("open.closed", language)
    ahead = (open_now.opens_next.date() - now.date()).days
    time = clock(open_now.opens_next, language)
    if ahead == 0:
        return say("open.later_today", language, time=time)
    if ahead == 1:
        return say("open.tomorrow", language, time=time)
    if ahead < 7:
        return say("open.opens", language, day=weekday(open_now.opens_next.date(), language), time=time)
    return say("open.opens", language, day=western(format_skeleton("MMMMd", open_now.opens_next, locale=language)), time=time)


def on_day_words(hours: OpeningHours, day: date, language: str, is_holiday: Holidays = no_holidays) -> str:
    """ "Saturday: 10:00-14:00", or closed on that day."""
    name = weekday(day, language)
    times = span_words(hours.on(day, is_holiday))
    return say("open.on_day", language, day=name, times=times) if times else say(_closed(hours, day, is_holiday), language, day=name)


def _closed(hours: OpeningHours, day: date, is_holiday: Holidays) -> str:
    """The key of the words for a closed day: who knows these hours is told why they do not hold."""
    return "open.closed_holiday" if hours.closed_for_holiday(day, is_holiday) else "open.closed_on_day"


def span_words(spans: Iterable[Span]) -> str:
    """ "08:00–12:00, 13:00–16:00"; marked so that it is not turned around within right-to-left text."""
    found = [f"\u2066{format_minute(span.opens)}–{format_minute(span.closes)}\u2069" for span in spans]
    return ", ".join(found)


def week_words(hours: OpeningHours, monday: date, language: str, is_holiday: Holidays = no_holidays) -> list[str]:
    """One line for each run of days with the same hours, in the week that begins on `monday`; closed days too, nothing where hours are
    not known."""
    if not hours.known:
        return []
    lines: list[str] = []
    runs: list[tuple[int, int, str, str]] = []
    for number in range(7):
        day = monday + timedelta(days=number)
        said = span_words(hours.on(day, is_holiday)), _closed(hours, day, is_holiday)
        if runs and runs[-1][2:] == said:
            runs[-1] = (runs[-1][0], number, *said)
        else:
            runs.append((number, number, *said))
    for first, last, times, closed in runs:
        names = " – ".join(weekday(monday + timedelta(days=day), language) for day in ((first,) if first == last else (first, last)))
        lines.append(f"{names}: {times}" if times else say(closed, language, day=names))
    return lines


def weekday(day: date, language: str) -> str:
    """The name of the weekday, as it stands by itself."""
    return str(Locale.parse(language).days["stand-alone"]["wide"][day.weekday()])


def kept_words(days: int, language: str) -> str:
    """ "30 days": for how long a talk is kept."""
    return say("kept.days", language, days=days)


def kilometres_words(kilometres: float, language: str) -> str:
    """ "1.2 km"."""
    return western(say("place.kilometres", language, number=format_decimal(round(kilometres, 1), locale=language)))


_DIGITS = {ord(digit): str(value) for zero in ("٠", "۰") for value, digit in enumerate(chr(ord(zero) + n) for n in range(10))}


def western(text: str) -> str:
    """Arabic and Persian digits as 0 to 9: so stand dates and numbers on the letters and doors that the person is looking for."""
    return text.translate(_DIGITS)
