"""Parsed hours in one line, so that a table of examples can be read."""

from __future__ import annotations

from datetime import date

from knowledge.domain.hours import WEEKDAYS
from knowledge.editorial.hours_words import ParsedHours

TODAY = date(2026, 11, 2)
_SHORT = dict(zip(WEEKDAYS, ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), strict=True))


def shorthand(parsed: ParsedHours) -> str:
    """ "MoTu 09:00-12:00 [2026-06-01..2026-08-31]; 2026-12-24 closed; holidays closed; ! unknown_word 'Raum 3'"."""
    parts = [f"{_days(rule.days)} {rule.opens}-{rule.closes}{_season(rule.valid_from, rule.valid_to)}" for rule in parsed.rules]
    parts += _exceptions(parsed)
    if parsed.closed_on_holidays is not None:
        parts.append("holidays closed" if parsed.closed_on_holidays else "holidays open")
    parts += [f"{'?' if one.notice else '!'} {one.key} '{one.fields['text']}'" for one in parsed.problems]
    return "; ".join(parts)


def _days(days: list[str]) -> str:
    whole = {WEEKDAYS: "daily", WEEKDAYS[:5]: "Mo-Fr"}
    return whole.get(tuple(days), "".join(_SHORT[day] for day in days))


def _season(first: date | None, last: date | None) -> str:
    return f" [{first or ''}..{last or ''}]" if first or last else ""


def _exceptions(parsed: ParsedHours) -> list[str]:
    """Days in a row that are closed as one: "2026-12-24..2027-01-02 closed"."""
    found: list[tuple[date, date, str]] = []
    for one in parsed.exceptions:
        times = "closed" if one.closed else f"{one.opens}-{one.closes}"
        if found and times == found[-1][2] == "closed" and (one.date - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], one.date, times)
        else:
            found.append((one.date, one.date, times))
    return [f"{first} {times}" if first == last else f"{first}..{last} {times}" for first, last, times in found]
