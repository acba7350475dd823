"""Telling the city that something on a public page is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge.store.account_tables import AuditRow
from locales.catalogue import say
from tests.integration.conftest import MakeDatabase
from tests.integration.desk.people import CITY
from tests.integration.desk.public.acts import SERVICE, Reader


class TestSomethingIsWrong:
    async def test_it_is_kept_with_the_record_and_without_the_person(self, reader: Reader) -> None:
        response = await reader.say(SERVICE.format("ar"), "رقم الهاتف خطأ")
        assert response.status == 200
        assert say("public.thanks", "ar") in await response.text()
        (kept,) = reader.suggestions()
        assert (kept.record_id, kept.text, kept.language) == (f"service:{CITY}/welcome-point", "رقم الهاتف خطأ", "ar")
        assert (kept.municipality_id, kept.from_user_id, kept.handled_at) == (CITY, None, None)
        assert reader.do(lambda s: s.scalars(select(AuditRow).where(AuditRow.action == "suggest")).all()) == []

    @pytest.mark.parametrize("typed", ["   ", "hm", "x" * 1001])
    async def test_what_cannot_be_taken_comes_back_with_a_reason_and_nothing_is_lost(self, reader: Reader, typed: str) -> None:
        response = await reader.say(SERVICE.format("en"), typed)
        page = await response.text()
        assert response.status == 422
        assert f">{typed}</textarea>" in page
        assert 'role="alert"' in page
        assert reader.suggestions() == []

    async def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(self, reader: Reader) -> None:
        response = await reader.say(SERVICE.format("en"), "Buy something", website="https://spam.example")
        assert response.status == 200
        assert reader.suggestions() == []

    async def test_nobody_floods_the_editors(self, reader: Reader) -> None:
        for number in range(6):
            assert (await reader.say(SERVICE.format("en"), f"The door is closed {number}")).status == 200
        response = await reader.say(SERVICE.format("en"), "The door is closed again")
        assert response.status == 429
        assert "The door is closed again" in await response.text()
        assert len(reader.suggestions()) == 6

    async def test_a_form_of_another_site_is_refused(self, reader: Reader) -> None:
        response = await reader.browser.post(SERVICE.format("en"), data={"text": "wrong"}, headers={"Origin": "https://elsewhere.example"})
        assert response.status == 403
        assert reader.suggestions() == []

    async def test_what_is_typed_is_shown_as_text(self, reader: Reader) -> None:
        response = await reader.say(SERVICE.format("en"), "<i>")
        assert "&lt;i&gt;</textarea>" in await response.text()


# The file is moved away, which only SQLite has.
@pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
async def test_with_the_database_gone_what_was_read_stays_and_a_suggestion_says_try_again(
    make_database: MakeDatabase, reader: Reader
) -> None:
    await reader.page(SERVICE.format("en"))
    path = Path(str(reader.database.engine.url.database))
    reader.database.engine.dispose()
    path.rename(path.with_suffix(".away"))
    path.mkdir()
    response = await reader.say(SERVICE.format("en"), "The door is closed")
    assert response.status == 503
    assert "The door is closed" in await response.text()
    assert (await reader.get(SERVICE.format("en"))).status == 200
