"""Dates, times and numbers for templates, in the reader's language and the city's time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from knowledge.replies.times import western
from locales.catalogue import say
from locales.registry import direction

# A number of several groups ("+49 30 23125 100", "9–12", "49.8001, 9.9502"); what is marked already is passed over.
_GROUPS = re.compile(r"\u2066[^\u2069]*\u2069|(?<!\w)(\+?\d[\d ,.:/–-]*\d)")


def numbers_from_the_left(words: str, language: str) -> str:
    """Right-to-left text would set the groups of a number one after the other from the right: they are marked to stay as they are."""
    if direction(language) != "rtl":
        return words
    return _GROUPS.sub(lambda found: f"\u2066{found.group(1)}\u2069" if found.group(1) else found.group(0), words)


@dataclass(frozen=True, slots=True)
class Formats:
    """`timezone` is the municipality's."""

    language: str
    timezone: str

    def day(self, when: date | datetime) -> str:
        """ "Nov 2, 2026"."""
        day = when.astimezone(ZoneInfo(self.timezone)).date() if isinstance(when, datetime) else when
        return str(western(format_date(day, "medium", locale=self.language)))

    def clock(self, moment: datetime) -> str:
        """ "16:05", as on signs here."""
        return f"{moment.astimezone(ZoneInfo(self.timezone)):%H:%M}"

    def moment(self, moment: datetime) -> str:
        """Day and time."""
        return say("desk.moment", self.language, day=self.day(moment), time=self.clock(moment))

    def number(self, number: int) -> str:
        """ "5,000"."""
        return str(western(format_decimal(number, locale=self.language)))
