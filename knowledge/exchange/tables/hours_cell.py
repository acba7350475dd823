"""Opening hours in one cell: one fixed form that no language changes, and its reader.

    Mo-Fr 09:00-12:00, 14:00-18:00; 2026-06-01..2026-08-31 Mo 09:00-11:00; 2026-12-24 closed; 2026-12-31 09:00-10:00; holidays: closed

Rules are separated by semicolons or line breaks. A rule has, if it is for a season, the first and the last day of it (either may be
left out: ``2026-06-01..``), the weekdays (Mo Tu We Th Fr Sa Su) and one or more times. A single date is a day that differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.domain.hours import WEEKDAYS, format_minute, parse_minute
from knowledge.exchange.tables.problems import Problem

SHORT = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_GERMAN = ("mo", "di", "mi", "do", "fr", "sa", "so")
_GERMAN_FULL = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
DAY_NAMES: dict[str, int] = {
    name.lower(): number
    for names in (SHORT, WEEKDAYS, [day[:3] for day in WEEKDAYS], _GERMAN, _GERMAN_FULL)
    for number, name in enumerate(names)
}
_ALWAYS = "24/7"
_DATE = r"\d{4}-\d{2}-\d{2}"
_TIMES = r"\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2}(?:\s*,\s*\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2})*"
_RULE = re.compile(rf"(?:(?P<first>{_DATE})?\.\.(?P<last>{_DATE})?\s+)?(?P<days>[^\d.]+?)\.?:?\s+(?P<times>{_TIMES})")
_EXCEPTION = re.compile(rf"(?P<date>{_DATE}):?\s+(?:(?P<closed>closed|geschlossen)|(?P<times>{_TIMES}))", re.IGNORECASE)
_HOLIDAYS = re.compile(r"(?:holidays|feiertage|feiertags):?\s+(?:(?P<closed>closed|geschlossen)|open|offen|geöffnet)", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})")


@dataclass
class Hours:
    """Opening hours as documents have them (`ServiceAtModel`)."""

    rules: list[dict[str, Any]] = field(default_factory=list)
    exceptions: list[dict[str, Any]] = field(default_factory=list)
    closed_on_holidays: bool = True


def format_hours(rules: Iterable[Mapping[str, Any]], exceptions: Iterable[Mapping[str, Any]], closed_on_holidays: bool) -> str:
    """The cell for the hours of a document; empty where nothing is known. `parse_hours_cell` gives the same hours back."""
    parts: list[list[str]] = []
    heads: list[str | None] = []
    for rule in rules:
        _append(parts, heads, _head(rule), _time(rule))
    for exception in exceptions:
        day = _day(exception["date"])
        _append(parts, heads, *((None, f"{day} closed") if exception.get("closed") else (day, _time(exception))))
    written = [(f"{head} " if head else "") + ", ".join(times) for head, times in zip(heads, parts, strict=True)]
    if written or not closed_on_holidays:
        written.append(f"holidays: {'closed' if closed_on_holidays else 'open'}")
    return "; ".join(written)


def _append(parts: list[list[str]], heads: list[str | None], head: str | None, time: str) -> None:
    """Times that follow one another on the same days stand together."""
    if head is not None and heads and heads[-1] == head:
        parts[-1].append(time)
    else:
        heads.append(head)
        parts.append([time])


def _head(rule: Mapping[str, Any]) -> str:
    first, last = rule.get("valid_from"), rule.get("valid_to")
    season = f"{_day(first) if first else ''}..{_day(last) if last else ''} " if first or last else ""
    return season + format_days(rule["days"])


def _day(value: date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _time(values: Mapping[str, Any]) -> str:
    return f"{values['opens']}-{values['closes']}"


def format_days(days: Iterable[str]) -> str:
    """``"Mo-We,Fr"`` for English names of weekdays; three or more in a row are a span."""
    numbers = sorted({WEEKDAYS.index(day) for day in days})
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    spans = [f"{SHORT[run[0]]}-{SHORT[run[-1]]}" if len(run) > 2 else ",".join(SHORT[day] for day in run) for run in runs]
    return ",".join(spans)


def parse_days(text: str) -> list[str]:
    """English names of the weekdays of ``"Mo-We, Fr"``, in the order of the week; names may be German or written out.

    Raises Problem where a word is no weekday.
    """
    found: set[int] = set()
    for part in re.split(r"[,+/&\s]+|\bund\b|\band\b", re.sub(r"\s*[-–]\s*|\s+bis\s+|\s+to\s+", "-", text.strip())):
        if not part:
            continue
        ends = [DAY_NAMES.get(name.strip().rstrip(".").lower()) for name in part.split("-")]
        if len(ends) > 2 or None in ends:
            raise Problem("weekday", value=part)
        first, last = ends[0], ends[-1]
        assert first is not None and last is not None
        found |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    if not found:
        raise Problem("weekday", value=text)
    return [WEEKDAYS[number] for number in sorted(found)]


def parse_hours_cell(text: str) -> Hours:
    """The hours of a cell.

    Raises Problem with the part that cannot be read.
    """
    hours = Hours()
    holidays: bool | None = None
    for part in (one.strip() for one in re.split(r"[;\n]", text)):
        if not part:
            continue
        if part == _ALWAYS:
            hours.rules.append({"days": list(WEEKDAYS), "opens": "00:00", "closes": "24:00"})
            holidays = False if holidays is None else holidays
        elif found := _HOLIDAYS.fullmatch(part):
            holidays = found["closed"] is not None
        elif found := _EXCEPTION.fullmatch(part):
            hours.exceptions += _exceptions(found)
        elif found := _RULE.fullmatch(part):
            hours.rules += _rules(found, part)
        else:
            raise Problem("hours", value=part)
    hours.closed_on_holidays = holidays is not False
    return hours


def _exceptions(found: re.Match[str]) -> list[dict[str, Any]]:
    day = _checked(found["date"])
    if found["closed"]:
        return [{"date": day, "closed": True}]
    return [{"date": day, "opens": opens, "closes": closes} for opens, closes in _times(found["times"])]


def _rules(found: re.Match[str], part: str) -> list[dict[str, Any]]:
    if ".." in part and not (found["first"] or found["last"]):
        raise Problem("hours", value=part)
    season = {name: _checked(found[group]) for name, group in (("valid_from", "first"), ("valid_to", "last")) if found[group]}
    days = parse_days(found["days"])
    return [{"days": days, "opens": opens, "closes": closes, **season} for opens, closes in _times(found["times"])]


def _checked(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Problem("date", value=text) from error


def _times(text: str) -> list[tuple[str, str]]:
    try:
        return [(format_minute(parse_minute(opens)), format_minute(parse_minute(closes))) for opens, closes in _TIME.findall(text)]
    except ValueError as error:
        raise Problem("time", value=text) from error
