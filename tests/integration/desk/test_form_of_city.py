"""A form is about the city it was opened in, also when its sender has gone on to another city in another tab meanwhile."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from sqlalchemy import delete, func, select

from knowledge.editorial.actor import Membership, Role
from knowledge.editorial.records import body
from knowledge.store.account_tables import KeptFormRow, MembershipRow
from knowledge.store.desk_tables import AutosaveRow, RecordRow
from knowledge.web.desk.routing import COOKIE
from locales.catalogue import say
from tests.integration.desk.accounts_acts import roles_of
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, Person, user_of
from tests.integration.desk.records_form import Form, open_form, read
from tests.integration.desk.two_cities import goes_on_to, works_in

KEY, PAGE = f"service:{OTHER_CITY}/office", "/desk/record/service/office"
EDIT, NEW = f"{PAGE}/edit", "/desk/records/organization/new"
TYPED = "Zwölf Euro, auch am Samstag."


@pytest.fixture
async def person(desk: Desk) -> Person:
    """Given an editor in one city and administrator in the other, who works in the other."""
    return await desk.sign_in("two_cities", municipality=OTHER_CITY)


def fees(desk: Desk) -> str:
    return str(desk.do(lambda session: body(session, session.get_one(RecordRow, KEY))["texts"].get("fees", "")))


def organizations(desk: Desk, city: str) -> list[str]:
    wanted = select(RecordRow.name).where(RecordRow.kind == "organization", RecordRow.municipality_id == city)
    return list(desk.do(lambda session: session.scalars(wanted).all()))


def lose_role(desk: Desk, city: str) -> None:
    def take(session: Any) -> None:
        user = user_of(session, "two_cities").id
        session.execute(delete(MembershipRow).where(MembershipRow.user_id == user, MembershipRow.municipality_id == city))

    desk.do(take)


async def told(person: Person, form: Form, path: str, content: dict[str, object] | None) -> aiohttp.ClientResponse:
    """What a script of the form's page does."""
    headers = {"Accept": "application/json", "X-CSRF": form["csrf"]}
    if content is None:
        return await person.get(path, headers=headers)
    return await person.browser.post(path, json=content, headers=headers)


async def test_a_new_record_is_made_where_its_form_was_opened(desk: Desk, person: Person) -> None:
    form = (await open_form(person, NEW)).fill({"texts.name": "Leseverein Kleinstadt", "kind": "association"})
    await goes_on_to(person, CITY)
    await form.saved()
    assert "Leseverein Kleinstadt" in organizations(desk, OTHER_CITY)
    assert "Leseverein Kleinstadt" not in organizations(desk, CITY)


async def test_the_sender_goes_on_there_and_is_told_once(desk: Desk, person: Person) -> None:
    form = (await open_form(person, EDIT)).fill({"texts.fees": TYPED})
    await goes_on_to(person, CITY)
    place = await form.saved()
    assert fees(desk) == TYPED
    assert works_in(desk, person) == OTHER_CITY
    said = say("desk.again.city", "en", place="Kleinstadt")
    page = await person.page(place)
    assert said in page
    assert f'href="{EDIT}"' in page
    assert said not in await person.page(place)


async def test_a_form_with_mistakes_comes_back_and_is_still_about_its_city(desk: Desk, person: Person) -> None:
    form = (await open_form(person, EDIT)).fill({"texts.name": "", "texts.fees": TYPED})
    await goes_on_to(person, CITY)
    again = await form.refused()
    assert say("desk.again.city", "en", place="Kleinstadt") in again.page
    assert again["texts.fees"] == TYPED
    await again.fill({"texts.name": "Bürgerbüro"}).saved()
    assert fees(desk) == TYPED


async def test_what_is_allowed_is_what_the_role_in_that_city_allows(desk: Desk, person: Person) -> None:
    """Given a page for administrators, which the person is only where it was opened."""
    form = read(person, await person.page("/desk/users/new"), "/desk/users/new")
    await goes_on_to(person, CITY)
    answer = await form.fill({"email": "neu@city.example", "name": "Neu", "role": "staff"}).send()
    assert answer.status == 200
    assert roles_of(desk, "neu@city.example") == {Membership(Role.STAFF, OTHER_CITY)}


async def test_a_form_of_a_city_gets_no_rights_from_the_role_in_another(desk: Desk, person: Person) -> None:
    """Given a page of the city in which the person is an editor; they work where they are administrator meanwhile."""
    await goes_on_to(person, CITY)
    token = (await open_form(person, "/desk/records/organization/new"))["csrf"]
    await goes_on_to(person, OTHER_CITY)
    fields = {"csrf": token, "email": "editor@desk.example", "name": "x", "role": "administrator"}
    answer = await person.browser.post("/desk/users/new", data=fields, allow_redirects=False)
    assert answer.status == 403
    assert roles_of(desk, "editor@desk.example") == {Membership(Role.EDITOR, CITY)}


async def test_scripts_keep_what_is_typed_there_and_move_nobody(desk: Desk, person: Person) -> None:
    form = await open_form(person, EDIT)
    await goes_on_to(person, CITY)
    content: dict[str, object] = {"form": KEY, "base": 1, "user": desk.actor("two_cities").id, "fields": [["texts.fees", TYPED]]}
    assert (await told(person, form, "/desk/records/service/autosave", content)).status == 200
    assert (await told(person, form, f"{PAGE}/lock", {"action": "hold", "stamp": ""})).status == 200
    kept = desk.do(lambda session: session.scalars(select(AutosaveRow)).one())
    assert (kept.municipality_id, kept.fields["texts.fees"]) == (OTHER_CITY, [TYPED])
    assert works_in(desk, person) == CITY


async def test_records_of_that_city_are_offered_to_choose_from(person: Person) -> None:
    form = await open_form(person, EDIT)
    here = await (await told(person, form, "/desk/records/organization/choices", None)).json()
    await goes_on_to(person, CITY)
    assert await (await told(person, form, "/desk/records/organization/choices", None)).json() == here


async def test_signed_in_again_in_another_city_the_page_gets_a_token_for_its_own(desk: Desk, person: Person) -> None:
    form = await open_form(person, EDIT)
    person.keep_cookie(COOKIE, (await desk.sign_in("two_cities", municipality=CITY)).cookie(COOKIE))
    token = (await (await told(person, form, "/desk/records/token", None)).json())["csrf"]
    await form.fill({"texts.fees": TYPED, "csrf": token}).saved()
    assert fees(desk) == TYPED


async def test_what_was_typed_for_a_city_without_a_role_any_longer_can_be_read_and_changes_nothing(desk: Desk, person: Person) -> None:
    form = (await open_form(person, NEW)).fill({"texts.name": "Leseverein Kleinstadt", "kind": "association"})
    lose_role(desk, OTHER_CITY)
    answer = await form.send()
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/kept")
    page = await person.page("/desk/kept")
    assert "Leseverein Kleinstadt" in page
    assert say("desk.kept.to_read", "en") in page
    assert "/desk/kept/open" not in page
    assert "Leseverein Kleinstadt" not in [*organizations(desk, CITY), *organizations(desk, OTHER_CITY)]


async def test_a_button_of_a_city_without_a_role_any_longer_says_so(desk: Desk, person: Person) -> None:
    form = await open_form(person, EDIT)
    lose_role(desk, OTHER_CITY)
    answer = await person.browser.post(f"{PAGE}/verify", data={"csrf": form["csrf"]}, allow_redirects=False)
    assert answer.status == 403
    assert say("desk.error.no_role_there", "en") in await answer.text()
    assert (await told(person, form, "/desk/records/token", None)).status == 403
    assert desk.do(lambda session: session.scalar(select(func.count()).select_from(KeptFormRow))) == 0
