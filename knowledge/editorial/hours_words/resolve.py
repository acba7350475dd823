"""From statements to rules and exceptions: years, seasons, closed days, public holidays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from knowledge.documents.models import ExceptionModel, HoursModel
from knowledge.domain.hours import format_minute
from knowledge.editorial.hours_words.items import Item, Part
from knowledge.editorial.hours_words.parsed import Problem
from knowledge.editorial.hours_words.spans import ALWAYS, NoSuchDate, Span, days_in, single_date, span_dates
from knowledge.editorial.hours_words.statement import Statement
from knowledge.editorial.hours_words.times import Opening, after_a_break, opening
from knowledge.editorial.hours_words.tokens import PartialDate
from knowledge.editorial.hours_words.weekly import (
    Said,
    Shut,
    apply_closed_days,
    as_models,
    crossing,
    overlapping,
    replaced_by_seasons,
)

_EVERY_DAY = frozenset(range(7))
_DAY = 1440
# A few days with other hours, or some weeks closed, are single exceptions; more is a season.
_MOST_OPEN_DAYS = 7
_MOST_CLOSED_DAYS = 31


class Resolver:
    """Reads statements in order; `rules`, `exceptions`, `closed_on_holidays` and `problems` (places of the folded text) result."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.said: list[Said] = []
        self.shut: list[Shut] = []
        self.rules: list[HoursModel] = []
        self.exceptions: list[ExceptionModel] = []
        self.closed_on_holidays: bool | None = None
        self.problems: list[Problem] = []
        self._nonstop = False
        self._year_told = False
        self._closed_in_passing: set[date] = set()

    def run(self, statements: Iterable[Statement]) -> None:
        """Read all statements."""
        listed = list(statements)
        named = frozenset().union(*(item.days for one in listed for item in one.days))
        for statement in listed:
            others = [replace(item, days=_EVERY_DAY - named, note="days_assumed") for item in statement.days if item.note == "other_days"]
            statement.days = [item for item in statement.days if item.note != "other_days"] + others
            self._statement(statement)
        if self._nonstop and self.closed_on_holidays is None:
            self.closed_on_holidays = False
        self._rules()

    def _tell(self, key: str, start: int, end: int, **fields: object) -> None:
        self.problems.append(Problem(key, fields, start, end))

    def _statement(self, said: Statement) -> None:
        if said.irregular is not None:
            self._tell(said.irregular.note or "irregular", said.start, said.end)
            return
        closed = any(item.part is Part.CLOSED for item in said.values)
        if closed and said.part_day is not None:
            self._tell("part_day", said.start, said.end)
            return
        for item in said.days:
            if item.note:
                self._tell(item.note, item.start, item.end, days=item.days)
        openings = self._without_breaks(said, list(self._openings(said)))
        self._holidays(said, closed, bool(openings))
        self._skipped(said)
        if closed and openings:
            self._tell("contradiction", said.start, said.end)
        elif closed:
            self._closed(said)
        elif openings:
            self._open(said, openings)

    def _openings(self, said: Statement) -> Iterable[Opening]:
        earlier: Opening | None = None
        for item in said.values:
            if item.part is Part.APPOINTMENT:
                self._tell("by_appointment", item.start, item.end)
            elif item.part in (Part.ALL_DAY, Part.NONSTOP):
                self._nonstop = self._nonstop or item.part is Part.NONSTOP
                yield Opening(0, _DAY)
            elif item.part in (Part.TIMES, Part.UNTIL):
                found = self._opening(said, item, earlier)
                if found is not None:
                    earlier = found
                    yield found

    def _without_breaks(self, said: Statement, openings: list[Opening]) -> list[Opening]:
        """ "9-17, lunch break 12-13" is open twice."""
        for item in said.values:
            if item.part is not Part.BREAK or item.opens is None or item.closes is None:
                continue
            pause = opening(item.opens, item.closes)
            if pause is None or not any(one.opens < pause.closes and pause.opens < one.closes for one in openings):
                self._tell("no_break", item.start, item.end)
                continue
            parts = [((one.opens, min(one.closes, pause.opens)), (max(one.opens, pause.closes), one.closes)) for one in openings]
            openings = [Opening(begin, end) for pair in parts for begin, end in pair if begin < end]
        return openings

    def _opening(self, said: Statement, item: Item, earlier: Opening | None) -> Opening | None:
        begins = item.opens or (said.opens_like.opens if said.opens_like else None)
        if begins is None or item.closes is None:
            self._tell("no_start", item.start, item.end)
            return None
        found = opening(begins, item.closes)
        if found is None:
            self._tell("same_time", item.start, item.end)
            return None
        if earlier is not None:
            found = after_a_break(found, begins, item.closes, earlier)
        if item.opens is None:
            self._tell("opens_assumed", item.start, item.end, time=found.opens)
        if found.note:
            self._tell(found.note, item.start, item.end, opens=found.opens, closes=found.closes)
        return found

    def _holidays(self, said: Statement, closed: bool, has_times: bool) -> None:
        if any(item.part is Part.HOLIDAY for item in said.skip):
            self._set_holidays(True, said)
        if said.holiday is None:
            return
        days = frozenset().union(*(item.days for item in said.days))
        if closed:
            self._set_holidays(True, said)
        elif not has_times:
            if not any(item.part is Part.APPOINTMENT for item in said.values):
                self._set_holidays(False, said)
        elif _around(said) or days == _EVERY_DAY or (days and said.also):
            self._set_holidays(False, said)
        else:
            self._tell("holiday_hours", said.holiday.start, said.holiday.end)

    def _set_holidays(self, closed: bool, said: Statement) -> None:
        if self.closed_on_holidays not in (None, closed):
            self._tell("contradiction", said.start, said.end)
        self.closed_on_holidays = closed

    def _skipped(self, said: Statement) -> None:
        for item in said.skip:
            if item.part is Part.DATE and item.first:
                for day in self._date(item.first, item):
                    self._exception(day, None, item)
            elif item.part is Part.SPAN:
                span = self._span(item)
                if span is not None and not self._few_days(span, _MOST_CLOSED_DAYS, [], item):
                    self.shut.append(Shut(_EVERY_DAY, span, item.start, item.end))

    def _date(self, when: PartialDate, item: Item) -> list[date]:
        try:
            found = single_date(when, self.today)
        except NoSuchDate:
            self._tell("bad_date", item.start, item.end)
            return []
        if item.note:
            self._tell(item.note, item.start, item.end, date=found)
        if when.year is None:
            self._year(found, item)
        return [found]

    def _year(self, found: date | None, item: Item) -> None:
        if not self._year_told and found is not None:
            self._year_told = True
            self._tell("year_assumed", item.start, item.end, date=found)

    def _span(self, item: Item) -> Span | None:
        try:
            found = span_dates(item.first, item.last, self.today)
        except NoSuchDate:
            self._tell("season_order", item.start, item.end)
            return None
        if item.note:
            self._tell(item.note, item.start, item.end, date=found[0] or found[1])
        if not any(one.year for one in (item.first, item.last) if one):
            self._year(found[0] or found[1], item)
        return found

    def _exception(self, day: date, times: Opening | None, item: Item) -> None:
        if times is None:
            one = ExceptionModel(date=day, closed=True)
        else:
            if times.closes > _DAY:
                self._tell("night_exception", item.start, item.end, date=day + timedelta(days=1))
            closes = min(times.closes, _DAY)
            one = ExceptionModel(date=day, opens=format_minute(times.opens), closes=format_minute(closes))
        if not one.closed and day in self._closed_in_passing:
            # "24.12.-2.1. closed, 31.12. 10-12": the single day is the more exact word.
            self.exceptions = [other for other in self.exceptions if other.date != day or not other.closed]
        elif one.closed and item.part is Part.SPAN and any(other.date == day for other in self.exceptions):
            return
        if any(other.date == day and other.closed != one.closed for other in self.exceptions):
            self._tell("contradiction", item.start, item.end)
        if one.closed and item.part is Part.SPAN:
            self._closed_in_passing.add(day)
        if one not in self.exceptions:
            self.exceptions.append(one)

    def _dates(self, said: Statement, openings: list[Opening]) -> None:
        described = said.days[0] if len(said.days) == 1 and len(said.dates) == 1 and len(said.days[0].days) == 1 else None
        for item in said.dates:
            for day in self._date(item.first, item) if item.first else ():
                if described is not None and day.weekday() not in described.days:
                    self._tell("weekday_mismatch", described.start, item.end, date=day, days=frozenset((day.weekday(),)))
                for times in openings or (None,):
                    self._exception(day, times, item)
        if described is not None:
            said.days.clear()

    def _few_days(self, span: Span, most: int, openings: list[Opening], item: Item) -> bool:
        """Whether the season is so short that each of its days became an exception."""
        days, first = days_in(span), span[0]
        if days is None or first is None or days > most:
            return False
        for ahead in range(days):
            for times in openings or (None,):
                self._exception(first + timedelta(days=ahead), times, item)
        return True

    def _selected_days(self, said: Statement) -> frozenset[int] | None:
        """The days that are named, without those that are excepted; None where no day is named."""
        skipped = frozenset().union(*(item.days for item in said.skip))
        if not said.days:
            return _EVERY_DAY - skipped if skipped else None
        return frozenset().union(*(item.days for item in said.days)) - skipped

    def _closed(self, said: Statement) -> None:
        if said.dates:
            self._dates(said, [])
        days = self._selected_days(said)
        span = self._span(said.span) if said.span and (days or not said.dates) else ALWAYS
        if span is None:
            return
        if days is not None:
            self.shut.append(Shut(days, span, said.start, said.end))
        elif said.span is not None and not said.dates:
            if not self._few_days(span, _MOST_CLOSED_DAYS, [], said.span):
                self.shut.append(Shut(_EVERY_DAY, span, said.start, said.end))
        elif not said.dates and said.holiday is None:
            self._tell("bare_closed", said.start, said.end)

    def _open(self, said: Statement, openings: list[Opening]) -> None:
        if said.dates:
            self._dates(said, openings)
        days = self._selected_days(said)
        if days is None and (said.dates or (said.holiday is not None and not _around(said))):
            return
        span = self._span(said.span) if said.span else ALWAYS
        if span is None:
            return
        if days is None:
            if said.span is not None and self._few_days(span, _MOST_OPEN_DAYS, openings, said.span):
                return
            days = _EVERY_DAY
            if not any(item.part in (Part.ALL_DAY, Part.NONSTOP) for item in said.values):
                self._tell("every_day_assumed", said.start, said.end)
        also = said.also and said.span is not None
        for times in openings:
            self.said.append(Said(days, times.opens, times.closes, span, also, said.own_days, said.start, said.end))

    def _rules(self) -> None:
        for days, later in overlapping(self.said):
            self._tell("overlap", later.start, later.end, days=days)
        for span, later in crossing(self.said):
            self._tell("seasons_overlap", later.start, later.end, season=span)
        said, against = apply_closed_days(self.said, self.shut)
        for closure in against:
            self._tell("contradiction", closure.start, closure.end)
        said, cut = replaced_by_seasons(said, self.shut)
        for span in cut:
            place = next((one.start, one.end) for one in self._seasonal() if one.span == span)
            self._tell("season_replaces", *place, season=span)
        self.rules = [model for rule in said if rule.days for model in as_models(rule)]

    def _seasonal(self) -> list[Said | Shut]:
        return [*self.said, *self.shut]


def _around(said: Statement) -> bool:
    """Whether it says day and night, all the time."""
    return any(item.part is Part.NONSTOP for item in said.values)
