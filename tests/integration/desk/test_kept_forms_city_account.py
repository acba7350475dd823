"""A form comes after the session has ended, and its sender signs in again with a city account (a real provider on loopback)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from knowledge.editorial.accounts import sessions
from knowledge.editorial.records import body
from knowledge.store.account_tables import KeptFormRow
from knowledge.store.desk_tables import RecordRow
from locales.catalogue import say
from tests.integration.desk.acts import ANNA, code_now, come_in, give_password, to_provider, try_to_sign_in, turn_on_second_factor
from tests.integration.desk.openid_provider import Provider, agree
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, Person, user_of
from tests.integration.desk.records_form import open_form

KEY, EDIT = f"service:{CITY}/citizens-office-altstadt", "/desk/record/service/citizens-office-altstadt/edit"
TYPED = "Zwölf Euro,\nund <b>fünfzig</b> Cent."


async def sent_too_late(desk: Desk, provider: Provider, name: str, edit: str, municipality: str | None = None) -> Person:
    """Given somebody of `PEOPLE` who has a city account, too, and whose form came when the session had ended."""
    provider.people({"anna": ANNA | {"email": f"{name}@desk.example"}})
    person = await desk.sign_in(name, municipality=municipality)
    form = (await open_form(person, edit)).fill({"texts.fees": TYPED})
    desk.do(lambda session: sessions.end_all(session, user_of(session, name).id))
    assert (await form.send()).headers["Location"] == "/desk/sign-in"
    assert say("desk.notice.signed_out_kept", "en") in await person.page("/desk/sign-in")
    return person


def kept(desk: Desk) -> int:
    return int(desk.do(lambda session: session.scalar(select(func.count()).select_from(KeptFormRow))))


@pytest.fixture
async def editor(desk_with_provider: Desk, provider: Provider) -> Person:
    return await sent_too_late(desk_with_provider, provider, "editor", EDIT)


async def test_the_form_opens_again_and_can_be_saved(desk_with_provider: Desk, editor: Person) -> None:
    assert await come_in(editor) == f"{EDIT}?typed=yes"
    again = await open_form(editor, f"{EDIT}?typed=yes")
    assert again["texts.fees"] == TYPED
    assert say("desk.form.resumed", "en") in again.page
    await again.saved()
    assert desk_with_provider.do(lambda session: body(session, session.get_one(RecordRow, KEY))["texts"]["fees"]) == TYPED
    assert kept(desk_with_provider) == 0


async def test_it_waits_for_the_second_factor(desk_with_provider: Desk, editor: Person) -> None:
    secret, _ = turn_on_second_factor(desk_with_provider)
    assert await come_in(editor) == "/desk/sign-in/code"
    assert "fünfzig" not in await editor.page("/desk/sign-in/code")
    answer = await editor.post("/desk/sign-in/code", code=code_now(secret))
    assert answer.headers["Location"] == f"{EDIT}?typed=yes"
    assert (await open_form(editor, f"{EDIT}?typed=yes"))["texts.fees"] == TYPED


async def test_it_waits_while_somebody_stops_at_the_provider_and_takes_the_password(desk_with_provider: Desk, editor: Person) -> None:
    email = give_password(desk_with_provider)
    back = urlsplit(await agree(editor.browser, await to_provider(editor), "anna", allow=False))
    assert (await editor.get(f"{back.path}?{back.query}")).status == 400
    answer = await try_to_sign_in(editor, email)
    assert answer.headers["Location"] == f"{EDIT}?typed=yes"
    assert (await open_form(editor, f"{EDIT}?typed=yes"))["texts.fees"] == TYPED


async def test_it_opens_in_its_city_where_the_new_session_begins_in_another(desk_with_provider: Desk, provider: Provider) -> None:
    edit = "/desk/record/service/office/edit"
    person = await sent_too_late(desk_with_provider, provider, "two_cities", edit, OTHER_CITY)
    assert await come_in(person) == f"{edit}?typed=yes"
    assert (await open_form(person, f"{edit}?typed=yes"))["texts.fees"] == TYPED


async def test_whoever_comes_in_with_another_city_account_sees_nothing_of_it(
    desk_with_provider: Desk, provider: Provider, editor: Person
) -> None:
    provider.people({"anna": ANNA})
    assert "typed" not in await come_in(editor)
    assert "fünfzig" not in await editor.page("/desk/kept")
    assert kept(desk_with_provider) == 1
