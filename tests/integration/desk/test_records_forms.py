"""Writing records without any script: in plain words, mistakes beside the fields, nothing lost."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from knowledge.store.desk_tables import AutosaveRow, RecordRow, RevisionRow
from locales.catalogue import say
from tests.integration.desk.people import CITY, Desk, Person
from tests.integration.desk.records_filled import FULL, OFFICE, count, new_service, newest
from tests.integration.desk.records_form import open_form


async def test_a_new_service_is_a_draft_with_an_id_of_its_name(desk: Desk, editor: Person) -> None:
    form = await new_service(editor)
    form.fill({"phones.0.number": "030 23125 777", "texts.required_documents.0": "Nichts", "also": "Büchertreff\n\nLesekreis"})
    assert await form.saved() == "/desk/record/service/lesecafe-lindenau"
    saved = newest(desk, "service", "lesecafe-lindenau")
    assert saved["texts"]["required_documents"] == ["Nichts"]
    assert saved["phones"][0]["number"] == "+49 30 23125777"
    assert saved["also"] == ["Büchertreff", "Lesekreis"]
    record = desk.do(lambda session: session.get_one(RecordRow, f"service:{CITY}/lesecafe-lindenau"))
    assert (record.state, record.published) == ("draft", None)
    assert desk.do(lambda session: session.scalars(select(AutosaveRow)).all()) == []


@pytest.mark.parametrize(
    ("kind", "fields", "local"),
    [
        ("organization", {"texts.name": "Verein Süd", "kind": "association"}, "verein-sued"),
        ("location", {"texts.name": "Südhaus", "address.street": "Südweg 1", "latitude": "49.79, 9.96"}, "suedhaus"),
        ("location", {"address.street": "Ohne Namen 3"}, "ohne-namen-3"),
        ("contact", {"texts.name": "Nottelefon", "phones.0.number": "115"}, "nottelefon"),
        ("page", {"texts.title": "Ankommen", "texts.body": "## Erste Tage\n\n- Atmen\n"}, "ankommen"),
        (
            "article",
            {
                "topic": "health.dentist", "audience": "women", "texts.title": "Zahnärztin", "texts.answer": "Es gibt eine. Rufen Sie an.",
                "source.title": "Gesetz", "source.url": "www.gesetz.example", "source.level": "country", "texts.steps.0": "Anrufen",
                "services.0": "welcome-point",
            },
            "health.dentist:women",
        ),
    ],
    ids=["organization", "location", "nameless location", "contact", "page", "article"],
)  # fmt: skip
async def test_each_kind_can_be_made(desk: Desk, editor: Person, kind: str, fields: dict[str, str | list[str] | None], local: str) -> None:
    form = (await open_form(editor, f"/desk/records/{kind}/new")).fill(fields)
    address = await form.saved()
    assert address == f"/desk/record/{kind}/{local.replace(':', '%3A')}"
    saved = newest(desk, kind, local)
    if kind == "article":
        assert saved["source"]["url"] == "https://www.gesetz.example"
        assert saved["texts"]["steps"] == ["Anrufen"]
    if kind == "location" and "latitude" in fields:
        assert (saved["latitude"], saved["longitude"]) == (49.79, 9.96)
    # And opened again, it says the same and nothing changes by saving it.
    again = await open_form(editor, f"{address}/edit")
    assert await again.saved() == address
    assert desk.do(lambda session: session.get_one(RecordRow, f"{kind}:{CITY}/{local}").newest) == 1


@pytest.mark.parametrize("kind", ["organization", "location", "service", "article"])
async def test_every_record_of_the_city_opens_and_saving_it_unchanged_changes_nothing(desk: Desk, editor: Person, kind: str) -> None:
    records = desk.do(
        lambda session: session.scalars(select(RecordRow.local_id).where(RecordRow.kind == kind, RecordRow.municipality_id == CITY)).all()
    )
    for local in records[:12]:
        form = await open_form(editor, f"/desk/record/{kind}/{local.replace(':', '%3A')}/edit")
        await form.saved()
    changed = desk.do(lambda session: session.scalars(select(RevisionRow).where(RevisionRow.number > 1)).all())
    assert [one.record_id for one in changed] == []


async def test_what_is_missing_is_said_beside_each_field_and_at_the_top(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, "/desk/records/service/new")
    before = count(desk)
    back = await form.fill({"phones.0.number": "keine", "email": "ohne klammeraffe", "website": "kein punkt"}).refused()
    assert set(back.mistakes) == {"f-texts-name", "f-topics", "f-organization", "f-phones-0-number", "f-email", "f-website"}
    for name in back.mistakes:
        assert f'<a href="#{name}">' in back.page
        assert re.search(rf'aria-describedby="[^"]*{name}-problem', back.page)
    assert "Not saved yet" in back.page
    # What was typed is still there.
    assert back["phones.0.number"] == "keine"
    assert back["email"] == "ohne klammeraffe"
    assert count(desk) == before


async def test_an_area_code_alone_is_no_number_and_a_short_one_is(editor: Person) -> None:
    form = await open_form(editor, "/desk/records/service/new")
    back = await form.fill({"phones.0.number": "0821"}).refused()
    assert back.mistakes["f-phones-0-number"] == say("problem.phone_short", "en")
    back = await back.fill({"phones.0.number": "116 117"}).refused()
    assert "f-phones-0-number" not in back.mistakes


async def test_required_fields_say_so_in_words(editor: Person) -> None:
    form = await open_form(editor, "/desk/records/service/new")
    assert re.search(r'for="f-texts-name"[^>]*>Name <span class="required">\(required\)</span>', form.page)


async def test_an_answer_of_four_sentences_is_too_long(editor: Person) -> None:
    form = await open_form(editor, "/desk/records/article/new")
    back = await form.fill({"texts.title": "T", "texts.answer": "Eins. Zwei. Drei. Vier."}).refused()
    assert "4 sentences" in back.mistakes["f-texts-answer"]
    assert "Sentences: 4. 3 at most." in back.page


async def test_rows_come_and_go_and_what_was_typed_stays(desk: Desk, editor: Person) -> None:
    form = (await new_service(editor)).fill({"phones.0.number": "112", "texts.fees": "Nichts"})
    form = await form.press("add:phones")
    form.fill({"phones.1.number": "030 1", "phones.1.kind": "fax"})
    form = await form.press("add:phones")
    form.fill({"phones.2.number": "115"})
    form = await form.press("remove:phones.1")
    assert (form["phones.0.number"], form["phones.1.number"]) == ("112", "115")
    assert "phones.2.number" not in form
    assert form["texts.fees"] == "Nichts"
    form = await form.press("add:texts.required_documents")
    form.fill({"texts.required_documents.0": "Pass", "texts.required_documents.1": "Foto"})
    await form.saved()
    saved = newest(desk, "service", "lesecafe-lindenau")
    assert [one["number"] for one in saved["phones"]] == ["112", "115"]
    assert saved["texts"]["required_documents"] == ["Pass", "Foto"]


async def test_steps_change_places(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, "/desk/record/article/registration.address%3Aeveryone/edit")
    steps = [form[f"texts.steps.{number}"] for number in range(4)]
    form = await form.press("up:texts.steps.2")
    await form.saved()
    assert newest(desk, "article", "registration.address:everyone")["texts"]["steps"] == [steps[0], steps[2], steps[1], steps[3]]


async def test_places_with_days_that_differ(desk: Desk, editor: Person) -> None:
    form = (await new_service(editor)).fill({"at.0.location": "rathaus"})
    form = await form.press("add:at.0.exceptions")
    form.fill({"at.0.exceptions.0.date": "2026-12-24"})
    form = await form.press("add:at.0.exceptions")
    form.fill({"at.0.exceptions.1.date": "2026-12-31", "at.0.exceptions.1.opens": "08:00", "at.0.exceptions.1.closes": "10:00"})
    form = await form.press("add:at")
    form.fill({"at.1.location": "jobcenter", "at.1.closed_on_holidays": None})
    await form.saved()
    first, second = newest(desk, "service", "lesecafe-lindenau")["at"]
    assert [(one["date"], one.get("closed", False), one.get("opens")) for one in first["exceptions"]] == [
        ("2026-12-24", True, None),
        ("2026-12-31", False, "08:00"),
    ]
    assert second["location"] == "jobcenter"
    assert second["closed_on_holidays"] is False
    assert first.get("closed_on_holidays", True) is True


async def test_enter_saves_and_adds_no_row(editor: Person) -> None:
    form = await open_form(editor, "/desk/records/service/new")
    first = re.search(r"<button[^>]*>", form.page[form.page.index('id="record-form"') :])
    assert first is not None
    assert "name=" not in first.group(0)


async def test_topic_and_short_name_stay_as_they_are(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, f"/desk/record/service/{OFFICE}/edit")
    assert "id" not in form
    await form.fill({"id": "anders", "texts.fees": "Frei."}).saved()
    assert newest(desk, "service", OFFICE)["id"] == OFFICE


async def test_what_is_not_there_cannot_be_chosen(editor: Person) -> None:
    form = (await new_service(editor)).fill({"organization": "gibt-es-nicht", "at.0.location": "nirgends", "contact": "weg"})
    assert set((await form.refused()).mistakes) == {"f-organization", "f-at-0-location", "f-contact"}


async def test_a_small_edit_and_a_note_go_into_the_history(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, f"/desk/record/service/{OFFICE}/edit")
    await form.fill({"texts.fees": "Frei", "_minor": "yes", "_note": "Komma"}).saved()
    row = desk.do(
        lambda session: session.scalars(select(RevisionRow).where(RevisionRow.record_id.endswith(OFFICE), RevisionRow.number == 2)).one()
    )
    assert (row.minor, row.note) == (True, "Komma")


async def test_a_place_tells_who_uses_it(editor: Person) -> None:
    page = await editor.page("/desk/record/location/klinikum-west/edit")
    found = re.search(r"(\d+) records use this", page)
    assert found is not None
    assert int(found.group(1)) == 4
    assert "Notaufnahme Klinikum" in page


async def test_one_address_for_all_services(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, "/desk/record/location/rathaus/edit")
    await form.fill({"address.street": "Neuer Platz 1"}).saved()
    page = await editor.page("/desk/records/service?text=Neuer+Platz")
    assert "Bürgerbüro Altstadt" in page


async def test_saving_can_stay_on_the_form(editor: Person) -> None:
    form = (await new_service(editor)).fill({})
    answer = await form.send("_stay")
    assert answer.headers["Location"] == "/desk/record/service/lesecafe-lindenau/edit"


async def test_people_of_one_organization_make_its_records_only(desk: Desk) -> None:
    person = await desk.sign_in("organization_editor")
    form = (await open_form(person, "/desk/records/service/new")).fill({**FULL, "organization": "offene-hand"})
    assert await form.saved() == "/desk/record/service/lesecafe-lindenau"
    form = (await open_form(person, "/desk/records/service/new")).fill({**FULL, "texts.name": "Etwas ganz anderes"})
    back = await form.refused()
    assert "own organization" in back.mistakes["f-organization"]
    for kind in ("article", "location", "organization", "page"):
        assert (await person.get(f"/desk/records/{kind}/new")).status == 403
    assert (await person.get(f"/desk/record/service/{OFFICE}/edit")).status == 403


async def test_a_new_service_of_somebodys_own_organization_has_it_chosen(desk: Desk) -> None:
    person = await desk.sign_in("organization_editor")
    assert (await open_form(person, "/desk/records/service/new"))["organization"] == "offene-hand"


async def test_nobody_opens_a_record_of_another_municipality(desk: Desk, editor: Person) -> None:
    elsewhere = await desk.sign_in("elsewhere")
    assert (await elsewhere.get(f"/desk/record/service/{OFFICE}/edit")).status == 404
    assert (await editor.get("/desk/record/service/office/edit")).status == 404
    assert (await editor.get("/desk/record/service/gibt-es-nicht/edit")).status == 404
    assert (await editor.get("/desk/record/nonsense/x/edit")).status == 404


async def test_odd_forms_do_no_harm(desk: Desk, editor: Person) -> None:
    before = count(desk)
    for fields in (
        {"phones.9999999.number": "1"},
        {"phones.-1.number": "1"},
        {"at.0.hours": "x" * 20_000},
        {"__class__": "x", "texts.__init__": "y", "texts.unknown": "z"},
        {"add:nonsense": "1"},
        {"remove:phones.77": "1"},
        {"up:phones": "1"},
        {"topics": ["no.such", "<script>"]},
        {"latitude": "999"},
        {"cost.amount": "viel", "checked_on": "gestern"},
    ):
        form = await open_form(editor, "/desk/records/service/new")
        answer = await form.fill(fields).send()
        assert answer.status in (200, 422), fields
        assert "<script>" not in (await answer.text()).replace('<script type="module"', "")
    assert count(desk) == before
