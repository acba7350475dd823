"""Somebody with roles in two cities, and in which of them they work."""

from __future__ import annotations

from knowledge.editorial.accounts import sessions
from knowledge.web.desk.routing import COOKIE
from tests.integration.desk.people import Desk, Person


async def goes_on_to(person: Person, city: str) -> None:
    """In another tab."""
    assert (await person.post("/desk/municipality", municipality=city)).status == 303


def works_in(desk: Desk, person: Person) -> str | None:
    """The municipality of the session; None where it is over."""
    found = desk.do(lambda session: sessions.find(session, person.cookie(COOKIE)))
    return found.municipality if found else None
