"""Translators' files: out to a translator and back."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState
from knowledge.editorial.confidential import secrets_of
from knowledge.editorial.locked_words import lock_words
from knowledge.editorial.records import aware, now
from knowledge.editorial.translate import translate
from knowledge.editorial.translators_files import plan, take
from knowledge.exchange.xliff import read_xliff
from knowledge.store.desk_tables import TranslationRunRow
from knowledge.web.desk.translation import running
from knowledge.web.desk.translation.running import LOST
from locales.catalogue import say
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.people import CITY, Desk, Person
from tests.integration.desk.translation_acts import KEY, SECRET, a_shelter, change, finished, section

XLIFF = "{urn:oasis:names:tc:xliff:document:2.0}"


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

    async def test_taking_over_is_stopped_and_gone_on_with_as_it_was_chosen(
        self, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Given two servers, and a file whose words replace two that somebody has written: chosen so, and stopped after the first."""
        here, there = await make_desk(), await make_desk()
        change(here, name="Ganz neuer Name", fees="Neue Preise")
        words = {"Ganz neuer Name": "З файлу", "Neue Preise": "Ціни з файлу"}
        data = translated(await self.export(here, "?kind=service&state=outdated"), words)
        colleague = here.actor("second_editor")
        for field, source in (("name", "Ganz neuer Name"), ("fees", "Neue Preise")):
            here.do(lambda s, f=field, w=source: translate(s, colleague, KEY, f, "uk", "Від колеги", of=text_digest(w)))  # type: ignore[misc]
        monkeypatch.setattr(running, "_BATCH", 1)
        one_done, go_on = asyncio.Event(), asyncio.Event()
        note = running._Run._note

        async def slowly(run: Any, **numbers: int) -> bool:
            if numbers.get("done") == 1:
                one_done.set()
                await go_on.wait()
            return await note(run, **numbers)

        monkeypatch.setattr(running._Run, "_note", slowly)
        person, path = await self.bring_back(here, data)
        await person.post(path, replace="yes")
        await asyncio.wait_for(one_done.wait(), 10)
        other = await there.sign_in("editor")
        await other.post(f"{path}/stop")
        go_on.set()
        page = await finished(other, path)
        assert say("desk.translation.run.stopped", "en") in page
        assert say("desk.translation.run.written", "en", number=1) in page
        assert sorted(section(here, field).translation == "Від колеги" for field in ("name", "fees")) == [False, True]
        await other.post(path)
        assert say("desk.translation.run.written", "en", number=2) in await finished(other, path)
        assert (section(here).translation, section(here, "fees").translation) == ("З файлу", "Ціни з файлу")

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

    async def test_files_that_nobody_went_on_with_are_not_kept_for_ever(self, desk: Desk) -> None:
        data = await self.export(desk, "?kind=service&state=machine")
        await self.bring_back(desk, data)

        def long_ago(session: Any) -> None:
            session.scalars(select(TranslationRunRow)).one().at = now() - timedelta(days=31)

        desk.do(long_ago)
        await self.bring_back(desk, data)
        (kept,) = desk.do(lambda session: session.scalars(select(TranslationRunRow)).all())
        assert aware(kept.at) > now() - timedelta(days=1)

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
