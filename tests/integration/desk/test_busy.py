"""Somebody writes for long, and others save meanwhile: they wait, or are handed back what they typed. Pages are always answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from knowledge.editorial.records import body
from knowledge.store.desk_tables import RecordRow, SuggestionRow
from locales.catalogue import say
from tests.integration.databases import Database
from tests.integration.desk.exchange_acts import number_of, state
from tests.integration.desk.exchange_run_acts import background, ready
from tests.integration.desk.people import CITY, Desk, Person
from tests.integration.desk.records_form import Form, open_form, read

OFFICE = "citizens-office-altstadt"
KEY = f"service:{CITY}/{OFFICE}"
PAGE = f"/desk/record/service/{OFFICE}"
EDIT = f"{PAGE}/edit"
SECONDS = 0.3


@pytest.fixture
def impatient(desk_database: Database) -> None:
    """Given a database whose writers wait for each other for a moment only."""

    def hurry(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={SECONDS * 1000:.0f}" if desk_database.is_sqlite else f"SET lock_timeout={SECONDS * 1000:.0f}")
        cursor.close()
        if not desk_database.is_sqlite:
            connection.commit()

    desk_database.engine.dispose()
    event.listen(desk_database.engine, "connect", hurry)


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """As an import does that does not end: nobody else can write records."""
    with database.sessions() as session:
        if database.is_sqlite:
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
        else:
            session.execute(text("LOCK TABLE record, autosave, edit_lock, suggestion IN EXCLUSIVE MODE"))
        yield
        session.rollback()


def fees(desk: Desk) -> str:
    return str(desk.do(lambda session: body(session, session.get_one(RecordRow, KEY))["texts"]["fees"]))


async def handed_back(person: Person, page: str, path: str) -> Form:
    """The page that says that nothing is lost, with its form."""
    assert say("desk.error.busy", "en") in page
    return read(person, page, path)


async def test_an_editor_who_saves_while_an_import_writes_waits_and_has_saved(desk: Desk) -> None:
    """Given an import of 1,500 services that is writing, and a browser without scripts."""
    url = await ready(desk, await desk.sign_in("reviewer"), 1500)
    editor = await desk.sign_in("editor")
    form = (await open_form(editor, EDIT)).fill({"texts.fees": "Zwölf Euro."})
    assert background(desk).start(number_of(url), "write")
    while (live := background(desk).live(number_of(url))) is not None and live.phase != "writing":
        await asyncio.sleep(0.01)
    assert live is not None
    answer = await form.send()
    assert answer.status == 303
    assert fees(desk) == "Zwölf Euro."
    while background(desk).live(number_of(url)) is not None:
        await asyncio.sleep(0.05)
    assert state(desk, url) == "done"
    assert fees(desk) == "Zwölf Euro."


@pytest.mark.usefixtures("impatient")
async def test_whoever_waits_in_vain_has_everything_they_typed_before_them_and_sends_it_again(desk: Desk) -> None:
    editor = await desk.sign_in("editor")
    form = (await open_form(editor, EDIT)).fill({"texts.fees": "Zwölf Euro\nund <b>fünfzig</b> Cent.", "_note": "Neue Preise"})
    with writing(desk.database):
        answer = await form.send()
        assert answer.status == 503
        again = await handed_back(editor, await answer.text(), EDIT)
    assert fees(desk) != "Zwölf Euro\nund <b>fünfzig</b> Cent."
    assert again["texts.fees"] == "Zwölf Euro\nund <b>fünfzig</b> Cent."
    assert [name for name, _ in again.fields if name != "csrf"] == [name for name, _ in form.fields if name != "csrf"]
    await again.saved()
    assert fees(desk) == "Zwölf Euro\nund <b>fünfzig</b> Cent."


@pytest.mark.usefixtures("impatient")
async def test_a_hint_of_staff_is_handed_back_too(desk: Desk) -> None:
    staff = await desk.sign_in("staff")
    with writing(desk.database):
        answer = await staff.post(f"{PAGE}/suggest", text="Die Tür ist jetzt hinten.")
        again = await handed_back(staff, await answer.text(), f"{PAGE}/suggest")
    assert again["text"] == "Die Tür ist jetzt hinten."
    assert (await again.send()).status == 303
    assert desk.do(lambda session: session.scalar(select(func.count()).select_from(SuggestionRow))) == 1


@pytest.mark.usefixtures("impatient")
async def test_scripts_are_told_to_try_again(desk: Desk) -> None:
    editor = await desk.sign_in("editor")
    content = {"form": KEY, "base": 1, "user": desk.actor("editor").id, "fields": [["texts.name", "Wort"]]}
    headers = {"Accept": "application/json", "X-CSRF": editor.csrf}
    with writing(desk.database):
        answer = await editor.browser.post("/desk/records/service/autosave", json=content, headers=headers)
        assert answer.status == 503
        told = await answer.json()
    assert (told["error"], told["retry"], told["message"]) == ("desk.busy", True, say("desk.error.busy", "en"))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
async def test_a_file_has_to_be_chosen_again_and_a_password_is_never_handed_back(desk: Desk) -> None:
    reviewer = await desk.sign_in("reviewer")
    visitor = desk.browser()
    await visitor.get("/desk/sign-in")
    with writing(desk.database):
        upload = await reviewer.post("/desk/exchange/import", files=b"id,name\n1,Neu\n", format="table")
        sign_in = await visitor.post("/desk/sign-in", email="editor@desk.example", password="vier Lampen")
    assert (upload.status, sign_in.status) == (503, 503)
    assert say("desk.again.files", "en") in await upload.text()
    assert "vier Lampen" not in await sign_in.text()


async def test_what_comes_from_another_page_is_not_handed_back(desk: Desk, impatient: None) -> None:
    """Given a form that another site has sent in the name of the editor."""
    editor = await desk.sign_in("editor")
    with writing(desk.database):
        answer = await editor.post(f"{PAGE}/suggest", text="Untergeschoben", csrf=False)
    assert answer.status == 403
    assert "Untergeschoben" not in await answer.text()


@pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
async def test_pages_are_answered_while_many_wait_to_write(desk: Desk) -> None:
    """Given twenty editors who press a button while an import writes: more than there are threads for reading."""
    people = [await desk.sign_in("editor") for _ in range(20)]
    reader = await desk.sign_in("staff")
    with writing(desk.database):
        waiting = [asyncio.create_task(one.post(f"{PAGE}/suggest", text=f"Hinweis {number}")) for number, one in enumerate(people)]
        await asyncio.sleep(0.5)
        begun = time.monotonic()
        for path in ("/desk", "/desk/records/service", PAGE):
            assert (await reader.get(path)).status == 200
        seconds = time.monotonic() - begun
        assert not any(one.done() for one in waiting)
    assert {answer.status for answer in await asyncio.gather(*waiting)} == {303}
    assert seconds < 10
    assert desk.do(lambda session: session.scalar(select(func.count()).select_from(SuggestionRow))) == 20
