"""What a form tells while somebody types: hours, likenesses, sentences, records to choose from."""

from __future__ import annotations

from tests.integration.desk.people import Desk, Person
from tests.integration.desk.records_form import open_form
from tests.integration.desk.records_script import EDIT, JSON, KEY, ask, newest


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
