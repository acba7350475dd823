"""What is there already is not made again: likenesses are warned of, and a form that is sent twice makes one record."""

from __future__ import annotations

from knowledge.store.desk_tables import RecordRow
from tests.integration.desk.people import CITY, Desk, Person
from tests.integration.desk.records_filled import OFFICE, count, new_service
from tests.integration.desk.records_form import open_form, read


async def test_something_like_it_is_warned_of_once(desk: Desk, editor: Person) -> None:
    form = (await new_service(editor)).fill({"texts.name": "Buergerbüro altstadt", "at.0.location": "rathaus"})
    before = count(desk)
    answer = await form.send()
    assert answer.status == 200
    back = read(editor, await answer.text())
    assert f'href="/desk/record/service/{OFFICE}"' in back.page
    assert "Save anyway" in back.page
    assert count(desk) == before
    assert await back.saved() == "/desk/record/service/buergerbuero-altstadt"
    assert count(desk) == before + 1


async def test_the_same_house_is_warned_of(editor: Person) -> None:
    form = await open_form(editor, "/desk/records/location/new")
    answer = await form.fill({"texts.name": "Neues Haus", "address.street": "Bahnhofstr. 30", "address.city": "Ankerstadt"}).send()
    assert answer.status == 200
    text = await answer.text()
    assert "Volkshochschule" in text
    assert "same address" in text


async def test_editing_something_else_warns_of_nothing(editor: Person) -> None:
    for local in (OFFICE, "citizens-office-nordstadt"):
        await (await open_form(editor, f"/desk/record/service/{local}/edit")).fill({"texts.fees": "Frei."}).saved()


async def test_sent_twice_it_is_made_once(desk: Desk, editor: Person) -> None:
    form = await new_service(editor)
    before = count(desk)
    first, second = await form.saved(), await form.saved()
    assert first == second
    assert count(desk) == before + 1


async def test_an_edit_that_is_sent_twice_is_one_revision(desk: Desk, editor: Person) -> None:
    form = (await open_form(editor, f"/desk/record/service/{OFFICE}/edit")).fill({"texts.fees": "Frei."})
    assert await form.saved() == await form.saved()
    assert desk.do(lambda session: session.get_one(RecordRow, f"service:{CITY}/{OFFICE}").newest) == 2


async def test_a_taken_short_name_is_said_with_a_link(editor: Person) -> None:
    form = (await new_service(editor)).fill({"id": OFFICE})
    back = await form.refused()
    assert "There is one already" in back.mistakes["f-id"]
    assert f'href="/desk/record/service/{OFFICE}"' in back.page
    wrong = await back.fill({"id": "Nicht So!"}).refused()
    assert "small letters" in wrong.mistakes["f-id"]


async def test_an_answer_that_is_there_is_not_written_twice(editor: Person) -> None:
    form = await open_form(editor, "/desk/records/article/new?topic=registration.address")
    assert form["topic"] == "registration.address"
    form.fill({"texts.title": "Noch eine", "texts.answer": "Ja.", "source.title": "Q", "source.url": "https://q.example"})
    back = await form.refused()
    assert "f-topic" in back.mistakes
    assert "/desk/record/article/registration.address%3Aeveryone" in back.page
