"""A form is refused after somebody has written into it, for instance because their role was taken meanwhile: their words are not lost."""

from __future__ import annotations

import re
from html import unescape

import aiohttp
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from knowledge.editorial.records import body
from knowledge.store.account_tables import MembershipRow
from knowledge.store.desk_tables import RecordRow
from locales.catalogue import say
from tests.integration.desk.people import CITY, Desk, Person, user_of
from tests.integration.desk.records_form import Form, open_form

KEY, EDIT = f"service:{CITY}/citizens-office-altstadt", "/desk/record/service/citizens-office-altstadt/edit"
TYPED = "Zwölf Euro,\nund <b>fünfzig</b> Cent."


@pytest.fixture
async def editor(desk: Desk) -> Person:
    return await desk.sign_in("editor")


@pytest.fixture
async def form(editor: Person) -> Form:
    """Given an editor who has typed into a form."""
    return (await open_form(editor, EDIT)).fill({"texts.fees": TYPED})


def becomes_staff(desk: Desk) -> None:
    """An administrator gives the editor another role in the same city."""

    def change(session: Session) -> None:
        session.execute(update(MembershipRow).where(MembershipRow.user_id == user_of(session, "editor").id).values(role="staff"))

    desk.do(change)


def to_copy(page: str) -> list[str]:
    """What stands on the page to be copied."""
    return [unescape(found) for found in re.findall(r"<textarea[^>]* readonly[^>]*>(.*?)</textarea>", page, re.S)]


async def test_who_may_not_write_it_any_longer_can_copy_what_they_wrote(desk: Desk, form: Form) -> None:
    becomes_staff(desk)
    answer = await form.send()
    page = await answer.text()
    assert answer.status == 403
    assert say("desk.error.not_allowed", "en") in page
    assert say("desk.again.copy", "en") in page
    assert TYPED in to_copy(page)
    assert f'action="{EDIT}"' not in page  # it would be refused again
    assert desk.do(lambda session: body(session, session.get_one(RecordRow, KEY))["texts"]["fees"]) != TYPED


async def test_a_record_that_is_not_there_takes_no_words_with_it(form: Form) -> None:
    form.action = EDIT.replace("citizens", "nobodys")
    answer = await form.send()
    assert answer.status == 404
    assert TYPED in to_copy(await answer.text())


async def test_a_button_alone_has_nothing_to_copy(desk: Desk, editor: Person) -> None:
    becomes_staff(desk)
    answer = await editor.post(EDIT.replace("/edit", "/verify"))
    assert answer.status == 403
    assert say("desk.again.copy", "en") not in await answer.text()


async def test_words_of_another_site_are_not_shown(form: Form) -> None:
    """Otherwise anybody could put words on a page of the desk."""
    answer = await form.fill(csrf="guessed").send()
    assert answer.status == 403
    assert "fünfzig" not in await answer.text()


async def test_what_is_too_large_to_be_read_is_refused_with_a_sentence(editor: Person) -> None:
    data = aiohttp.FormData()
    data.add_field("csrf", editor.csrf)
    data.add_field("texts.fees", b"x" * 33 * 1024 * 1024, filename="large")
    answer = await editor.browser.post(EDIT, data=data, allow_redirects=False)
    assert answer.status == 400
    assert say("desk.error.form_too_large", "en", megabytes=30) in await answer.text()
