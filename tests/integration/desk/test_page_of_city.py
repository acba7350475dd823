"""A page about one import, or one run of translations, is about its own city, also where its reader works in another one by now."""

from __future__ import annotations

import re

import pytest

from knowledge.editorial.records import now
from knowledge.store.desk_tables import TranslationRunRow
from tests.integration.desk.exchange_acts import planned, state
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, Person, user_of
from tests.integration.desk.two_cities import goes_on_to, works_in

only_sqlite = pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
TABLE = "name;kind\nLeseverein Kleinstadt;association\n".encode("utf-8-sig")


@pytest.fixture
async def person(desk: Desk) -> Person:
    """Given an editor in one city and administrator in the other, who works in the other."""
    return await desk.sign_in("two_cities", municipality=OTHER_CITY)


@only_sqlite
async def test_an_import_is_looked_after_from_another_city_and_moves_nobody(desk: Desk, person: Person) -> None:
    url = await planned(person, [("organizations.csv", TABLE)])
    await goes_on_to(person, CITY)
    for path in (f"{url}/progress", f"{url}/lines/rejected", url):
        assert (await person.get(path)).status == 200, path
    assert "Leseverein Kleinstadt" in await person.page(url)
    assert works_in(desk, person) == CITY


@only_sqlite
async def test_its_buttons_are_about_its_city(desk: Desk, person: Person) -> None:
    url = await planned(person, [("organizations.csv", TABLE)])
    await goes_on_to(person, CITY)
    token = re.search(r'name="csrf" value="([^"]+)"', await person.page(url))
    assert token is not None
    answer = await person.browser.post(f"{url}/cancel", data={"csrf": token[1]}, allow_redirects=False)
    assert answer.status == 303
    assert works_in(desk, person) == OTHER_CITY
    assert state(desk, url) == "planned"


@only_sqlite
async def test_who_has_no_role_there_sees_nothing_of_it(desk: Desk, person: Person) -> None:
    url = await planned(person, [("organizations.csv", TABLE)])
    stranger = await desk.sign_in("reviewer")
    assert (await stranger.get(url)).status == 404
    assert (await stranger.get(f"{url}/progress")).status == 404


@only_sqlite
async def test_a_run_of_translations_is_looked_after_from_another_city(desk: Desk, person: Person) -> None:
    def begin(session: object) -> int:
        row = TranslationRunRow(
            municipality_id=OTHER_CITY, user_id=user_of(session, "two_cities").id, author="x", kind="machine", language="en",
            report={"keys": []}, state="failed", done=0, total=1, at=now(), seen_at=now(),
        )  # fmt: skip
        session.add(row)  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]
        return row.id

    number = desk.do(begin)
    await goes_on_to(person, CITY)
    answer = await person.get(f"/desk/translations/run/{number}/progress")
    assert (answer.status, (await answer.json())["state"]) == (200, "failed")
    assert (await person.get(f"/desk/translations/run/{number}")).status == 200
