"""A machine's translations. The machine is a service on loopback that speaks the interface of the real ones."""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from knowledge.domain.text import TranslationState
from knowledge.editorial.locked_words import lock_words
from knowledge.editorial.publish import publish
from knowledge.editorial.records import now
from knowledge.editorial.save import create
from knowledge.editorial.translate import translate
from knowledge.store.desk_tables import TranslationRunRow
from knowledge.store.reader import read_knowledge
from knowledge.web.desk.translation import running
from knowledge.web.desk.translation.running import LOST
from locales.catalogue import say
from tests.folders import a_service
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.people import CITY, Desk
from tests.integration.desk.translation_acts import SECRET, a_shelter, finished, section


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


def waiting(machine: Machine) -> tuple[asyncio.Event, asyncio.Event]:
    """The machine keeps everybody waiting: (it was asked, it may answer now)."""
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slowly(request: web.Request) -> web.Response:
        asked.set()
        await answered.wait()
        return await machine.translate(request)

    machine.answer = slowly
    return asked, answered


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
        asked, answered = waiting(machine)
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

    async def test_it_is_stopped_at_any_server_and_gone_on_with_at_another(
        self, make_desk: MakeDesk, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Given two servers on one database, and a run whose first text is still with the machine."""
        monkeypatch.setattr(running, "_BATCH", 1)
        here, there = [await make_desk(NEWCOMER_TRANSLATE_URL=machine.url) for _ in range(2)]  # type: ignore[attr-defined]
        a_shelter(here)
        asked, answered = waiting(machine)
        path = (await (await here.sign_in("editor")).post("/desk/translations/uk/machine")).headers["Location"]
        await asyncio.wait_for(asked.wait(), 10)
        person = await there.sign_in("editor")
        assert say("desk.translation.run.stop", "en") in await person.page(path)
        page = await (await person.post(f"{path}/stop", follow=True)).text()
        assert say("desk.translation.run.stopping", "en") in page
        assert f"{path}/stop" not in page
        answered.set()
        page = await finished(person, path)
        assert say("desk.translation.run.stopped", "en") in page
        assert say("desk.translation.run.written", "en", number=1) in page
        assert say("desk.translation.run.to_read", "en") in page
        assert len(machine.given) == 1
        total = here.do(lambda session: session.scalars(select(TranslationRunRow)).one().total)
        assert total > 1, "there was more to do"
        await person.post(path)
        page = await finished(person, path)
        assert say("desk.translation.run.written", "en", number=total) in page, "all that was written, before the stop and after it"
        assert section(here, "name", key=f"service:{CITY}/zuflucht").state is TranslationState.MACHINE

    async def test_what_is_done_stays_done_when_somebody_stops_it_too_late(self, desk_with_machine: Desk) -> None:
        a_shelter(desk_with_machine)
        editor = await desk_with_machine.sign_in("editor")
        path = (await editor.post("/desk/translations/uk/machine")).headers["Location"]
        done = await finished(editor, path)
        assert say("desk.translation.run.stop", "en") not in done
        assert html.unescape(await (await editor.post(f"{path}/stop", follow=True)).text()) == done

    async def test_a_run_that_loses_its_server_while_it_stops_can_be_gone_on_with(self, desk_with_machine: Desk) -> None:
        desk = desk_with_machine
        a_shelter(desk)
        editor = await desk.sign_in("editor")
        path = (await editor.post("/desk/translations/uk/machine")).headers["Location"]
        await finished(editor, path)

        def as_the_server_left_it(session: Any) -> None:
            row = session.scalars(select(TranslationRunRow)).one()
            row.state, row.seen_at = "stopping", now() - LOST * 2

        desk.do(as_the_server_left_it)
        assert say("desk.translation.run.lost", "en") in await editor.page(path)
        await editor.post(path)
        assert say("desk.translation.run.back", "en") in await finished(editor, path)

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
