"""Dates, times and numbers for templates, in the reader's language and the city's time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from knowledge.replies.times import western
from locales.catalogue import say


@dataclass(frozen=True, slots=True)
class Formats:
    """`timezone` is the municipality's."""

    language: str
    timezone: str

    def day(self, when: date | datetime) -> str:
        """ "2 Nov 2026"."""
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
