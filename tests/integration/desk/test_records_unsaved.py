"""Nothing typed is lost: kept every few seconds, offered again, whoever else works on the record."""

from __future__ import annotations

import asyncio
import html
import re
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from knowledge.editorial.records import body, now
from knowledge.store.desk_tables import AutosaveRow, EditLockRow, RecordRow, RevisionRow
from knowledge.web.desk.routing import COOKIE
from tests.integration.desk.people import CITY, Desk, Person, user_of
from tests.integration.desk.records_form import Form, open_form, read

OFFICE = "citizens-office-altstadt"
KEY = f"service:{CITY}/{OFFICE}"
EDIT = f"/desk/record/service/{OFFICE}/edit"
JSON = {"Accept": "application/json"}


@pytest.fixture
async def editor(desk: Desk) -> Person:
    return await desk.sign_in("editor")


@pytest.fixture
async def second(desk: Desk) -> Person:
    return await desk.sign_in("second_editor")


async def ask(person: Person, path: str, content: Any, *, csrf: str | None = None) -> aiohttp.ClientResponse:
    """What a script of the page sends."""
    headers = {**JSON, "X-CSRF": person.csrf if csrf is None else csrf}
    answer = await person.browser.post(path, json=content, headers=headers)
    await answer.read()
    return answer


def user(desk: Desk, name: str) -> int:
    return int(desk.do(lambda session: user_of(session, name).id))


async def keep(
    desk: Desk, person: Person, form: str, fields: dict[str, str] | list[tuple[str, str]], *, base: int = 1, who: str = ""
) -> aiohttp.ClientResponse:
    """As autosave does."""
    kind = form.removeprefix("new:").partition(":")[0]
    pairs = [list(pair) for pair in (fields.items() if isinstance(fields, dict) else fields)]
    content = {"form": form, "base": base, "user": user(desk, who or person.name), "fields": pairs}
    return await ask(person, f"/desk/records/{kind}/autosave", content)


def fields(form: Form, **changes: str) -> list[tuple[str, str]]:
    """What autosave would send of a form in which some fields were changed."""
    kept = [one for one in form.fields if not one[0].startswith("_") and one[0] != "csrf" and one[0] not in changes]
    return [*kept, *changes.items()]


async def leave(person: Person, form: Form) -> None:
    """As the script of a page does when the page is closed."""
    found = re.search(r'data-stamp="([^"]+)"', form.page)
    assert found is not None
    await ask(person, f"/desk/record/service/{OFFICE}/lock", {"action": "release", "stamp": html.unescape(found.group(1))})


def newest(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = desk.do(lambda session: body(session, session.get_one(RecordRow, KEY)))
    return found


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


# Locks


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


# Two versions


async def both_open(editor: Person, second: Person) -> tuple[Form, Form]:
    """Two people with the same record before them; the second one has taken it over."""
    first = await open_form(editor, EDIT)
    await read(second, await second.page(EDIT), f"/desk/record/service/{OFFICE}/take-over").send()
    return first, await open_form(second, EDIT)


async def clash(form: Form) -> Form:
    """Send a form on an old revision; the page with both versions."""
    answer = await form.send()
    assert answer.status == 409
    return read(form.person, await answer.text(), EDIT)


async def test_two_versions_are_put_together_field_by_field(desk: Desk, editor: Person, second: Person) -> None:
    mine, theirs = await both_open(editor, second)
    await theirs.fill({"texts.fees": "Zehn Euro.", "texts.eligibility": "Nur mit Ausweis.", "email": "deren@ankerstadt.example"}).saved()
    mine.fill(
        {"texts.fees": "Fünf Euro.", "texts.description": "Neu beschrieben.", "email": "meine@ankerstadt.example", "phones.0.number": "115"}
    )
    page = await clash(mine)
    for words in ("Zehn", "Fünf", "Nur mit Ausweis.", "Neu beschrieben.", "deren@ankerstadt.example", "115", "Second Editor"):
        assert words in re.sub(r"</?(ins|del|wbr)>", "", page.page), words
    assert newest(desk)["texts"]["fees"] == "Zehn Euro."
    # Each field that both changed wants a choice; nothing is chosen beforehand.
    forgotten = await page.fill({"choose.texts.fees": "mine"}).send()
    assert forgotten.status == 409
    page = read(editor, await forgotten.text(), EDIT)
    assert page["choose.texts.fees"] == "mine"
    await page.fill({"choose.texts.fees": "mine", "choose.email": "theirs"}).saved()
    merged = newest(desk)
    assert merged["texts"]["fees"] == "Fünf Euro."
    assert merged["texts"]["eligibility"] == "Nur mit Ausweis."
    assert merged["texts"]["description"] == "Neu beschrieben."
    assert merged["email"] == "deren@ankerstadt.example"
    assert merged["phones"][0]["number"] == "115"
    assert desk.do(lambda session: session.get_one(RecordRow, KEY).newest) == 3
    assert desk.do(lambda session: session.scalars(select(AutosaveRow)).all()) == []


async def test_closing_the_page_with_both_versions_loses_nothing(desk: Desk, editor: Person, second: Person) -> None:
    mine, theirs = await both_open(editor, second)
    await theirs.fill({"texts.fees": "Zehn Euro."}).saved()
    await clash(mine.fill({"texts.fees": "Fünf Euro."}))
    page = await editor.page(EDIT)
    assert "Fünf Euro." in page
    assert "Second Editor has saved this record" in page
    again = await open_form(editor, f"{EDIT}?typed=yes")
    assert again["texts.fees"] == "Fünf Euro."
    merged = await clash(again)
    await merged.fill({"choose.texts.fees": "mine"}).saved()
    assert newest(desk)["texts"]["fees"] == "Fünf Euro."


async def test_a_third_version_meanwhile_asks_again(desk: Desk, editor: Person, second: Person) -> None:
    mine, theirs = await both_open(editor, second)
    await theirs.fill({"texts.fees": "Zehn Euro."}).saved()
    page = await clash(mine.fill({"texts.fees": "Fünf Euro."}))
    third = await open_form(second, EDIT)
    await third.fill({"texts.fees": "Zwanzig Euro."}).saved()
    again = await page.fill({"choose.texts.fees": "mine"}).send()
    assert again.status == 409
    assert "Zwanzig" in await again.text()
    assert newest(desk)["texts"]["fees"] == "Zwanzig Euro."
    await read(editor, await again.text(), EDIT).fill({"choose.texts.fees": "mine"}).saved()
    assert newest(desk)["texts"]["fees"] == "Fünf Euro."


async def test_changes_in_different_fields_are_put_together_after_a_look(desk: Desk, editor: Person, second: Person) -> None:
    mine, theirs = await both_open(editor, second)
    await theirs.fill({"texts.fees": "Zehn Euro."}).saved()
    page = await clash(mine.fill({"website": "www.neu.example"}))
    await page.saved()
    assert newest(desk)["texts"]["fees"] == "Zehn Euro."
    assert newest(desk)["website"] == "https://www.neu.example"


async def test_the_same_change_by_both_is_saved_once(desk: Desk, editor: Person, second: Person) -> None:
    mine, theirs = await both_open(editor, second)
    await theirs.fill({"texts.fees": "Zehn Euro."}).saved()
    await mine.fill({"texts.fees": "Zehn Euro."}).saved()
    assert desk.do(lambda session: session.get_one(RecordRow, KEY).newest) == 2


async def test_a_page_of_versions_that_was_tampered_with_changes_nothing(desk: Desk, editor: Person, second: Person) -> None:
    mine, theirs = await both_open(editor, second)
    await theirs.fill({"texts.fees": "Zehn Euro."}).saved()
    page = await clash(mine.fill({"texts.fees": "Fünf Euro."}))
    for broken in ("{", "[]", '{"id": "x"}'):
        answer = await page.fill({"_mine": broken, "choose.texts.fees": "mine"}).send()
        assert answer.status in (303, 400), broken
    assert desk.do(lambda session: session.scalar(select(func.max(RevisionRow.number)).where(RevisionRow.record_id == KEY))) == 2


# What scripts ask


async def test_hours_are_told_while_they_are_typed(editor: Person) -> None:
    content = {"words": "Mo-Fr 9-12, bei Vollmond", "place": "at.0", "fields": [["at.0.exceptions.0.date", "2026-12-24"]]}
    told = await (await ask(editor, "/desk/records/service/hours", content)).json()
    assert "Monday to Friday 9:00 to 12:00" in told["sentence"]
    assert "24 December" in told["sentence"]
    assert any(odd and "Vollmond" in words for words, odd in told["pieces"])
    assert told["problems"]
    assert not told["complete"]
    half = {"words": "Mo 9-12", "place": "at.0", "fields": [["at.0.exceptions.0.opens", "08:00"]]}
    assert (await (await ask(editor, "/desk/records/service/hours", half)).json())["complete"]


async def test_hours_that_were_told_while_typing_are_saved_at_once(desk: Desk, editor: Person) -> None:
    told = await (await ask(editor, "/desk/records/service/hours", {"words": "Mo 9-12", "place": "at.0", "fields": []})).json()
    form = await open_form(editor, EDIT)
    await form.fill({"at.0.hours": "Mo 9-12", "_shown.at.0.hours": told["stamp"]}).saved()
    assert newest(desk)["at"][0]["hours"] == [{"days": ["monday"], "opens": "09:00", "closes": "12:00"}]


async def test_likenesses_while_typing_need_no_second_save(desk: Desk, editor: Person) -> None:
    typed = [["texts.name", "Bürgerbüro Altstatt"], ["at.0.location", "rathaus"]]
    answer = await (await ask(editor, "/desk/records/service/similar", {"fields": typed, "record": ""})).json()
    assert [one["key"] for one in answer["found"]][:1] == [KEY]
    assert answer["found"][0]["reason"] == "similar name, same address"
    form = (await open_form(editor, "/desk/records/service/new")).fill(
        {
            "texts.name": "Bürgerbüro Altstatt", "at.0.location": "rathaus", "topics": ["registration.address"],
            "organization": "stadt-ankerstadt", "_seen": " ".join(one["key"] for one in answer["found"]),
        }
    )  # fmt: skip
    await form.saved()


async def test_a_record_does_not_resemble_itself(editor: Person) -> None:
    typed = [["texts.name", "Bürgerbüro Altstadt"], ["at.0.location", "rathaus"]]
    answer = await (await ask(editor, "/desk/records/service/similar", {"fields": typed, "record": KEY})).json()
    assert KEY not in {one["key"] for one in answer["found"]}


async def test_sentences_are_counted(editor: Person) -> None:
    for words, number, many in (("", 0, False), ("Eins. Zwei.", 2, False), ("Eins. Zwei. Drei! Vier?", 4, True)):
        told = await (await ask(editor, "/desk/records/article/sentences", {"words": words})).json()
        assert (told["number"], told["many"]) == (number, many)


async def test_records_to_choose_from(desk: Desk, editor: Person) -> None:
    found = await (await editor.get("/desk/records/location/choices?q=rathausplatz", headers=JSON)).json()
    assert found["found"][0]["value"] == "rathaus"
    assert "Rathausplatz 1" in found["found"][0]["detail"]
    assert len((await (await editor.get("/desk/records/location/choices", headers=JSON)).json())["found"]) > 10
    assert (await editor.get("/desk/records/article/choices", headers=JSON)).status == 404
    elsewhere = await desk.sign_in("elsewhere")
    assert (await (await elsewhere.get("/desk/records/location/choices?q=rathausplatz", headers=JSON)).json())["found"] == []


async def test_a_new_place_can_be_chosen_at_once(editor: Person) -> None:
    form = (await open_form(editor, "/desk/records/location/new")).fill({"texts.name": "Ganz neues Haus"})
    await form.saved()
    found = await (await editor.get("/desk/records/location/choices?q=ganz+neues", headers=JSON)).json()
    assert [one["label"] for one in found["found"]] == ["Ganz neues Haus"]
