"""The log at the desk is searched by what it shows: names of records and people, the desk's own doings, days of the city."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import desk_itself
from knowledge.store.account_tables import AuditRow
from knowledge.web.desk.audit import log
from locales.catalogue import say
from tests.integration.desk.acts import give_password, try_to_sign_in
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, actor_of, user_of

OFFICE = f"service:{CITY}/citizens-office-altstadt"


def note(desk: Desk, *actions: str, who: str = "editor", record: str | None = OFFICE) -> None:
    def write(session: Session) -> None:
        for action in actions:
            audit.log(session, actor_of(session, who), CITY, action, record)

    desk.do(write)


async def found(desk: Desk, query: str, who: str = "administrator") -> str:
    return (await (await desk.sign_in(who)).page(f"/desk/audit?{query}")).partition("<tbody>")[2]


async def test_a_record_is_found_by_the_name_that_the_log_shows(desk: Desk) -> None:
    note(desk, "verify")
    page = await found(desk, "action=verify")
    name = page.partition(f'<a href="/desk/record/service/{OFFICE.rpartition("/")[2]}">')[2].partition("</bdi>")[0].rpartition(">")[2]
    assert len(name) > 5
    assert OFFICE in await found(desk, f"record={name.upper()}")
    assert OFFICE in await found(desk, "record=citizens-office")


async def test_a_person_is_found_by_name_and_the_neighbours_people_are_not(desk: Desk) -> None:
    number = desk.do(lambda session: user_of(session, "reviewer").id)
    note(desk, "role_add", who="administrator", record=f"user:{number}")
    assert f"/desk/users/{number}" in await found(desk, "record=reviewer")
    assert f"/desk/users/{number}" not in await found(desk, "record=reviewer", who="elsewhere")


async def test_what_happened_by_the_clock_is_found_in_the_readers_language(desk: Desk) -> None:
    desk.do(lambda session: audit.log(session, desk_itself("schedule"), CITY, "publish", OFFICE))

    def read_german(session: Session) -> None:
        user_of(session, "administrator").language = "de"

    desk.do(read_german)
    words = say("desk.author.schedule", "de")
    assert OFFICE in await found(desk, f"person={words.lower()}&action=publish")
    assert OFFICE not in await found(desk, "person=Editor&action=publish")


async def test_a_day_begins_at_midnight_in_the_city(desk: Desk) -> None:
    at = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    desk.do(lambda session: session.add(AuditRow(at=at, actor="Anna", municipality_id=CITY, action="verify", record=OFFICE, detail={})))
    assert 'datetime="2026-11-21T23:30:00+00:00"' in await found(desk, "since=2026-11-22&until=2026-11-22&person=anna")
    assert "Anna" not in await found(desk, "until=2026-11-21&person=anna")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_no_day_is_too_early_or_too_late(desk: Desk, day: str) -> None:
    person = await desk.sign_in("administrator")
    for page in ("/desk/audit", "/desk/audit.csv"):
        assert (await person.get(f"{page}?since={day}&until={day}")).status == 200


async def test_a_file_that_does_not_hold_everything_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    note(desk, "verify", "verify", "verify")
    person = await desk.sign_in("administrator")

    async def lines() -> list[str]:
        answer = await person.get("/desk/audit.csv?action=verify")
        return (await answer.read()).decode("utf-8-sig").splitlines()

    monkeypatch.setattr(log, "MOST_IN_A_FILE", 2)
    assert len(await lines()) == 1 + 2 + 1
    assert say("desk.audit.file_cut", "en", number=2).partition(".")[0] in (await lines())[-1]
    monkeypatch.setattr(log, "MOST_IN_A_FILE", 3)
    assert len(await lines()) == 1 + 3


async def test_who_signs_in_for_the_file_comes_to_its_page(desk: Desk) -> None:
    """A browser would save the file and stay on the page of signing in."""
    email, person = give_password(desk, "administrator"), desk.browser()
    await person.get("/desk/audit.csv?action=verify")
    assert (await try_to_sign_in(person, email)).headers["Location"] == "/desk/audit?action=verify"


async def test_the_neighbours_see_nothing_of_it_by_its_name(desk: Desk) -> None:
    note(desk, "verify")
    assert OFFICE not in await found(desk, "record=a", who="elsewhere")
    assert OTHER_CITY not in await found(desk, "record=a")
