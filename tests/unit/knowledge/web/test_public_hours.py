"""The public page of a service tells its hours line by line, once."""

from __future__ import annotations

from knowledge.domain.hours import OpeningHours
from knowledge.web.public.build import Builder
from knowledge.web.public.pages import public_pages
from tests.factories import MONDAY as TODAY
from tests.factories import closed_on, day_and_night, hours, knowledge, rule, service
from tests.unit.doors import door


def shown(when: OpeningHours) -> tuple[str, ...]:
    """The hours of a service with one place, as its page has them."""
    page = Builder(door(knowledge(service("s", at={"rathaus": when}))), "en").page("service", "s")
    assert page is not None
    body = public_pages().body(page)
    assert all(f"<li>{line}</li>" in body for line in page.places[0].hours)
    return page.places[0].hours


def test_each_sentence_is_a_line() -> None:
    week = hours(rule("09:00", "12:00", "monday"), rule("14:00", "17:00", "thursday"), exceptions=[closed_on(TODAY.replace(day=9))])
    assert shown(week) == ("Monday 9:00 to 12:00.", "Thursday 14:00 to 17:00.", "Closed on public holidays.", "9 November: closed.")


def test_what_is_always_open_or_not_known_has_no_lines() -> None:
    assert shown(day_and_night()) == ()
    assert shown(OpeningHours()) == ()
