"""A session ends while somebody writes: what they send is kept for them alone, and stands before them when they have signed in again.

Everything here is done without scripts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.editorial import autosave
from knowledge.editorial.accounts import kept_forms, sessions
from knowledge.editorial.records import body, now
from knowledge.editorial.translate import source_texts
from knowledge.store.account_tables import DeskSessionRow, KeptFormRow, MembershipRow, UserRow
from knowledge.store.desk_tables import RecordRow, SuggestionRow
from knowledge.web.desk.routing import COOKIE
from locales.catalogue import say
from tests.integration.desk.acts import WRONG, code_now, give_password, try_to_sign_in, turn_on_second_factor
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, Person, user_of
from tests.integration.desk.records_form import Form, open_form, read

OFFICE = "citizens-office-altstadt"
KEY, PAGE = f"service:{CITY}/{OFFICE}", f"/desk/record/service/{OFFICE}"
EDIT, SHEET = f"{PAGE}/edit", f"{PAGE}/translate/tr"
TYPED = "Zwölf Euro,\nund <b>fünfzig</b> Cent."
End = Callable[[Desk, Person], None]


def ended_elsewhere(desk: Desk, person: Person) -> None:
    """By the person on another device, or by an administrator."""
    desk.do(lambda session: sessions.end_all(session, user_of(session, person.name).id))


def timed_out(desk: Desk, person: Person) -> None:
    desk.do(lambda session: session.execute(update(DeskSessionRow).values(expires_at=now() - timedelta(seconds=1))))


def erased(desk: Desk, person: Person) -> None:
    """Signed out in another tab: the browser has no cookie any longer either."""
    ended_elsewhere(desk, person)
    person.browser.cookie_jar.clear()


def fees(desk: Desk) -> str:
    return str(desk.do(lambda session: body(session, session.get_one(RecordRow, KEY))["texts"]["fees"]))


def rows(desk: Desk) -> list[KeptFormRow]:
    return list(desk.do(lambda session: session.scalars(select(KeptFormRow)).all()))


async def sent_too_late(desk: Desk, person: Person, form: Form, end: End = ended_elsewhere) -> str:
    """The page of signing in to which the form leads."""
    end(desk, person)
    answer = await form.send()
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/sign-in")
    return await person.page("/desk/sign-in")


async def signs_in(desk: Desk, person: Person, name: str = "editor") -> str:
    """Where somebody gets to who signs in."""
    answer = await try_to_sign_in(person, give_password(desk, name))
    assert answer.status == 303
    return answer.headers["Location"]


@pytest.fixture
async def editor(desk: Desk) -> Person:
    return await desk.sign_in("editor")


# Given a form of a record


@pytest.mark.parametrize("end", [ended_elsewhere, timed_out, erased])
async def test_the_form_opens_again_with_what_was_typed_and_says_that_it_is_not_saved(desk: Desk, editor: Person, end: End) -> None:
    before = fees(desk)
    form = (await open_form(editor, EDIT)).fill({"texts.fees": TYPED, "_note": "Neue Preise"})
    page = await sent_too_late(desk, editor, form, end)
    assert say("desk.notice.signed_out_kept", "en") in page
    assert "fünfzig" not in page
    assert await signs_in(desk, editor) == f"{EDIT}?typed=yes"
    again = await open_form(editor, f"{EDIT}?typed=yes")
    assert (again["texts.fees"], again["_note"], again["_base"]) == (TYPED, "Neue Preise", "1")
    assert say("desk.form.resumed", "en") in again.page
    assert fees(desk) == before
    await again.saved()
    assert fees(desk) == TYPED
    assert rows(desk) == []


async def test_a_new_record_with_a_second_factor_and_a_wrong_password_in_between(desk: Desk, editor: Person) -> None:
    email, (secret, _) = give_password(desk), turn_on_second_factor(desk)
    form = (await open_form(editor, "/desk/records/organization/new")).fill({"texts.name": "Neuer Verein"})
    await sent_too_late(desk, editor, form)
    assert (await try_to_sign_in(editor, email, WRONG)).status == 400
    await editor.post("/desk/language", language="de", back="/desk/sign-in")
    assert (await try_to_sign_in(editor, email)).headers["Location"] == "/desk/sign-in/code"
    assert "Neuer Verein" not in await editor.page("/desk/sign-in/code")
    answer = await editor.post("/desk/sign-in/code", code=code_now(secret))
    place = answer.headers["Location"]
    assert place.startswith("/desk/records/organization/new?form=")
    assert (await open_form(editor, place))["texts.name"] == "Neuer Verein"


async def test_the_server_may_have_been_restarted_and_the_browser_be_another_one(desk: Desk, make_desk: MakeDesk, editor: Person) -> None:
    form = (await open_form(editor, EDIT)).fill({"texts.fees": TYPED})
    await sent_too_late(desk, editor, form)
    restarted = await make_desk()
    person = restarted.browser("editor")
    assert await signs_in(restarted, person) == f"{EDIT}?typed=yes"
    assert (await open_form(person, f"{EDIT}?typed=yes"))["texts.fees"] == TYPED


async def test_who_is_signed_in_again_in_another_tab_goes_on_at_once(desk: Desk, editor: Person) -> None:
    form = (await open_form(editor, EDIT)).fill({"texts.fees": TYPED})
    ended_elsewhere(desk, editor)
    editor.keep_cookie(COOKIE, (await desk.sign_in("editor")).cookie(COOKIE))
    answer = await form.send()
    assert (answer.status, answer.headers["Location"]) == (303, f"{EDIT}?typed=yes")
    assert (await open_form(editor, f"{EDIT}?typed=yes"))["texts.fees"] == TYPED


async def test_what_was_typed_since_on_another_device_is_not_written_over(desk: Desk, editor: Person) -> None:
    actor = desk.actor("editor")
    form = (await open_form(editor, EDIT)).fill({"texts.fees": TYPED})
    await sent_too_late(desk, editor, form)

    def type_later(session: Session) -> None:
        autosave.keep(session, actor, CITY, KEY, "service", 1, {"texts.fees": ["Später getippt."]})
        row = autosave.find(session, actor, KEY)
        assert row is not None
        row.at = now() + timedelta(seconds=5)

    desk.do(type_later)
    place = await signs_in(desk, editor)
    assert place.startswith("/desk/kept?send=")
    shown = read(editor, await editor.page(place), EDIT)
    assert shown["texts.fees"] == TYPED
    assert (await open_form(editor, f"{EDIT}?typed=yes"))["texts.fees"] == "Später getippt."


async def test_who_may_not_write_it_any_longer_still_has_their_words(desk: Desk, editor: Person) -> None:
    form = (await open_form(editor, EDIT)).fill({"texts.fees": TYPED})
    await sent_too_late(desk, editor, form)

    def take_role(session: Session) -> None:
        session.execute(delete(MembershipRow).where(MembershipRow.user_id == user_of(session, "editor").id))

    desk.do(take_role)
    place = await signs_in(desk, editor)
    page = await editor.page(place)
    assert "&lt;b&gt;fünfzig&lt;/b&gt; Cent." in page
    assert (await editor.post("/desk/kept/open", {"form": rows(desk)[0].id})).status == 403
    assert len(rows(desk)) == 1


async def test_a_form_of_one_city_opens_in_that_city(desk: Desk) -> None:
    """Given somebody with roles in two cities, whose new session begins in the other one."""
    person = await desk.sign_in("two_cities", municipality=OTHER_CITY)
    form = (await open_form(person, "/desk/record/service/office/edit")).fill({"texts.fees": TYPED})
    await sent_too_late(desk, person, form)
    assert await signs_in(desk, person, "two_cities") == "/desk/record/service/office/edit?typed=yes"
    assert (await open_form(person, "/desk/record/service/office/edit?typed=yes"))["texts.fees"] == TYPED
    found = desk.do(lambda session: sessions.find(session, person.cookie(COOKIE)))
    assert found is not None and found.municipality == OTHER_CITY


# Given other forms


async def test_translations_stand_in_their_fields_again(desk: Desk, editor: Person) -> None:
    page = await editor.page(SHEET)
    form = read(editor, page, "sheet").fill({"text.fees": "On iki avro.", "save": "all"})
    await sent_too_late(desk, editor, form)
    place = await signs_in(desk, editor)
    assert place.startswith(f"{SHEET}?kept=")
    shown = await editor.page(place)
    assert say("desk.kept.back", "en") in shown
    assert say("desk.translation.clash.one", "en") not in shown
    again = read(editor, shown, "sheet")
    assert again["text.fees"] == "On iki avro."
    assert (await again.fill({"save": "all"}).send()).status == 303
    assert "On iki avro." in await editor.page(SHEET)
    assert rows(desk) == []


async def test_a_translation_of_words_that_are_others_by_now_says_so(desk: Desk, editor: Person) -> None:
    form = read(editor, await editor.page(SHEET), "sheet").fill({"text.fees": "On iki avro."})
    known = desk.do(lambda session: text_digest(source_texts(session, session.get_one(RecordRow, KEY))["fees"]))
    assert form["of.fees"] == known
    await sent_too_late(desk, editor, form.fill({"of.fees": "of older words"}))
    assert say("desk.translation.clash.one", "en") in await editor.page(await signs_in(desk, editor))


async def test_a_hint_of_staff_is_shown_and_sent_by_one_click(desk: Desk) -> None:
    staff = await desk.sign_in("staff")
    form = read(staff, await staff.page(PAGE), f"{PAGE}/suggest").fill(text=TYPED)
    await sent_too_late(desk, staff, form)
    place = await signs_in(desk, staff, "staff")
    assert "/desk/kept" in await staff.page("/desk")
    again = read(staff, await staff.page(place), f"{PAGE}/suggest")
    assert again["text"] == TYPED
    answer = await again.send()
    assert (answer.status, answer.headers["Location"]) == (303, PAGE)
    assert desk.do(lambda session: session.scalars(select(SuggestionRow.text)).all()) == [TYPED]
    assert rows(desk) == []
    assert "/desk/kept" not in await staff.page("/desk")


async def test_several_forms_wait_on_one_page_and_can_be_thrown_away(desk: Desk, editor: Person) -> None:
    forms = [(await open_form(editor, EDIT)).fill({"texts.fees": TYPED})]
    forms.append(read(editor, await editor.page(f"/desk/suggest?record={KEY}"), "/desk/suggest").fill(text="Die Tür ist hinten."))
    for form in forms:
        await sent_too_late(desk, editor, form)
    assert await signs_in(desk, editor) == "/desk/kept"
    page = await editor.page("/desk/kept")
    assert "Die Tür ist hinten." in page
    opened = await read(editor, page, "/desk/kept/open").send()
    assert opened.headers["Location"] == f"{EDIT}?typed=yes"
    discarded = await read(editor, await editor.page("/desk/kept"), "/desk/kept/discard").send()
    assert discarded.headers["Location"] == "/desk"
    assert rows(desk) == []


async def test_a_form_that_is_sent_twice_is_kept_once(desk: Desk, editor: Person) -> None:
    form = (await open_form(editor, EDIT)).fill({"texts.fees": TYPED})
    for _ in range(3):
        await sent_too_late(desk, editor, form)
    assert len(rows(desk)) == 1


async def test_a_button_alone_leads_back_to_its_page(desk: Desk, editor: Person) -> None:
    ended_elsewhere(desk, editor)
    assert (await editor.post(f"{PAGE}/verify")).headers["Location"] == "/desk/sign-in"
    assert say("desk.notice.signed_out_nothing", "en") in await editor.page("/desk/sign-in")
    assert rows(desk) == []
    assert await signs_in(desk, editor) == PAGE


async def test_a_file_has_to_be_chosen_again(desk: Desk) -> None:
    reviewer = await desk.sign_in("reviewer")
    ended_elsewhere(desk, reviewer)
    answer = await reviewer.post("/desk/exchange/import", files=b"id,name\n1,Neu\n", format="table")
    assert answer.headers["Location"] == "/desk/sign-in"
    assert say("desk.notice.signed_out_file", "en") in await reviewer.page("/desk/sign-in")
    assert rows(desk) == []
    assert await signs_in(desk, reviewer, "reviewer") == "/desk/exchange/import"


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
