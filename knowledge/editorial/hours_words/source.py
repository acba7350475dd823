"""Opening hours in the form in which an editor types them, so that the parser reads exactly the same hours again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from knowledge.documents.models import ServiceAtModel
from knowledge.domain.hours import HoursException, HoursRule, OpeningHours
from knowledge.editorial.hours_words.given import Rule, night_of, opening_hours, rules_of
from knowledge.editorial.hours_words.names import clock_words, date_words, day_name, runs_of_days, season_words
from knowledge.editorial.hours_words.parsed import ParsedHours
from knowledge.editorial.hours_words.parser import parse_hours
from knowledge.editorial.hours_words.spans import ALWAYS, Span, days_in, without
from locales.catalogue import say

_NOON = 720
_MOST_CLOSED_DAYS = 31
# All dates are written with their year, so no day is nearer than another.
_ANY_DAY = date(2026, 1, 1)


def hours_source(at: ServiceAtModel | OpeningHours, language: str) -> str:
    """The hours as lines of text; `parse_hours` makes the same rules, exceptions and word about public holidays of it, in any language.

    Dates lie in the years 1900 to 2200. The order of the rules, which has no meaning, may change.
    """
    hours = opening_hours(at)
    rules = rules_of(hours)
    tail = [
        *_exceptions(hours.exceptions, language),
        say("hours.holidays_closed" if hours.closed_on_holidays else "hours.holidays_open", language),
    ]
    candidates: list[Callable[[], list[str] | None]] = [
        lambda: _with_usual_week(rules, language),
        lambda: _lines([(rule, False) for rule in rules], language),
        lambda: _lines([(rule, rule.span != ALWAYS) for rule in rules], language),
    ]
    text = ""
    for candidate in candidates:
        lines = candidate()
        if lines is None:
            continue
        text = "\n".join([*lines, *tail])
        if _same(hours, parse_hours(text, language, _ANY_DAY)):
            break
    return text


def _same(hours: OpeningHours, parsed: ParsedHours) -> bool:
    at = ServiceAtModel(location="-", hours=parsed.rules, exceptions=parsed.exceptions, closed_on_holidays=bool(parsed.closed_on_holidays))
    found = opening_hours(at)
    same_rules = sorted(map(_key, found.rules)) == sorted(map(_key, hours.rules))
    return same_rules and found.exceptions == hours.exceptions and found.closed_on_holidays == hours.closed_on_holidays


def _key(rule: HoursRule) -> tuple[list[int], int, int, date, date]:
    return sorted(rule.days), rule.opens, rule.closes, rule.valid_from or date.min, rule.valid_to or date.max


def _lines(rules: list[tuple[Rule, bool]], language: str) -> list[str]:
    """A line for each run of rules of the same days; those marked True add to other hours ("also")."""
    groups: list[tuple[Rule, bool, list[str]]] = []
    left = list(rules)
    while left:
        rule, also = left.pop(0)
        night = night_of(rule, left[0][0]) if left else None
        if night is not None and night.opens > _NOON:
            left.pop(0)
            rule = night
        times = f"{clock_words(rule.opens)}-{clock_words(rule.closes)}"
        if groups and (groups[-1][0].days, groups[-1][0].span, groups[-1][1]) == (rule.days, rule.span, also):
            groups[-1][2].append(times)
        else:
            groups.append((rule, also, [times]))
    return [_line(rule.span, also, f"{_days(rule.days, language)} {', '.join(times)}", language) for rule, also, times in groups]


def _line(span: Span, also: bool, what: str, language: str) -> str:
    if span == ALWAYS:
        return what
    extra = f"{say('hours.also', language)} " if also else ""
    return f"{extra}{season_words(span, language, as_range=True)}: {what}"


def _days(days: frozenset[int], language: str) -> str:
    if len(days) == 7:
        return say("hours.every_day", language)
    names = []
    for first, last in runs_of_days(days):
        name = day_name(first, language)
        names.append(name if first == last else f"{name} - {day_name(last, language)}")
    return ", ".join(names)


def _with_usual_week(rules: list[Rule], language: str) -> list[str] | None:
    """The usual week without dates where seasons were cut out of it; None where there is no such week."""
    seasons = list(dict.fromkeys(rule.span for rule in rules if rule.span[0] and rule.span[1]))
    before = [rule for rule in rules if rule.span[0] is None and rule.span[1] is not None]
    after = [rule for rule in rules if rule.span[0] is not None and rule.span[1] is None]
    ends, begins = {rule.span[1] for rule in before}, {rule.span[0] for rule in after}
    if len(ends) != 1 or len(begins) != 1 or [_hours(one) for one in before] != [_hours(one) for one in after]:
        return None
    end, begin = next(iter(ends)), next(iter(begins))
    if end is None or begin is None or begin <= end + timedelta(days=1):
        return None
    gaps: list[Span] = [(end + timedelta(days=1), begin - timedelta(days=1))]
    for season in seasons:
        gaps = [part for gap in gaps for part in without(gap, season)]
    if any((days_in(gap) or 0) <= _MOST_CLOSED_DAYS for gap in gaps):
        return None
    usual = [(Rule(*_hours(one), ALWAYS), False) for one in before]
    others = [(rule, False) for rule in rules if rule.span[0] and rule.span[1]]
    closed = [_line(gap, False, say("hours.closed", language), language) for gap in gaps]
    return [*_lines(usual, language), *_lines(others, language), *closed]


def _hours(rule: Rule) -> tuple[frozenset[int], int, int]:
    return rule.days, rule.opens, rule.closes


def _exceptions(exceptions: Iterable[HoursException], language: str) -> list[str]:
    found: list[tuple[date, date, list[str]]] = []
    listed = list(exceptions)
    opened = {one.day for one in listed if one.opens is not None}
    for one in listed:
        if one.opens is None or one.closes is None:
            before = found[-1] if found and not found[-1][2] else None
            if (
                before
                and not opened & {before[0], one.day}
                and one.day == before[1] + timedelta(days=1)
                and (one.day - before[0]).days < _MOST_CLOSED_DAYS
            ):
                found[-1] = (before[0], one.day, [])
            else:
                found.append((one.day, one.day, []))
            continue
        times = f"{clock_words(one.opens)}-{clock_words(one.closes)}"
        if found and found[-1][2] and found[-1][0] == one.day:
            found[-1][2].append(times)
        else:
            found.append((one.day, one.day, [times]))
    closed = say("hours.closed", language)
    return [
        f"{date_words(first, language) if first == last else season_words((first, last), language)}: {', '.join(times) or closed}"
        for first, last, times in found
    ]
