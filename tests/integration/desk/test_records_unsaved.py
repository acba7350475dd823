"""What was typed and not saved is kept for its person, and offered again."""

from __future__ import annotations

from sqlalchemy import select

from knowledge.store.desk_tables import AutosaveRow
from knowledge.web.desk.routing import COOKIE
from tests.integration.desk.people import Desk, Person
from tests.integration.desk.records_form import open_form, read
from tests.integration.desk.records_script import EDIT, JSON, KEY, ask, fields, keep, leave, newest, user


async def test_what_was_typed_is_offered_again_in_any_browser(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, EDIT)
    assert (await keep(desk, editor, KEY, fields(form, **{"texts.fees": "Halb getippt"}))).status == 200
    another = await desk.sign_in("editor")
    page = await another.page(EDIT)
    assert "did not save it" in page
    assert "Halb getippt" in page
    assert "Die Anmeldung ist kostenlos" in page  # what is saved stands beside it
    again = await open_form(another, f"{EDIT}?typed=yes")
    assert again["texts.fees"] == "Halb getippt"
    await again.saved()
    assert newest(desk)["texts"]["fees"] == "Halb getippt"
    assert "record-form" in await editor.page(EDIT)


async def test_it_can_be_thrown_away(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, EDIT)
    await keep(desk, editor, KEY, fields(form, **{"texts.fees": "Unsinn"}))
    page = await editor.page(EDIT)
    answer = await read(editor, page, "/desk/records/service/discard").send()
    assert answer.status == 303
    assert "Unsinn" not in await editor.page(EDIT)
    assert desk.do(lambda session: session.scalars(select(AutosaveRow)).all()) == []


async def test_what_is_the_same_as_saved_is_not_offered(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, EDIT)
    await keep(desk, editor, KEY, fields(form))
    await keep(desk, editor, KEY, [(name, f"{value} ") for name, value in fields(form)])
    assert "record-form" in await editor.page(EDIT)


async def test_a_new_record_that_was_begun_is_offered(desk: Desk, editor: Person) -> None:
    await keep(desk, editor, "new:service:abcdefgh", {"texts.name": "Angefangenes", "phones.0.number": "112"}, base=0)
    page = await editor.page("/desk/records/service/new")
    assert "Angefangenes" in page
    again = await open_form(editor, "/desk/records/service/new?form=abcdefgh")
    assert (again["texts.name"], again["phones.0.number"]) == ("Angefangenes", "112")
    assert "Angefangenes" not in await editor.page("/desk/records/organization/new")


async def test_a_new_record_that_is_saved_is_not_offered_any_more(desk: Desk, editor: Person) -> None:
    await keep(desk, editor, "new:organization:abcdefgh", {"texts.name": "Verein"}, base=0)
    form = await open_form(editor, "/desk/records/organization/new?form=abcdefgh")
    await form.fill(kind="association").saved()
    assert desk.do(lambda session: session.scalars(select(AutosaveRow)).all()) == []


async def test_nobody_sees_what_somebody_else_has_typed(desk: Desk, editor: Person, second: Person) -> None:
    form = await open_form(editor, EDIT)
    await keep(desk, editor, KEY, fields(form, **{"texts.fees": "Geheim getippt"}))
    await leave(editor, form)
    assert "Geheim getippt" not in await second.page(EDIT)


async def test_mistakes_are_kept_too(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, EDIT)
    await form.fill({"texts.name": "", "phones.0.number": "so nicht"}).refused()
    again = await open_form(editor, f"{EDIT}?typed=yes")
    assert again["phones.0.number"] == "so nicht"


async def test_buttons_for_rows_keep_what_was_typed_on_the_server(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, EDIT)
    await form.fill({"texts.fees": "Vor dem Knopf"}).press("add:phones")
    assert (await open_form(editor, f"{EDIT}?typed=yes"))["texts.fees"] == "Vor dem Knopf"


async def test_autosave_takes_a_long_page_and_refuses_what_is_not_its_own(desk: Desk, editor: Person) -> None:
    assert (await keep(desk, editor, "new:page:abcdefgh", {"texts.body": "Wort " * 60_000}, base=0)).status == 200
    assert (await keep(desk, editor, "new:page:abcdefgh", {"texts.body": "Wort " * 600_000}, base=0)).status == 400
    assert (await keep(desk, editor, "service:kleinstadt/office", {"texts.name": "x"})).status == 404
    assert (await keep(desk, editor, "service:ankerstadt/gibtesnicht", {"texts.name": "x"})).status == 404
    assert (await keep(desk, editor, KEY, {"texts.name": "x"}, who="second_editor")).status == 403
    assert (await ask(editor, "/desk/records/service/autosave", [])).status == 400
    assert (await ask(editor, "/desk/records/service/autosave", {"form": KEY, "user": user(desk, "editor"), "fields": "x"})).status == 400
    wrong = {"form": KEY, "base": 1, "user": user(desk, "editor"), "fields": []}
    assert (await ask(editor, "/desk/records/organization/autosave", wrong)).status == 404
    assert (await ask(editor, "/desk/records/service/autosave", wrong, csrf="no")).status == 403
    staff = await desk.sign_in("staff")
    assert (await keep(desk, staff, "new:service:abcdefgh", {"texts.name": "x"}, base=0)).status == 403
    own = await desk.sign_in("organization_editor")
    assert (await keep(desk, own, KEY, {"texts.name": "x"})).status == 403
    assert (await keep(desk, own, "new:location:abcdefgh", {"texts.name": "x"}, base=0)).status == 403


async def test_who_signs_in_again_goes_on_with_the_open_page(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, EDIT)
    old = editor.csrf
    editor.browser.cookie_jar.clear()
    gone = await keep(desk, editor, KEY, fields(form), who="editor")
    assert gone.status == 401
    assert (await gone.json())["error"] == "signed_out"
    again = await desk.sign_in("editor")
    editor.keep_cookie(COOKIE, again.cookie(COOKIE))
    content = {"form": KEY, "base": 1, "user": user(desk, "editor"), "fields": [["texts.name", "Neu"]]}
    assert (await ask(editor, "/desk/records/service/autosave", content, csrf=old)).status == 403
    token = await (await editor.get("/desk/records/token", headers=JSON)).json()
    assert token["user"] == user(desk, "editor")
    assert (await ask(editor, "/desk/records/service/autosave", content, csrf=token["csrf"])).status == 200
