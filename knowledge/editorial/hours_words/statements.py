"""From items to statements: which times belong to which days, across commas, sentences and lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.editorial.hours_words.items import SELECTORS, VALUES, Item, Part
from knowledge.editorial.hours_words.statement import Statement, collect, runs_of

_HARD = (Part.STOP, Part.LINE, Part.BLANK)
Odd = tuple[str, int, int]
_MISTAKEN_DAYS = ("unknown_word", "bad_date")
_MISTAKEN_TIMES = ("lone_time", "no_end", "bad_time")


class Assembler:
    """Builds statements; `odd` collects (message, start, end) for selectors that nothing is said about."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.statements: list[Statement] = []
        self.odd: list[Odd] = []
        self.pending = Statement()
        self.last: Statement | None = None
        self.fresh_segment = True
        self.line_span: Item | None = None
        self.block_span: Item | None = None
        self.segment_span: Item | None = None

    @property
    def near(self) -> Statement | None:
        """The statement before, if it stands in the same line or sentence."""
        return None if self.fresh_segment or self.last is None or self.last.lost else self.last

    def run(self) -> None:
        """Read all items."""
        clause: list[Item] = []
        for item in self.items:
            if item.part in (*_HARD, Part.COMMA, Part.PAREN_OPEN, Part.PAREN_CLOSE):
                self._clause(clause)
                clause = []
                if item.part in _HARD:
                    self._end_segment(item.part)
                elif item.part is Part.PAREN_CLOSE:
                    self._end_paren()
            else:
                if item.part is Part.OPEN and _is_value_first(clause):
                    self._clause(clause)
                    clause = []
                clause.append(item)
        self._clause(clause)
        self._end_segment(Part.BLANK)
        self._give_up()

    def _clause(self, clause: Sequence[Item]) -> None:
        odd = clause[-1] if clause and clause[-1].part is Part.ODD else None
        runs = runs_of(self._without_scopes(item for item in clause if item.part is not Part.ODD))
        if runs and runs[0][0] and not self.pending.positive:
            if len(runs) % 2 == 1 and clause[0].part is Part.ODD and clause[0].note in _MISTAKEN_DAYS:
                # "Mittwcoh 14-18": these are not the hours of the day before, nor of every day.
                self.last = Statement(lost=True)
                self.fresh_segment = False
            runs = self._value_first(runs)
        for position, (is_value, items) in enumerate(runs):
            if is_value:
                self._finish(items)
            else:
                self._select(items, before_value=position + 1 < len(runs), after_value=position > 0)
        if odd is not None and self.pending.irregular is not None:
            # "Last entry 16:30": nothing of it can be kept, and it says nothing about what comes next.
            self._give_up()
        elif odd is not None and odd.note in _MISTAKEN_TIMES and self.pending.selected:
            self.pending.odd = True

    def _without_scopes(self, clause: Iterable[Item]) -> list[Item]:
        """Colons and "otherwise" set how far a season reaches; what is left are selectors, values and marks."""
        kept: list[Item] = []
        for item in clause:
            if item.part is Part.COLON:
                before = kept[-1] if kept else self.pending.span if self.pending.only_span else None
                if before is not None and before.part is Part.SPAN:
                    self.line_span = before
            elif item.part is Part.OTHERWISE:
                self.line_span = self.block_span = self.segment_span = None
            else:
                kept.append(item)
        return kept

    def _value_first(self, runs: list[tuple[bool, list[Item]]]) -> list[tuple[bool, list[Item]]]:
        """Deal with a clause that begins with times or "closed"; gives back the runs that are left, selectors first."""
        if len(runs) % 2 == 1 and self.last is not None:
            self._continue(runs[0][1])
            return runs[1:]
        while len(runs) >= 2 and runs[0][0]:
            if not any(item.part in SELECTORS for item in runs[1][1]) or runs[1][1][0].part is Part.EXCEPT:
                self._finish(runs[0][1])
                return runs[1:]
            collect(self.pending, runs[1][1])
            self._finish(runs[0][1], value_first=True)
            runs = runs[2:]
        if len(runs) == 1 and runs[0][0]:
            if self.last is not None:
                self._continue(runs[0][1])
            else:
                self._finish(runs[0][1], value_first=True)
            return []
        return runs

    def _continue(self, values: Iterable[Item]) -> None:
        """More times for the statement before: "Mo 9-12, 14-18"."""
        for item in values:
            if self.last is not None and self.last.lost:
                self.odd.append(("no_days", item.start, item.end))
            elif self.last is None or item.part is Part.CLOSED:
                self.odd.append(("bare_closed", item.start, item.end))
            elif any(value.part is Part.CLOSED for value in self.last.values) and item.part is not Part.APPOINTMENT:
                self.odd.append(("contradiction", item.start, item.end))
            else:
                self.last.values.append(item)
                self.last.reach(item)

    def _select(self, items: Sequence[Item], before_value: bool, after_value: bool) -> None:
        fresh = Statement()
        collect(fresh, items)
        if not fresh.selected and not before_value:
            return
        if self.pending.carried and fresh.positive and not self.pending.only_span:
            self._give_up()
        alone = not self.pending.selected
        if alone and self.last is not None and not self.last.lost and fresh.selected and not fresh.positive:
            self.last.skip.extend(fresh.skip)
            if before_value:
                self.pending.days.extend(item for item in fresh.skip if item.part is Part.DAYS)
            return
        qualifies = not before_value and ((fresh.irregular and not fresh.days) or (fresh.only_span and after_value))
        if alone and qualifies and self.near is not None and self.near.values:
            self._qualify(self.near, fresh)
            return
        collect(self.pending, items)
        holiday_alone = fresh.holiday is not None and not fresh.days and not fresh.dates
        if alone and holiday_alone and not before_value and (fresh.also or fresh.opened):
            self._finish([])

    @staticmethod
    def _qualify(before: Statement, fresh: Statement) -> None:
        """A season or "every other week" that stands behind the times it belongs to."""
        before.own_days = before.own_days or (fresh.span is not None and before.span is None)
        before.span = fresh.span or before.span
        before.irregular = fresh.irregular or before.irregular
        before.also = before.also or fresh.also
        for item in (fresh.span, fresh.irregular):
            if item is not None:
                before.reach(item)

    def _finish(self, values: Sequence[Item], value_first: bool = False) -> None:
        """The pending selectors get their values and are a statement."""
        done, self.pending = self.pending, Statement()
        for item in values:
            done.values.append(item)
            done.reach(item)
        if any(item.part is Part.UNTIL for item in values) and self.last:
            done.opens_like = next((item for item in self.last.values if item.part is Part.TIMES), self.last.opens_like)
        done.value_first = value_first
        self._scope(done)
        self.statements.extend(replace(done, span=span, holiday=None) for span in done.more_spans)
        self.statements.append(done)
        if values:
            self.last = done
            self.fresh_segment = False

    def _scope(self, done: Statement) -> None:
        whole_closure = done.only_span and any(item.part is Part.CLOSED for item in done.values)
        if done.span is None:
            if not done.dates and not (done.holiday and not done.days):
                done.span = self.segment_span or self.line_span or self.block_span
        elif not whole_closure:
            self.segment_span = done.span

    def _end_paren(self) -> None:
        """ "Mo-Fr 9-11 (1.6.-31.8.)": what stands in brackets after the times belongs to them."""
        near = self.near
        if near is not None and near.values and self.pending.only_span and near.span is None:
            fresh, self.pending = self.pending, Statement()
            self._qualify(near, fresh)

    def _end_segment(self, kind: Part) -> None:
        pending, near = self.pending, self.near
        if near is not None and near.value_first and pending.selected and not pending.only_span:
            self.pending = Statement()
            near.days.extend(pending.days)
            near.dates.extend(pending.dates)
            near.holiday = near.holiday or pending.holiday
            near.skip.extend(pending.skip)
        elif near is not None and pending.only_span and near.span is None:
            self.pending = Statement()
            self._qualify(near, pending)
        elif pending.only_span and kind is not Part.BLANK and not pending.also:
            self.block_span, self.pending = pending.span, Statement()
        self.pending.carried = self.pending.selected
        self.fresh_segment = True
        self.segment_span = None
        if kind in (Part.LINE, Part.BLANK):
            self.line_span = None
        if kind is Part.BLANK:
            self.block_span = None

    def _give_up(self) -> None:
        """Nothing was said about the pending selectors."""
        pending, self.pending = self.pending, Statement()
        if pending.irregular is not None and pending.irregular.note:
            self.odd.append((pending.irregular.note, pending.start, pending.end))
        elif pending.selected and not pending.odd:
            self.odd.append(("no_times", pending.start, pending.end))


def _is_value_first(clause: Sequence[Item]) -> bool:
    parts = [item.part for item in clause if item.part in VALUES or item.part in SELECTORS]
    return bool(parts) and parts[0] in VALUES and parts[-1] in SELECTORS
