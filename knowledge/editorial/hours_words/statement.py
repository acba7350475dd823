"""One statement: on these days, dates or holidays, these times or closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.editorial.hours_words.items import MARKS, VALUES, Item, Part


@dataclass(slots=True)
class Statement:
    """Selectors and what is said about them. `skip` is what is excepted; `also` adds to other times instead of standing in their place."""

    start: int = -1
    end: int = -1
    days: list[Item] = field(default_factory=list)
    dates: list[Item] = field(default_factory=list)
    span: Item | None = None
    holiday: Item | None = None
    irregular: Item | None = None
    skip: list[Item] = field(default_factory=list)
    values: list[Item] = field(default_factory=list)
    also: bool = False
    opened: bool = False
    part_day: Item | None = None
    value_first: bool = False
    opens_like: Item | None = None
    carried: bool = False
    odd: bool = False
    lost: bool = False
    own_days: bool = False
    more_spans: list[Item] = field(default_factory=list)

    @property
    def selected(self) -> bool:
        """Whether it says when."""
        return bool(self.days or self.dates or self.span or self.holiday or self.irregular or self.skip)

    @property
    def positive(self) -> bool:
        """Whether it says more than what is excepted."""
        return bool(self.days or self.dates or self.span or self.holiday or self.irregular)

    @property
    def only_span(self) -> bool:
        """Whether it says a season and nothing else."""
        return self.span is not None and not (self.days or self.dates or self.holiday or self.irregular or self.skip)

    def reach(self, item: Item) -> None:
        """Let the place of the statement include `item`."""
        self.start = item.start if self.start < 0 else min(self.start, item.start)
        self.end = max(self.end, item.end)


def collect(into: Statement, items: Iterable[Item]) -> None:
    skipping = False
    run: list[Item] = []
    before: Item | None = None
    for item in items:
        into.reach(item)
        if item.part is Part.EXCEPT:
            skipping = True
        elif item.part is Part.EXCEPT_AFTER and run:
            _except_before(into, run)
        elif item.part is Part.EXCEPT_AFTER:
            skipping = True
        elif item.part is Part.ALSO:
            into.also = True
        elif item.part is Part.OPEN:
            into.opened = True
        elif item.part is Part.PART_DAY:
            into.part_day = item
        elif skipping and (item.part is not Part.SPAN or _belongs(before)):
            into.skip.append(item)
        else:
            run.append(item)
            _take(into, item)
        before = item


def _belongs(before: Item | None) -> bool:
    """Whether a season after `before` is excepted too: "except August", "except public holidays and August". After a day that is
    excepted it says when that is so."""
    return before is not None and before.part is not Part.DAYS


def _take(into: Statement, item: Item) -> None:
    if item.part is Part.DAYS:
        into.days.append(item)
    elif item.part is Part.DATE:
        into.dates.append(item)
    elif item.part is Part.SPAN:
        if into.span is not None and into.span is not item:
            into.more_spans.append(into.span)
        into.span = item
    elif item.part is Part.HOLIDAY:
        into.holiday = item
    elif item.part is Part.IRREGULAR:
        into.irregular = item


def _except_before(into: Statement, run: list[Item]) -> None:
    """ "Monday excepted": takes back the selectors just before, up to a name for several days."""
    while run and not run[-1].group and run[-1].part in (Part.DAYS, Part.DATE, Part.HOLIDAY, Part.SPAN):
        item = run.pop()
        into.skip.append(item)
        if item.part is Part.HOLIDAY:
            into.holiday = None
        elif item is into.span:
            into.span = into.more_spans.pop() if into.more_spans else None
        elif item in into.days:
            into.days.remove(item)
        elif item in into.dates:
            into.dates.remove(item)


def runs_of(items: Iterable[Item]) -> list[tuple[bool, list[Item]]]:
    """Items in runs of values (True) and of selectors with their marks; marks alone say nothing."""
    runs: list[tuple[bool, list[Item]]] = []
    for item in items:
        is_value = item.part in VALUES
        if runs and runs[-1][0] == is_value:
            runs[-1][1].append(item)
        else:
            runs.append((is_value, [item]))
    found: list[tuple[bool, list[Item]]] = []
    for is_value, run in runs:
        if not is_value and all(item.part in MARKS - {Part.PART_DAY} for item in run):
            continue
        if found and found[-1][0] == is_value:
            found[-1][1].extend(run)
        else:
            found.append((is_value, run))
    return found
