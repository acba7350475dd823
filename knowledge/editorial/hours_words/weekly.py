"""Weekly rules as they were said, and how seasons and closed days change them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from knowledge.documents.models import HoursModel
from knowledge.domain.hours import WEEKDAYS, format_minute
from knowledge.editorial.hours_words.spans import ALWAYS, Span, overlap, shifted, within, without

_DAY = 1440
_EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Said:
    """Open from `opens` to `closes` (minutes after midnight, past 1440 on the next day) on `days` in the season `span`.

    `also` adds to other hours; otherwise a season stands in the place of what is usual; with `own_days` only on these days.
    `start` and `end` are its place in the folded text.
    """

    days: frozenset[int]
    opens: int
    closes: int
    span: Span
    also: bool
    own_days: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Shut:
    """Closed on `days` in the season `span`."""

    days: frozenset[int]
    span: Span
    start: int
    end: int


def apply_closed_days(said: list[Said], shut: list[Shut]) -> tuple[list[Said], list[Shut]]:
    """Rules without the days that are closed, and the closures that contradict a rule, which stays."""
    against: list[Shut] = []
    for closure in shut:
        left: list[Said] = []
        for rule in said:
            if rule.span != closure.span or not rule.days & closure.days:
                left.append(rule)
            elif rule.days <= closure.days:
                left.append(rule)
                against.append(closure)
            else:
                left.append(replace(rule, days=rule.days - closure.days))
        said = left
    return said, against


def replaced_by_seasons(said: list[Said], shut: list[Shut]) -> tuple[list[Said], list[Span]]:
    """Rules with the narrower seasons cut out, and the seasons that were cut out of something.

    A season about which only closed days are said keeps the usual hours of its other days.
    """
    carvers = _replaced_days(said, shut)
    spoken = {rule.span for rule in said}
    found: list[Said] = []
    cut: list[Span] = []
    for rule in said:
        holes = [] if rule.also else [hole for hole in sorted(carvers, key=str) if within(hole, rule.span) and rule.days & carvers[hole]]
        pieces = [rule.span]
        for hole in holes:
            pieces = [part for piece in pieces for part in without(piece, hole)]
            cut.append(hole)
        pieces.sort(key=lambda span: (span[0] is not None, span[0] or span[1]))
        found.extend(replace(rule, span=piece) for piece in pieces)
        for closure in shut:
            days = rule.days - closure.days
            if closure.span in holes and closure.span not in spoken and days:
                found.append(replace(rule, span=closure.span, days=days))
    return found, list(dict.fromkeys(cut))


def _replaced_days(said: list[Said], shut: list[Shut]) -> dict[Span, frozenset[int]]:
    """For each season the days whose usual hours it replaces: all, unless the season was only added behind the hours of some days."""
    found: dict[Span, frozenset[int]] = {}
    for rule in said:
        if not rule.also and rule.span != ALWAYS:
            found[rule.span] = found.get(rule.span, frozenset()) | (rule.days if rule.own_days else _EVERY_DAY)
    return found | {one.span: _EVERY_DAY for one in shut if one.span != ALWAYS}


def crossing(said: list[Said]) -> list[tuple[Span, Said]]:
    """Seasons that overlap without one being a part of the other, with the later rule."""
    found: list[tuple[Span, Said]] = []
    for at, later in enumerate(said):
        for earlier in said[:at]:
            if later.also or earlier.also or later.span == earlier.span or not overlap(later.span, earlier.span):
                continue
            if not within(later.span, earlier.span) and not within(earlier.span, later.span):
                found.append((earlier.span, later))
                break
    return found


def overlapping(said: list[Said]) -> list[tuple[frozenset[int], Said]]:
    """Rules of one season that open twice at the same time, with the days."""
    found: list[tuple[frozenset[int], Said]] = []
    for at, later in enumerate(said):
        for earlier in said[:at]:
            days = later.days & earlier.days
            same = later.span == earlier.span and not (later.also or earlier.also)
            if same and days and earlier.opens < later.closes and later.opens < earlier.closes:
                found.append((days, later))
                break
    return found


def as_models(rule: Said) -> list[HoursModel]:
    """The rule as documents have it; a night is two rules."""
    if rule.closes <= _DAY:
        return [_model(rule.days, rule.opens, rule.closes, rule.span)]
    next_days = frozenset((day + 1) % 7 for day in rule.days)
    return [
        _model(rule.days, rule.opens, _DAY, rule.span),
        _model(next_days, 0, rule.closes - _DAY, shifted(rule.span)),
    ]


def _model(days: frozenset[int], opens: int, closes: int, span: Span) -> HoursModel:
    return HoursModel(
        days=[WEEKDAYS[day] for day in sorted(days)],
        opens=format_minute(opens),
        closes=format_minute(closes),
        valid_from=span[0],
        valid_to=span[1],
    )
