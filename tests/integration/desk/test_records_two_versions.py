"""Two editors who save one record: both versions are put together, and nothing is lost."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from knowledge.store.desk_tables import AutosaveRow, RecordRow, RevisionRow
from tests.integration.desk.people import Desk, Person
from tests.integration.desk.records_form import Form, open_form, read
from tests.integration.desk.records_script import EDIT, KEY, OFFICE, newest


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
