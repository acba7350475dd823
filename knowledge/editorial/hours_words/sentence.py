"""Opening hours told back as sentences, so that an editor sees what was understood and a reader what is true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from knowledge.documents.models import ServiceAtModel
from knowledge.domain.hours import OpeningHours
from knowledge.editorial.hours_words.given import Rule, exceptions_by_day, nights_by_day, opening_hours, rules_of
from knowledge.editorial.hours_words.names import clock_words, date_words, days_words, joined, season_words
from knowledge.editorial.hours_words.spans import ONE_DAY, Span, overlap
from locales.catalogue import say

_DAY = 1440
Times = tuple[tuple[int, int], ...]
# The openings of each day, Monday first.
Week = tuple[Times, ...]


def hours_sentence(at: ServiceAtModel | OpeningHours, language: str, today: date | None = None) -> str:
    """The hours in plain sentences on one line; see `hours_sentences`."""
    return " ".join(hours_sentences(at, language, today))


def hours_sentences(at: ServiceAtModel | OpeningHours, language: str, today: date | None = None) -> list[str]:
    """The hours in plain sentences: the usual week, seasons that differ, public holidays, single days.

    With `today`, dates of the next eleven months stand without their year.
    """
    hours = opening_hours(at)
    if hours.always_open:
        return [_sentence(say("hours.always", language), language)]
    parts = _weeks(hours, language, today) if hours.known else [say("hours.unknown", language)]
    if hours.known:
        parts.append(say("hours.holidays_closed" if hours.closed_on_holidays else "hours.holidays_open", language))
    parts.extend(_exceptions(hours, language, today))
    return [_sentence(part, language) for part in parts]


def _sentence(words: str, language: str) -> str:
    first = "İ" if language == "tr" and words[:1] == "i" else words[:1].upper()
    return f"{first}{words[1:]}."


def _weeks(hours: OpeningHours, language: str, today: date | None) -> list[str]:
    timeline = _timeline(nights_by_day(rules_of(hours)))
    first, last = timeline[0][1], timeline[-1][1]
    usual = first if first == last else None
    found = _lines(usual, language) if usual else []
    for position, (span, week) in enumerate(timeline):
        at_an_end = position in (0, len(timeline) - 1)
        if week == usual or (at_an_end and not any(week)):
            continue
        lines = _lines(week, language) or [say("hours.closed", language)]
        found.append(_about(season_words(span, language, today), say("hours.separator", language).join(lines), language))
    if usual is not None and not any(usual):
        found.append(say("hours.otherwise_closed", language))
    return found


def _about(when: str, what: str, language: str) -> str:
    return say("hours.about", language, when=when, what=what)


def _timeline(rules: list[Rule]) -> list[tuple[Span, Week]]:
    """The weeks one after the other, from the beginning of time to its end; neighbours that are alike are one."""
    turns = sorted({turn for rule in rules for turn in (rule.span[0], rule.span[1] + ONE_DAY if rule.span[1] else None) if turn})
    starts: list[date | None] = [None, *turns]
    ends: list[date | None] = [*(turn - ONE_DAY for turn in turns), None]
    found: list[tuple[Span, Week]] = []
    for span in zip(starts, ends, strict=True):
        week = _week(rule for rule in rules if overlap(rule.span, span))
        if found and found[-1][1] == week:
            found[-1] = ((found[-1][0][0], span[1]), week)
        else:
            found.append((span, week))
    return found


def _week(rules: Iterable[Rule]) -> Week:
    days: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for rule in sorted(rules, key=lambda one: (one.opens, one.closes)):
        for day in rule.days:
            times = days[day]
            if times and rule.opens <= times[-1][1]:
                times[-1] = (times[-1][0], max(times[-1][1], rule.closes))
            else:
                times.append((rule.opens, rule.closes))
    return tuple(tuple(times) for times in days)


def _lines(week: Week | None, language: str) -> list[str]:
    """One line for each set of days with the same hours."""
    if week is None:
        return []
    by_times: dict[Times, list[int]] = {}
    for day, times in enumerate(week):
        if times:
            by_times.setdefault(times, []).append(day)
    return [say("hours.line", language, days=days_words(days, language), times=_times(times, language)) for times, days in by_times.items()]


def _times(times: Iterable[tuple[int, int]], language: str) -> str:
    words = []
    for opens, closes in times:
        if (opens, closes) == (0, _DAY):
            words.append(say("hours.all_day", language))
        else:
            key = "hours.span_night" if closes > _DAY else "hours.span"
            words.append(say(key, language, opens=clock_words(opens), closes=clock_words(closes)))
    return joined(words, language)


def _exceptions(hours: OpeningHours, language: str, today: date | None) -> list[str]:
    found: list[str] = []
    closed: list[date] = []
    for day, times in [*exceptions_by_day(hours), (None, None)]:
        if closed and (day is None or times or day != closed[-1] + timedelta(days=1)):
            when = season_words((closed[0], closed[-1]), language, today)
            found.append(_about(when, say("hours.closed", language), language))
            closed = []
        if day is not None and times:
            found.append(_about(date_words(day, language, today), _times(times, language), language))
        elif day is not None:
            closed.append(day)
    return found
