"""A session ends while somebody writes: what they send is kept for them alone, and stands before them when they have signed in again.

Everything here is done without scripts.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.editorial import autosave
from knowledge.editorial.accounts import sessions
from knowledge.editorial.records import now
from knowledge.editorial.translate import source_texts
from knowledge.store.account_tables import MembershipRow
from knowledge.store.desk_tables import RecordRow, SuggestionRow
from knowledge.web.desk.routing import COOKIE
from locales.catalogue import say
from tests.integration.desk.acts import WRONG, code_now, give_password, try_to_sign_in, turn_on_second_factor
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.kept_acts import (
    EDIT,
    KEY,
    PAGE,
    SHEET,
    TYPED,
    End,
    ended_elsewhere,
    erased,
    fees,
    rows,
    sent_too_late,
    signs_in,
    timed_out,
)
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, Person, user_of
from tests.integration.desk.records_form import open_form, read


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
