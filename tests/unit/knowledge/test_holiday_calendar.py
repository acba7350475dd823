"""Public holidays, as several people who are answered at once are told of them."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from knowledge.holiday_calendar import holiday_check


@pytest.mark.usefixtures("threads_take_turns_often")
def test_who_asks_while_a_year_is_worked_out_hears_of_its_holidays_too() -> None:
    is_holiday, heard = holiday_check("DE", "BE"), list[bool]()
    for year in range(2030, 2090):
        begin = threading.Barrier(4)

        def ask(year: int = year, begin: threading.Barrier = begin) -> None:
            begin.wait(30)
            heard.append(is_holiday(date(year, 12, 25)))

        asking = [threading.Thread(target=ask) for _ in range(4)]
        for one in asking:
            one.start()
        for one in asking:
            one.join(30)
    assert heard == [True] * 240


def test_a_country_that_nobody_knows_has_none() -> None:
    assert not holiday_check("ZZ", None)(date(2026, 12, 25))
