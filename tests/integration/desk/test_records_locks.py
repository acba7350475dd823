"""Two editors who open one record: the second one is told, and can take it over."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from knowledge.editorial.records import now
from knowledge.store.desk_tables import EditLockRow
from tests.integration.desk.people import Desk, Person
from tests.integration.desk.records_form import open_form, read
from tests.integration.desk.records_script import EDIT, KEY, OFFICE, ask, fields, keep, leave


async def test_a_record_that_somebody_has_open_can_be_taken_over(desk: Desk, editor: Person, second: Person) -> None:
    form = await open_form(editor, EDIT)
    page = await second.page(EDIT)
    assert "Editor has had this open since" in page
    assert "record-form" not in page
    taken = await read(second, page, f"/desk/record/service/{OFFICE}/take-over").send()
    assert taken.headers["Location"] == EDIT
    assert "record-form" in await second.page(EDIT)
    beat = await (await ask(editor, f"/desk/record/service/{OFFICE}/lock", {"action": "hold"})).json()
    assert (beat["held"], beat["by"]) == (False, "Second Editor")
    # What the first one typed is kept for them, and they can take it back.
    await keep(desk, editor, KEY, fields(form, **{"texts.fees": "Mein Stand"}))
    back = await (await ask(editor, f"/desk/record/service/{OFFICE}/lock", {"action": "take"})).json()
    assert back["held"]
    assert "Mein Stand" in await editor.page(EDIT)


async def test_a_lock_ends_with_the_page_or_by_silence(desk: Desk, editor: Person, second: Person) -> None:
    form = await open_form(editor, EDIT)
    await leave(editor, form)
    assert "record-form" in await second.page(EDIT)

    def silent(session: Any) -> None:
        session.get_one(EditLockRow, KEY).seen_at = now() - timedelta(minutes=5)

    desk.do(silent)
    assert "record-form" in await editor.page(EDIT)


async def test_a_page_that_is_left_takes_no_lock_from_the_next_one(editor: Person, second: Person) -> None:
    before = await open_form(editor, EDIT)
    await open_form(editor, EDIT)
    await leave(editor, before)
    assert "record-form" not in await second.page(EDIT)


async def test_saving_gives_the_record_free(desk: Desk, editor: Person, second: Person) -> None:
    await (await open_form(editor, EDIT)).fill({"texts.fees": "Frei."}).saved()
    assert "record-form" in await second.page(EDIT)


async def test_two_who_open_it_in_the_same_moment(desk: Desk, editor: Person, second: Person) -> None:
    pages = await asyncio.gather(editor.page(EDIT), second.page(EDIT))
    assert sum("record-form" in page for page in pages) == 1
