"""Opening hours in words: a week leaves no day out."""

from __future__ import annotations

from knowledge.domain.hours import OpeningHours
from knowledge.replies.times import week_words
from tests.factories import MONDAY, day_and_night, hours, rule


def test_closed_days_are_named() -> None:
    lines = week_words(hours(rule("09:00", "17:00", "monday", "tuesday"), rule("09:00", "12:00", "friday")), MONDAY, "de")
    assert [line.split(":")[0] for line in lines] == ["Montag – Dienstag", "Mittwoch – Donnerstag", "Freitag", "Samstag – Sonntag"]
    assert lines[1].endswith("geschlossen") and lines[3].endswith("geschlossen")


def test_where_hours_are_not_known_no_day_is_said_to_be_closed() -> None:
    assert week_words(OpeningHours(), MONDAY, "de") == []


def test_day_and_night_is_one_line() -> None:
    assert len(week_words(day_and_night(), MONDAY, "de")) == 1
