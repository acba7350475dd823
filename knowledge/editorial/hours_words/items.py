"""Parts of a statement about opening hours: days, dates, seasons, times, and the words between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.editorial.hours_words.tokens import Clock, PartialDate


class Part(StrEnum):
    """What one item is. Selectors say when, values say what is then, marks change the selectors beside them, breaks end something."""

    DAYS = "days"
    DATE = "date"
    SPAN = "span"
    HOLIDAY = "holiday"
    IRREGULAR = "irregular"
    TIMES = "times"
    UNTIL = "until"
    BREAK = "break"
    CLOSED = "closed"
    ALL_DAY = "all_day"
    NONSTOP = "nonstop"
    APPOINTMENT = "appointment"
    EXCEPT = "except"
    EXCEPT_AFTER = "except_after"
    ALSO = "also"
    OPEN = "open"
    OTHERWISE = "otherwise"
    PART_DAY = "part_day"
    COMMA = "comma"
    COLON = "colon"
    PAREN_OPEN = "paren_open"
    PAREN_CLOSE = "paren_close"
    STOP = "stop"
    LINE = "line"
    BLANK = "blank"
    ODD = "odd"


SELECTORS = frozenset({Part.DAYS, Part.DATE, Part.SPAN, Part.HOLIDAY, Part.IRREGULAR})
VALUES = frozenset({Part.TIMES, Part.UNTIL, Part.BREAK, Part.CLOSED, Part.ALL_DAY, Part.NONSTOP, Part.APPOINTMENT})
MARKS = frozenset({Part.EXCEPT, Part.EXCEPT_AFTER, Part.ALSO, Part.OPEN, Part.PART_DAY})


@dataclass(frozen=True, slots=True)
class Item:
    """One part with its place in the folded text. `group` tells a name for several days ("daily", "weekend"), or a range of them.

    `first` and `last` are a date (both the same), or the ends of a season, each None where it is open. `note` is the message of a problem
    or a notice that belongs to it.
    """

    part: Part
    start: int
    end: int
    days: frozenset[int] = frozenset()
    group: bool = False
    first: PartialDate | None = None
    last: PartialDate | None = None
    opens: Clock | None = None
    closes: Clock | None = None
    note: str | None = None
