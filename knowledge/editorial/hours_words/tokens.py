"""Words, numbers and signs of a text about opening hours, as tokens with their place in the folded text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from knowledge.editorial.hours_words.vocabulary import Kind

POSSIBLE_YEARS = range(1900, 2201)
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as it was typed: "9", "09:00", "4.30 pm". `padded` has a leading zero, `bare` has no minutes."""

    hour: int
    minute: int = 0
    padded: bool = False
    bare: bool = False
    part: Kind | None = None

    def minutes(self) -> int:
        """Minutes after midnight; a part of the day (am, evening) is taken into account."""
        hour = self.hour
        if self.part is Kind.MORNING and hour == 12:
            hour = 0
        if (self.part is Kind.AFTERNOON and hour < 12) or (self.part is Kind.NIGHT and 6 <= hour < 12):
            hour += 12
        if self.part is Kind.NIGHT and hour == 12 and self.minute == 0:
            hour = 24
        return hour * 60 + self.minute

    def in_part(self, part: Kind) -> Clock:
        """This time, said to be in the morning, afternoon or night."""
        return replace(self, part=part)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as it was typed: a day and a month, sometimes a year; without a day it is the whole month."""

    month: int
    day: int | None = None
    year: int | None = None

    @property
    def possible(self) -> bool:
        """Whether there is such a day (in some year, or in the one that is named)."""
        if not 1 <= self.month <= 12 or (self.day is not None and not 1 <= self.day <= _LONGEST_MONTHS[self.month - 1]):
            return False
        if self.year is not None and self.year not in POSSIBLE_YEARS:
            return False
        return not (self.year is not None and self.day is not None) or _exists(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Token:
    """`start` and `end` are places in the folded text. `number` is a day (0 is Monday), a month, or a number that was typed.

    `note` names the message for a token that was understood and is wrong ("25:00"), or that was understood with a choice ("6/7").
    """

    kind: Kind
    start: int
    end: int
    number: int = 0
    clock: Clock | None = None
    date: PartialDate | None = None
    dotted: bool = False
    note: str | None = None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
