"""Hours as they are kept, whichever shape they come in, with nights put together again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from knowledge.documents.models import ServiceAtModel
from knowledge.domain.hours import WEEKDAYS, HoursException, HoursRule, OpeningHours, parse_minute
from knowledge.editorial.hours_words.spans import Span, shifted

_DAY = 1440
_NOON = 720


@dataclass(frozen=True, slots=True)
class Rule:
    """Open on `days` from `opens` to `closes`; past 1440 minutes it is the next day."""

    days: frozenset[int]
    opens: int
    closes: int
    span: Span


def opening_hours(at: ServiceAtModel | OpeningHours) -> OpeningHours:
    """The hours of a place, for a document or for the domain's record."""
    if isinstance(at, OpeningHours):
        return at
    rules = tuple(
        HoursRule(
            frozenset(WEEKDAYS.index(day) for day in rule.days),
            parse_minute(rule.opens),
            parse_minute(rule.closes),
            rule.valid_from,
            rule.valid_to,
        )
        for rule in at.hours
    )
    exceptions = tuple(
        HoursException(one.date, parse_minute(one.opens) if one.opens else None, parse_minute(one.closes) if one.closes else None)
        for one in at.exceptions
    )
    return OpeningHours(rules, exceptions, at.closed_on_holidays)


def rules_of(hours: OpeningHours) -> list[Rule]:
    """The rules one by one, as they are kept."""
    return [Rule(rule.days, rule.opens, rule.closes, (rule.valid_from, rule.valid_to)) for rule in hours.rules]


def night_of(evening: Rule, morning: Rule) -> Rule | None:
    """Two rules that are one night: until 24:00, and from 0:00 on the day after."""
    next_days = frozenset((day + 1) % 7 for day in evening.days)
    after_midnight = morning.opens == 0 and morning.closes <= _NOON and morning.closes <= evening.opens
    if evening.closes == _DAY and after_midnight and morning.days == next_days and morning.span == shifted(evening.span):
        return Rule(evening.days, evening.opens, _DAY + morning.closes, evening.span)
    return None


def nights_by_day(rules: list[Rule]) -> list[Rule]:
    """Rules for one day each, nights put together wherever one day's evening has a next day's morning."""
    single = [Rule(frozenset((day,)), rule.opens, rule.closes, rule.span) for rule in rules for day in sorted(rule.days)]
    single = list(dict.fromkeys(single))
    mornings = [rule for rule in single if rule.opens == 0 and rule.closes <= _NOON]
    used: set[Rule] = set()
    found: list[Rule] = []
    for rule in single:
        night = next(((morning, one) for morning in mornings if morning not in used and (one := night_of(rule, morning))), None)
        if night is not None:
            used.add(night[0])
            found.append(night[1])
        else:
            found.append(rule)
    return [rule for rule in found if rule not in used]


def exceptions_by_day(hours: OpeningHours) -> list[tuple[date, list[tuple[int, int]]]]:
    """The openings of each day that differs, in order of the days; none where it is closed."""
    found: dict[date, list[tuple[int, int]]] = {}
    for one in sorted(hours.exceptions, key=lambda one: (one.day, one.opens or 0)):
        times = found.setdefault(one.day, [])
        if one.opens is not None and one.closes is not None:
            times.append((one.opens, one.closes))
    return list(found.items())
