"""Public holidays of a municipality, from the package `holidays`."""

from __future__ import annotations

import threading
from datetime import date
from functools import cache

import holidays

from knowledge.domain.hours import Holidays, no_holidays


@cache
def holiday_check(country: str, subdivision: str | None) -> Holidays:
    """A function that tells whether a date is a public holiday there; never, for a country the package does not know."""
    try:
        calendar = holidays.country_holidays(country, subdiv=subdivision)
    except NotImplementedError:
        return no_holidays

    # The calendar works out a year when it is first asked about it; who asks meanwhile would hear of no holiday at all.
    one_at_a_time = threading.Lock()

    def is_holiday(day: date) -> bool:
        with one_at_a_time:
            return day in calendar

    return is_holiday
