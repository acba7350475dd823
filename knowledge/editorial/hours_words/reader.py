"""From tokens to items: ranges of days, seasons and times are put together, what is left over is reported."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.editorial.hours_words.dates import (
    RANGES,
    date_at,
    days_after_a_month,
    days_before_a_date,
    kind_at,
    month_range_in_one,
    past_range,
)
from knowledge.editorial.hours_words.items import Item, Part
from knowledge.editorial.hours_words.times import CLOCKS, clock_at, time_range_at
from knowledge.editorial.hours_words.tokens import PartialDate, Token
from knowledge.editorial.hours_words.vocabulary import Kind

_SETS = {
    Kind.DAILY: frozenset(range(7)), Kind.WEEKDAYS: frozenset(range(5)), Kind.WORKING_DAYS: frozenset(range(5)),
    Kind.WEEKEND: frozenset((5, 6)), Kind.DAY_OFF: frozenset((5, 6)),
}  # fmt: skip
_PLAIN = {
    Kind.CLOSED: Part.CLOSED, Kind.OPEN: Part.OPEN, Kind.HOLIDAY: Part.HOLIDAY, Kind.EXCEPT: Part.EXCEPT,
    Kind.EXCEPT_AFTER: Part.EXCEPT_AFTER, Kind.ALSO: Part.ALSO, Kind.ALL_DAY: Part.ALL_DAY, Kind.NONSTOP: Part.NONSTOP,
    Kind.APPOINTMENT: Part.APPOINTMENT, Kind.OTHERWISE: Part.OTHERWISE,
    Kind.MORNING: Part.PART_DAY, Kind.AFTERNOON: Part.PART_DAY, Kind.NIGHT: Part.PART_DAY,
    Kind.COMMA: Part.COMMA, Kind.COLON: Part.COLON, Kind.PAREN_OPEN: Part.PAREN_OPEN, Kind.PAREN_CLOSE: Part.PAREN_CLOSE,
    Kind.STOP: Part.STOP, Kind.LINE: Part.LINE, Kind.BLANK: Part.BLANK,
}  # fmt: skip
_SILENT = (Kind.FILLER, Kind.FROM, Kind.AND, Kind.HOUR, Kind.RANGE, Kind.DASH, Kind.BETWEEN, Kind.FROM_AFTER, Kind.UNTIL_AFTER)
_HARD = (Kind.STOP, Kind.LINE, Kind.BLANK)


def read_items(tokens: Sequence[Token]) -> tuple[list[Item], list[tuple[str, int, int]]]:
    """The items in order, and (message, start, end) for what is none; places are those of the folded text."""
    reader = _Reader(_between_as_range(tokens))
    reader.run()
    return reader.items, reader.odd


def _between_as_range(tokens: Sequence[Token]) -> list[Token]:
    """ "between 9 and 12" as "from 9 to 12"."""
    found: list[Token] = []
    waiting = 0
    for token in tokens:
        if token.kind is Kind.BETWEEN:
            waiting = 6
        elif waiting and token.kind is Kind.AND:
            token = Token(Kind.RANGE, token.start, token.end)
            waiting = 0
        waiting = max(0, waiting - 1)
        found.append(token)
    return found


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.items: list[Item] = []
        self.odd: list[tuple[str, int, int]] = []
        self._odd_end = -1

    def run(self) -> None:
        while self.at < len(self.tokens):
            kind = self.tokens[self.at].kind
            if self._dates() or self._days() or self._times():
                continue
            if kind in _PLAIN:
                self._item(_PLAIN[kind], self.at + 1)
            elif kind in (Kind.IRREGULAR, Kind.SCHOOL):
                self._item(Part.IRREGULAR, self.at + 1, note="irregular" if kind is Kind.IRREGULAR else "school_holidays")
            elif kind is Kind.SEASON:
                if self._has_dates():
                    self.at += 1
                else:
                    self._item(Part.IRREGULAR, self.at + 1, note="season_dates")
            elif kind in _SILENT:
                self.at += 1
            else:
                self._report(self.tokens[self.at].note or "unknown_word", self.at + 1)

    def _kind(self, ahead: int = 0) -> Kind | None:
        return kind_at(self.tokens, self.at + ahead)

    def _item(self, part: Part, end: int, **more: object) -> None:
        first, last = self.tokens[self.at], self.tokens[end - 1]
        self.items.append(Item(part, first.start, last.end, **more))  # type: ignore[arg-type]
        self.at = end

    def _report(self, key: str, end: int) -> None:
        """Words, and numbers beside them, that follow each other are one problem."""
        self.items.append(Item(Part.ODD, self.tokens[self.at].start, self.tokens[end - 1].end, note=key))
        start, stop = self.tokens[self.at].start, self.tokens[end - 1].end
        joins = ("unknown_word", "lone_time")
        if self.odd and self._odd_end == self.at and key in joins and self.odd[-1][0] in joins:
            before = self.odd.pop()
            same = key == before[0] == "lone_time"
            self.odd.append(("lone_time" if same else "unknown_word", before[1], stop))
        else:
            self.odd.append((key, start, stop))
        self.at = self._odd_end = end

    def _has_dates(self) -> bool:
        near = self.tokens[max(0, self.at - 6) : self.at + 5]
        return any(token.kind in (Kind.DATE, Kind.MONTH) or (token.date is not None) for token in near)

    def _last_item(self) -> Part | None:
        return self.items[-1].part if self.items else None

    def _dates(self) -> bool:
        kind = self._kind()
        opening = kind in (Kind.FROM, Kind.BETWEEN)
        ending = kind is Kind.RANGE
        start = self.at
        while kind_at(self.tokens, start) in (Kind.FROM, Kind.BETWEEN, Kind.FILLER) or (ending and kind_at(self.tokens, start) in RANGES):
            start += 1
        if start > self.at and not (opening or ending):
            return False
        shared = days_before_a_date(self.tokens, start)
        if shared:
            days, is_range, end = shared
            if is_range:
                self._span(days[0], days[1], end)
            else:
                self._each_day(days, end)
            return True
        listed = days_after_a_month(self.tokens, start)
        if listed:
            self._each_day(listed[0], listed[1])
            return True
        in_one = month_range_in_one(self.tokens, start)
        if in_one:
            self._span(in_one[0], in_one[1], in_one[2])
            return True
        found = date_at(self.tokens, start) or self._ambiguous(start)
        if found is None:
            return False
        self._from_date(found[0], found[1], opening, ending)
        return True

    def _each_day(self, days: list[PartialDate], end: int) -> None:
        place = self.at
        for day in days:
            self.at = place
            self._item(Part.DATE, end, first=day, last=day, note=self._date_note(place, end))

    def _from_date(self, first: PartialDate, end: int, opening: bool, ending: bool) -> None:
        unit = end
        while kind_at(self.tokens, unit) is Kind.FILLER:
            unit += 1
        if kind_at(self.tokens, unit) in (Kind.UNTIL_AFTER, Kind.FROM_AFTER):
            end = unit
        after = past_range(self.tokens, end)
        last = (date_at(self.tokens, after) or self._ambiguous(after)) if after is not None else None
        if last and not ending:
            self._span(first, last[0], last[1])
        elif ending:
            self._span(None, first, end)
        elif after is not None and kind_at(self.tokens, after) is Kind.FROM_AFTER:
            self._span(first, None, after)
        elif kind_at(self.tokens, end) is Kind.UNTIL_AFTER:
            self._span(None, first, end + 1)
        elif opening or kind_at(self.tokens, end) is Kind.FROM_AFTER:
            self._span(first, None, end)
        elif first.day is None:
            self._span(first, first, end)
        else:
            self._item(Part.DATE, end, first=first, last=first, note=self._date_note(self.at, end))

    def _span(self, first: PartialDate | None, last: PartialDate | None, end: int) -> None:
        while kind_at(self.tokens, end) in (Kind.UNTIL_AFTER, Kind.FROM_AFTER):
            end += 1
        self._item(Part.SPAN, end, first=first, last=last, note=self._date_note(self.at, end))

    def _date_note(self, start: int, end: int) -> str | None:
        return next((token.note for token in self.tokens[start:end] if token.note), None)

    def _ambiguous(self, at: int) -> tuple[PartialDate, int] | None:
        """ "9.10" is a date where it stands without a second time, or where the words after it tell times or "closed"."""
        token = self.tokens[at] if at < len(self.tokens) else None
        if token is None or token.kind is not Kind.TIME or token.date is None:
            return None
        if kind_at(self.tokens, at - 1) in RANGES and self._last_item() is not Part.SPAN and kind_at(self.tokens, at - 2) in CLOCKS:
            before = self.tokens[at - 2]
            if before.date is None:
                return None
        after = past_range(self.tokens, at + 1)
        rest = at + 1 if after is None else after + 1
        if after is None and kind_at(self.tokens, at - 1) not in RANGES:
            return token.date, at + 1
        while rest < len(self.tokens) and self.tokens[rest].kind not in _HARD:
            if self.tokens[rest].kind is Kind.CLOSED or time_range_at(self.tokens, rest):
                return token.date, at + 1
            if self.tokens[rest].kind is Kind.COMMA:
                return None
            rest += 1
        return None

    def _days(self) -> bool:
        token = self.tokens[self.at]
        if token.kind is Kind.NUMBER and token.dotted and self._kind(1) is Kind.DAYS:
            self._item(Part.IRREGULAR, self.at + 1, note="irregular")
            return True
        if token.kind is Kind.DAY_OFF and self._last_item() is Part.DAYS:
            self._item(Part.CLOSED, self.at + 1)
            return True
        if token.kind is Kind.OTHER_DAYS:
            self._item(Part.DAYS, self.at + 1, group=True, note="other_days")
            return True
        if token.kind in _SETS:
            note = "days_assumed" if token.kind is Kind.WORKING_DAYS else None
            self._item(Part.DAYS, self.at + 1, days=_SETS[token.kind], group=True, note=note)
            return True
        if token.kind is not Kind.DAYS:
            return False
        after = past_range(self.tokens, self.at + 1)
        if after is not None and kind_at(self.tokens, after) is Kind.DAYS:
            first, last = token.number, self.tokens[after].number
            run = frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
            self._item(Part.DAYS, after + 1, days=run, group=True)
        else:
            self._item(Part.DAYS, self.at + 1, days=frozenset((token.number,)))
        return True

    def _times(self) -> bool:
        kind = self._kind()
        part = Part.BREAK if kind is Kind.BREAK else Part.TIMES
        skipped = (Kind.FROM, Kind.BETWEEN, Kind.HOUR, Kind.FILLER, *((Kind.BREAK, Kind.COLON) if part is Part.BREAK else ()))
        start = self.at
        while kind_at(self.tokens, start) in skipped:
            start += 1
        if found := time_range_at(self.tokens, start):
            opens, closes, end = found
            self._item(part, end, opens=opens, closes=closes)
            last = self.tokens[end - 1]
            if last.kind is Kind.NUMBER and last.dotted:
                self.items.append(Item(Part.STOP, last.end - 1, last.end))
            return True
        if kind is Kind.RANGE:
            after = past_range(self.tokens, self.at)
            single = clock_at(self.tokens, after) if after is not None else None
            if single:
                self._item(Part.UNTIL, single[1], closes=single[0])
                return True
            return False
        if kind in (Kind.HOUR, Kind.FILLER, Kind.BREAK):
            return False
        return self._single_time(start, kind is Kind.FROM)

    def _single_time(self, start: int, opening: bool) -> bool:
        """A time without a second one: "until 13" with the word behind it, "24 h", or a mistake."""
        single = clock_at(self.tokens, start)
        if single is None:
            return False
        clock, end = single
        while kind_at(self.tokens, end) is Kind.FILLER:
            end += 1
        if kind_at(self.tokens, end) is Kind.UNTIL_AFTER:
            self._item(Part.UNTIL, end + 1, closes=clock)
        elif clock.minutes() == 1440 and self.tokens[start].kind in (Kind.TIME, Kind.NUMBER) and not opening:
            self._item(Part.ALL_DAY, end)
        else:
            self._report("no_end" if opening else "lone_time", end)
        return True
