"""Dates and numbers in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime

from knowledge.web.desk.records.formats import Formats, numbers_from_the_left


def test_a_moment_is_told_in_the_time_of_the_city() -> None:
    moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert Formats("en", "Europe/Berlin").moment(moment) == "Jul 2, 2026, 00:30"
    assert Formats("de", "Europe/Berlin").moment(moment) == "02.07.2026, 00:30 Uhr"


def test_digits_are_those_on_the_doors() -> None:
    assert Formats("ar", "Europe/Berlin").number(5000).replace("٬", ",").replace(".", ",") == "5,000"


def test_a_number_of_several_groups_stays_in_order_from_right_to_left() -> None:
    assert numbers_from_the_left("مثلاً: 030 23125 100", "ar") == "مثلاً: \u2066030 23125 100\u2069"
    assert numbers_from_the_left("+49 30 23125 100.", "ar") == "\u2066+49 30 23125 100\u2069."
    assert numbers_from_the_left("9–12", "ar") == "\u20669–12\u2069"
    assert numbers_from_the_left("3 من 4", "ar") == "3 من 4"
    assert numbers_from_the_left("030 23125 100", "en") == "030 23125 100"
    # What is marked already is left alone.
    assert numbers_from_the_left("\u206608:00–12:00\u2069", "ar") == "\u206608:00–12:00\u2069"
