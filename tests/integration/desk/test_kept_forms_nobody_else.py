"""Forms that came after the end of a session: nobody but their sender sees them, and what cannot be kept is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select, update

from knowledge.editorial.accounts import kept_forms
from knowledge.editorial.records import now
from knowledge.store.account_tables import KeptFormRow, UserRow
from knowledge.web.desk.routing import COOKIE
from locales.catalogue import say
from tests.integration.desk.kept_acts import EDIT, KEY, SHEET, TYPED, ended_elsewhere, rows, sent_too_late, signs_in
from tests.integration.desk.people import Desk, Person
from tests.integration.desk.records_form import Form, open_form, read


@pytest.fixture
async def editor(desk: Desk) -> Person:
    return await desk.sign_in("editor")


# Nobody else


async def test_whoever_signs_in_next_at_this_computer_sees_nothing_of_it(desk: Desk, editor: Person) -> None:
    form = (await open_form(editor, EDIT)).fill({"texts.fees": TYPED})
    await sent_too_late(desk, editor, form)
    assert await signs_in(desk, editor, "second_editor") != f"{EDIT}?typed=yes"
    for path in ("/desk", "/desk/kept", EDIT, f"{SHEET}?kept={rows(desk)[0].id}"):
        assert "fünfzig" not in await editor.page(path), path
    assert (await editor.post("/desk/kept/open", {"form": rows(desk)[0].id})).status == 404
    await editor.post("/desk/kept/discard", {"form": rows(desk)[0].id})
    assert len(rows(desk)) == 1
    assert await signs_in(desk, desk.browser("editor")) == f"{EDIT}?typed=yes"


async def test_a_page_of_somebody_else_that_is_still_open_is_kept_for_them(desk: Desk, editor: Person) -> None:
    """Given a shared computer: the second editor has signed in while the first one's form is still open in another tab."""
    form = (await open_form(editor, EDIT)).fill({"texts.fees": TYPED})
    editor.keep_cookie(COOKIE, (await desk.sign_in("second_editor")).cookie(COOKIE))
    answer = await form.send()
    assert answer.status == 403
    page = await answer.text()
    assert say("desk.error.form_of_another", "en") in page
    assert "fünfzig" not in page
    assert "fünfzig" not in await editor.page("/desk/kept")
    assert await signs_in(desk, desk.browser("editor")) == f"{EDIT}?typed=yes"


async def test_it_is_sealed_and_in_no_address_and_no_cookie(desk: Desk, editor: Person) -> None:
    form = (await open_form(editor, EDIT)).fill({"texts.fees": "Geheimwort"})
    ended_elsewhere(desk, editor)
    answer = await form.send()
    assert "Geheimwort" not in f"{answer.headers}{await answer.text()}"
    row = rows(desk)[0]
    assert b"Geheimwort" not in row.sealed
    assert desk.do(lambda s: kept_forms.kept_for(s, "another secret", row.user_id)) == []


async def test_a_password_is_never_kept(desk: Desk, editor: Person) -> None:
    ended_elsewhere(desk, editor)
    answer = await editor.post("/desk/account/password", password="vier Lampen im Regen", new="drei Lampen im Regen")
    assert answer.headers["Location"] == "/desk/sign-in"
    assert rows(desk) == []


# What cannot be kept


def forged(form: Form) -> Form:
    """With the name of somebody else in the token."""
    token, _, mark = form["csrf"].split(".")
    return form.fill(csrf=f"{token}.MSBhbmtlcnN0YWR0.{mark}")


def too_large(form: Form) -> Form:
    return form.fill({"texts.fees": "Wort " * 500_000})


def of_an_old_page(form: Form) -> Form:
    return form.fill(csrf=form["csrf"].partition(".")[0])


@pytest.mark.parametrize("spoil", [forged, too_large, of_an_old_page])
async def test_what_cannot_be_kept_is_said(desk: Desk, editor: Person, spoil: Callable[[Form], Form]) -> None:
    form = (await open_form(editor, EDIT)).fill({"texts.fees": TYPED})
    page = await sent_too_late(desk, editor, spoil(form))
    assert say("desk.notice.signed_out_lost", "en") in page
    assert rows(desk) == []


async def test_nothing_is_kept_for_somebody_who_was_shut_out(desk: Desk, editor: Person) -> None:
    form = (await open_form(editor, EDIT)).fill({"texts.fees": TYPED})
    desk.do(lambda session: session.execute(update(UserRow).values(disabled=True)))
    assert (await form.send()).status == 303
    assert rows(desk) == []


async def test_another_site_keeps_nothing(desk: Desk, editor: Person) -> None:
    form = (await open_form(editor, EDIT)).fill({"texts.fees": TYPED})
    ended_elsewhere(desk, editor)
    data = aiohttp.FormData()
    for name, value in form.fields:
        data.add_field(name, value)
    await editor.browser.post(EDIT, data=data, headers={"Origin": "https://elsewhere.example"}, allow_redirects=False)
    assert rows(desk) == []


async def test_after_a_day_it_is_gone(desk: Desk, editor: Person) -> None:
    await sent_too_late(desk, editor, (await open_form(editor, EDIT)).fill({"texts.fees": TYPED}))
    desk.do(lambda session: session.execute(update(KeptFormRow).values(at=now() - kept_forms.KEPT)))
    assert not (await signs_in(desk, editor)).startswith(EDIT + "?")
    assert "fünfzig" not in await editor.page("/desk/kept")
    desk.do(kept_forms.purge)
    assert rows(desk) == []


async def test_one_person_has_so_many_forms_kept_and_no_more(desk: Desk, editor: Person) -> None:
    form = read(editor, await editor.page(f"/desk/suggest?record={KEY}"), "/desk/suggest")
    for number in range(kept_forms.MOST + 2):
        await sent_too_late(desk, editor, form.fill(text=f"Hinweis {number}"))
    count: Any = desk.do(lambda session: session.scalar(select(func.count()).select_from(KeptFormRow)))
    assert count == kept_forms.MOST
    await signs_in(desk, editor)
    page = await editor.page("/desk/kept")
    assert f"Hinweis {kept_forms.MOST + 1}" in page
    assert "Hinweis 0<" not in page
