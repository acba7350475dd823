"""Translations that come in many at once: translators' files, and a machine's work. The machine is a service on loopback that speaks the
interface of the real ones."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState
from knowledge.editorial.confidential import secrets_of
from knowledge.editorial.locked_words import lock_words
from knowledge.editorial.publish import publish
from knowledge.editorial.records import body, now
from knowledge.editorial.save import create, save
from knowledge.editorial.translate import Section, sections, translate
from knowledge.editorial.translators_files import plan, take
from knowledge.exchange.xliff import read_xliff
from knowledge.store.desk_tables import RecordRow, TranslationRunRow
from knowledge.store.reader import read_knowledge
from knowledge.web.desk.translation import running
from knowledge.web.desk.translation.running import LOST
from locales.catalogue import say
from tests.folders import a_service
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.people import CITY, Desk, Person

KEY = f"service:{CITY}/welcome-point"
ANSWER = f"article:{CITY}/registration.address:everyone"
XLIFF = "{urn:oasis:names:tc:xliff:document:2.0}"
SECRET = "Geheimgasse 5"


def change(desk: Desk, key: str = KEY, **texts: Any) -> None:
    actor = desk.actor("reviewer")

    def work(session: Any) -> None:
        row = session.get_one(RecordRow, key)
        document = body(session, row)
        save(session, actor, key, {**document, "texts": {**document["texts"], **texts}}, base=row.newest)
        publish(session, actor, key)

    desk.do(work)


def section(desk: Desk, field: str = "name", code: str = "uk", key: str = KEY) -> Section:
    return desk.do(lambda session: next(one for one in sections(session, session.get_one(RecordRow, key), code) if one.field == field))


def a_shelter(desk: Desk) -> None:
    """A public service at a confidential place, with words that tell where it is."""
    actor = desk.actor("reviewer")

    def work(session: Any) -> None:
        place = {
            "id": "zuflucht",
            "confidential": True,
            "address": {"street": SECRET},
            "texts": {"name": "Haus", "directions": "Am Baum links"},
        }
        create(session, actor, CITY, "location", place)
        texts = {"name": "Zuflucht", "application_process": f"Kommen Sie in die {SECRET}.", "fees": "Kostenlos."}
        create(
            session, actor, CITY, "service", a_service("zuflucht", organization="offene-hand", at=[{"location": "zuflucht"}], texts=texts)
        )
        publish(session, actor, f"location:{CITY}/zuflucht")
        publish(session, actor, f"service:{CITY}/zuflucht")

    desk.do(work)


async def finished(person: Person, path: str) -> str:
    """The page of a run once it is at its end."""
    for _ in range(200):
        answer = await person.get(f"{path}/progress")
        if (await answer.json())["state"] != "running":
            return html.unescape(await person.page(path))
        await asyncio.sleep(0.05)
    raise AssertionError("it did not end")


def translated(data: bytes, words: dict[str, str], *, state: str = "translated") -> bytes:
    """The file as a translator sends it back: `words` by source, into the targets."""
    root = ET.fromstring(data)
    for segment in root.iter(f"{XLIFF}segment"):
        source = segment.find(f"{XLIFF}source")
        assert source is not None
        found = words.get("".join(source.itertext()))
        if found is None:
            continue
        target = segment.find(f"{XLIFF}target")
        target = ET.SubElement(segment, f"{XLIFF}target") if target is None else target
        target.clear()
        target.text = found
        segment.set("state", state)
        segment.attrib.pop("subState", None)
    return ET.tostring(root, encoding="utf-8")


class TestTranslatorsFiles:
    async def export(self, desk: Desk, query: str = "", code: str = "uk") -> bytes:
        person = await desk.sign_in("editor")
        response = await person.get(f"/desk/translations/{code}/export{query}")
        assert response.status == 200, await response.text()
        assert response.headers["Content-Disposition"].endswith('.xlf"')
        return await response.read()

    async def bring_back(self, desk: Desk, data: bytes) -> tuple[Person, str]:
        """Upload a file; the page on which one decides."""
        person = await desk.sign_in("editor")
        response = await person.post("/desk/translations/xliff", file=data)
        assert response.status == 303, await response.text()
        return person, response.headers["Location"]

    async def test_the_file_has_what_the_list_shows(self, desk: Desk) -> None:
        change(desk, name="Ganz neuer Name")
        file = read_xliff(await self.export(desk, "?kind=service&state=outdated"))
        assert (file.source_language, file.target_language) == ("de", "uk")
        assert [(unit.kind, unit.record, unit.field, unit.source) for unit in file.units] == [
            ("service", "welcome-point", "name", "Ganz neuer Name")
        ]

    async def test_there_and_back_again(self, desk: Desk) -> None:
        change(desk, name="Ganz neuer Name", required_documents=["Pass", "Foto"])
        data = await self.export(desk, "?kind=service&state=outdated")
        data = translated(data, {"Ganz neuer Name": "Нова назва", "Pass": "Паспорт", "Foto": "Фото"})
        person, path = await self.bring_back(desk, data)
        page = await person.page(path)
        assert say("desk.translation.run.plan.fields", "en", number=2) in page
        assert section(desk).state is TranslationState.OUTDATED, "nothing is written before somebody says so"
        await person.post(path)
        page = await finished(person, path)
        assert say("desk.translation.run.written", "en", number=2) in page
        assert (section(desk).translation, section(desk).state) == ("Нова назва", TranslationState.REVIEWED)
        assert section(desk, "required_documents").translation == "Паспорт\nФото"

    async def test_what_changed_meanwhile_is_not_taken_and_is_named(self, desk: Desk) -> None:
        change(desk, name="Ganz neuer Name")
        data = translated(await self.export(desk, "?kind=service&state=outdated"), {"Ganz neuer Name": "Нова назва"})
        change(desk, name="Noch neuerer Name")
        person, path = await self.bring_back(desk, data)
        page = await person.page(path)
        assert say("desk.translation.outcome.outdated", "en") in page
        assert "Нова назва" in page
        assert say("desk.translation.run.take", "en") not in page

    async def test_words_that_somebody_has_written_here_are_replaced_only_if_asked(self, desk: Desk) -> None:
        change(desk, name="Ganz neuer Name")
        data = translated(await self.export(desk, "?kind=service&state=outdated"), {"Ganz neuer Name": "З файлу"})
        editor = desk.actor("second_editor")
        desk.do(lambda session: translate(session, editor, KEY, "name", "uk", "Від колеги", of=text_digest("Ganz neuer Name")))
        person, path = await self.bring_back(desk, data)
        page = await person.page(path)
        assert say("desk.translation.outcome.replaces", "en") in page
        assert "<del>Від колеги</del>" in page
        await person.post(path)
        await finished(person, path)
        assert section(desk).translation == "Від колеги"
        person, path = await self.bring_back(desk, data)
        await person.post(path, replace="yes")
        await finished(person, path)
        assert section(desk).translation == "З файлу"

    async def test_what_somebody_translates_while_a_file_is_taken_over_stays(self, desk: Desk) -> None:
        change(desk, name="Ganz neuer Name")
        data = translated(await self.export(desk, "?kind=service&state=outdated"), {"Ganz neuer Name": "З файлу"})
        actor, colleague = desk.actor("editor"), desk.actor("second_editor")
        made = desk.do(lambda session: plan(session, actor, CITY, read_xliff(data), "uk"))
        desk.do(lambda session: translate(session, colleague, KEY, "name", "uk", "Від колеги", of=text_digest("Ganz neuer Name")))
        assert desk.do(lambda session: take(session, actor, CITY, "uk", made.fields)) == (0, 1)
        assert section(desk).translation == "Від колеги"

    async def test_a_lost_name_is_told(self, desk: Desk) -> None:
        editor = desk.actor("editor")
        desk.do(lambda session: lock_words(session, editor, CITY, ["Jobcenter"]))
        change(desk, name="Hilfe vom Jobcenter")
        data = await self.export(desk, "?kind=service&state=outdated")
        assert b'translate="no"' in data
        person, path = await self.bring_back(desk, translated(data, {"Hilfe vom Jobcenter": "Допомога"}))
        assert say("desk.translation.lost", "en", terms="Jobcenter") in await person.page(path)

    async def test_what_the_translator_does_not_vouch_for_waits_for_a_reader(self, desk: Desk) -> None:
        change(desk, name="Ganz neuer Name")
        data = translated(await self.export(desk, "?kind=service&state=outdated"), {"Ganz neuer Name": "Нова назва"}, state="initial")
        person, path = await self.bring_back(desk, data)
        await person.post(path)
        await finished(person, path)
        assert section(desk).state is TranslationState.MACHINE

    @pytest.mark.parametrize(
        ("data", "key"),
        [
            (b"not xml", "xliff.not_xml"),
            (b"<html/>", "xliff.not_xliff"),
            (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "xliff.unsafe"),
            (b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"/>', "xliff.version"),
        ],
    )
    async def test_a_file_that_cannot_be_read_is_said_in_words(self, desk: Desk, data: bytes, key: str) -> None:
        response = await (await desk.sign_in("editor")).post("/desk/translations/xliff", file=data)
        assert response.status == 422
        assert re.search(r'role="alert">[^<]{20,}<', await response.text())

    async def test_a_file_from_another_language_is_refused(self, desk: Desk) -> None:
        data = (await self.export(desk, "?kind=service&state=machine")).replace(b'srcLang="de"', b'srcLang="fr"')
        response = await (await desk.sign_in("editor")).post("/desk/translations/xliff", file=data)
        assert response.status == 422

    async def test_without_a_file_it_is_said(self, desk: Desk) -> None:
        response = await (await desk.sign_in("editor")).post("/desk/translations/xliff")
        assert (response.status, say("desk.error.no_file", "en") in await response.text()) == (422, True)

    async def test_nothing_of_a_confidential_place_is_in_a_file(self, desk: Desk) -> None:
        a_shelter(desk)
        data = (await self.export(desk)).decode()
        for secret in (SECRET, "Am Baum links"):
            assert secret not in data
        assert "Zuflucht" in data
        hidden = desk.do(lambda session: secrets_of(session, CITY))
        assert not [key for key in hidden.keys if f'original="location/{key.partition("/")[2]}"' in data]

    async def test_somebody_elses_file_is_not_there_and_an_organizations_editor_takes_over_nothing_of_others(self, desk: Desk) -> None:
        change(desk, name="Ganz neuer Name")
        data = translated(await self.export(desk, "?kind=service&state=outdated"), {"Ganz neuer Name": "Нова назва"})
        _, path = await self.bring_back(desk, data)
        other = await desk.sign_in("organization_editor")
        assert (await other.get(path)).status == 404
        response = await other.post("/desk/translations/xliff", file=data)
        page = await other.page(response.headers["Location"])
        assert say("desk.translation.outcome.not_allowed", "en") in page
        await other.post(response.headers["Location"])
        assert section(desk).state is TranslationState.OUTDATED

    async def test_a_run_whose_process_has_gone_can_be_gone_on_with(self, desk: Desk) -> None:
        change(desk, name="Ganz neuer Name")
        data = translated(await self.export(desk, "?kind=service&state=outdated"), {"Ganz neuer Name": "Нова назва"})
        person, path = await self.bring_back(desk, data)

        def die(session: Any) -> None:
            row = session.scalars(select(TranslationRunRow)).one()
            row.state, row.seen_at = "running", now() - LOST * 2

        desk.do(die)
        assert say("desk.translation.run.lost", "en") in await person.page(path)
        await person.post(path)
        await finished(person, path)
        assert section(desk).translation == "Нова назва"
        assert (await person.post(path)).status == 400, "it is done"


class Machine:
    """A translation service: says every word in capitals, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.answer: Callable[[web.Request], Awaitable[web.Response]] = self.translate

    async def translate(self, request: web.Request) -> web.Response:
        call = await request.json()
        self.given += call["q"]
        return web.json_response({"translatedText": [f"[{call['target']}] {one}" for one in call["q"]]})

    async def refuse(self, request: web.Request) -> web.Response:
        return web.Response(status=403)


@pytest.fixture
async def machine() -> AsyncIterator[Machine]:
    found = Machine()
    app = web.Application()

    async def handle(request: web.Request) -> web.Response:
        return await found.answer(request)

    app.router.add_post("/translate", handle)
    server = TestServer(app)
    await server.start_server()
    found.url = str(server.make_url("/translate"))  # type: ignore[attr-defined]
    yield found
    await server.close()


@pytest.fixture
async def desk_with_machine(make_desk: MakeDesk, machine: Machine) -> Desk:
    return await make_desk(NEWCOMER_TRANSLATE_URL=machine.url)  # type: ignore[attr-defined]


class TestMachine:
    async def test_without_a_service_it_is_said_and_nothing_happens(self, desk: Desk) -> None:
        editor = await desk.sign_in("editor")
        assert say("desk.translation.machine.none", "en") in await editor.page("/desk/translations")
        assert (await editor.post("/desk/translations/uk/machine")).status == 400
        response = await editor.post("/desk/record/service/entwurf/translate/uk/machine")
        assert response.status == 400
        assert say("desk.error.translator.none", "en") in await response.text()

    async def test_what_is_missing_is_translated_and_marked_until_somebody_has_read_it(
        self, desk_with_machine: Desk, machine: Machine
    ) -> None:
        desk = desk_with_machine
        actor, key = desk.actor("reviewer"), f"service:{CITY}/neu"
        desk.do(lambda s: lock_words(s, actor, CITY, ["Jobcenter"]))
        texts = {"name": "Hilfe vom Jobcenter", "fees": "Rufen Sie an: +49 30 23125 100"}
        desk.do(lambda s: create(s, actor, CITY, "service", a_service("neu", organization="offene-hand", at=[], texts=texts)))
        desk.do(lambda s: publish(s, actor, key))
        editor = await desk.sign_in("editor")
        response = await editor.post("/desk/translations/uk/machine", kind="service")
        page = await finished(editor, response.headers["Location"])
        assert say("desk.translation.run.written", "en", number=2) in page
        name = section(desk, "name", key=key)
        assert (name.translation, name.state, name.reviewed_by) == ("[uk] Hilfe vom Jobcenter", TranslationState.MACHINE, None)
        assert "Jobcenter" not in " ".join(machine.given), "the name went as a placeholder"
        assert "23125" not in " ".join(machine.given)
        known = desk.do(lambda s: read_knowledge(s, CITY).services["neu"].texts["name"].read(("uk",)))
        assert known.state is TranslationState.MACHINE, "readers are told"

    async def test_neither_drafts_nor_confidential_places_leave_the_house(self, desk_with_machine: Desk, machine: Machine) -> None:
        desk = desk_with_machine
        a_shelter(desk)
        editor = await desk.sign_in("editor")
        response = await editor.post("/desk/translations/uk/machine")
        await finished(editor, response.headers["Location"])
        sent = "\n".join(machine.given)
        assert "Zuflucht" in sent
        for secret in (SECRET, "Am Baum links", "Zitronenfalter"):
            assert secret not in sent
        await editor.post("/desk/record/location/zuflucht/translate/uk/machine")
        await editor.post("/desk/record/service/zuflucht/translate/uk/machine")
        assert SECRET not in "\n".join(machine.given)
        assert "Am Baum links" not in "\n".join(machine.given)

    async def test_one_record_at_once_and_its_draft_if_somebody_asks(self, desk_with_machine: Desk, machine: Machine) -> None:
        desk = desk_with_machine
        editor = await desk.sign_in("editor")
        path = "/desk/record/service/entwurf/translate/uk"
        page = await editor.page(path)
        assert "127.0.0.1" in page, "whom the words go to"
        assert say("desk.translation.machine.drafts", "en") in page
        assert (await editor.post(f"{path}/machine")).status == 303
        assert section(desk, "name", key=f"service:{CITY}/entwurf").state is TranslationState.MACHINE

    async def test_a_person_s_words_are_never_touched(self, desk_with_machine: Desk, machine: Machine) -> None:
        desk = desk_with_machine
        before = section(desk)
        editor = await desk.sign_in("editor")
        await editor.post("/desk/record/service/welcome-point/translate/uk/machine")
        assert section(desk) == before
        assert machine.given == []

    async def test_what_somebody_translates_while_the_machine_is_at_it_stays(self, desk_with_machine: Desk, machine: Machine) -> None:
        desk = desk_with_machine
        key, person = f"service:{CITY}/entwurf", desk.actor("second_editor")
        words = section(desk, key=key)

        def by_hand(session: Any) -> None:
            translate(session, person, key, "name", "uk", "Від руки", of=words.source_digest)

        async def slowly(request: web.Request) -> web.Response:
            await asyncio.to_thread(desk.do, by_hand)
            return await machine.translate(request)

        machine.answer = slowly
        editor = await desk.sign_in("editor")
        assert (await editor.post("/desk/record/service/entwurf/translate/uk/machine")).status == 303
        after = section(desk, key=key)
        assert (after.translation, after.state) == ("Від руки", TranslationState.REVIEWED)
        assert words.source in "".join(machine.given), "the machine was asked for it"

    async def test_a_slow_machine_is_not_taken_for_lost(
        self, desk_with_machine: Desk, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk = desk_with_machine
        a_shelter(desk)
        monkeypatch.setattr(running, "SIGN_OF_LIFE", timedelta(seconds=0.05))
        asked, answered = asyncio.Event(), asyncio.Event()

        async def slowly(request: web.Request) -> web.Response:
            asked.set()
            await answered.wait()
            return await machine.translate(request)

        machine.answer = slowly
        editor = await desk.sign_in("editor")
        path = (await editor.post("/desk/translations/uk/machine")).headers["Location"]
        await asyncio.wait_for(asked.wait(), 10)

        def long_ago(session: Any) -> None:
            session.scalars(select(TranslationRunRow)).one().seen_at = now() - LOST * 2

        await asyncio.to_thread(desk.do, long_ago)
        for _ in range(100):
            state = (await (await editor.get(f"{path}/progress")).json())["state"]
            if state == "running":
                break
            await asyncio.sleep(0.05)
        answered.set()
        assert state == "running"
        await finished(editor, path)

    async def test_a_service_that_refuses_is_said_in_words(self, desk_with_machine: Desk, machine: Machine) -> None:
        desk = desk_with_machine
        machine.answer = machine.refuse
        editor = await desk.sign_in("editor")
        response = await editor.post("/desk/record/service/entwurf/translate/uk/machine")
        assert response.status == 400
        assert say("desk.error.translator.key", "en") in await response.text()

    async def test_a_run_that_fails_says_why_and_can_be_gone_on_with(self, desk_with_machine: Desk, machine: Machine) -> None:
        desk = desk_with_machine
        a_shelter(desk)
        machine.answer = machine.refuse
        editor = await desk.sign_in("editor")
        path = (await editor.post("/desk/translations/uk/machine")).headers["Location"]
        page = await finished(editor, path)
        assert say("desk.error.translator.key", "en") in page
        machine.answer = machine.translate
        await editor.post(path)
        assert say("desk.translation.run.to_read", "en") in await finished(editor, path)
        assert section(desk, "name", key=f"service:{CITY}/zuflucht").state is TranslationState.MACHINE
