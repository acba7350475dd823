"""Addresses of public pages: what is there, what is not, and what never is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from knowledge.editorial.publish import publish
from knowledge.editorial.records import body
from knowledge.editorial.save import save
from knowledge.store.desk_tables import RecordRow
from locales.catalogue import say
from tests.integration.desk.conftest import SECRET_HERE
from tests.integration.desk.people import CITY, OTHER_CITY
from tests.integration.desk.public.acts import ANSWER, SERVICE, Reader, later, write_guide


class TestAddresses:
    @pytest.mark.parametrize("path", ["/info/en/service/nowhere", "/info/en/article/health.nothing", "/info/en/page/nothing"])
    async def test_what_is_not_there_is_said_in_the_readers_language_with_a_way_on(self, reader: Reader, path: str) -> None:
        response = await reader.get(path)
        assert response.status == 404
        assert '<a href="/?lang=en">' in await response.text()

    @pytest.mark.parametrize("path", ["/info/fr", "/info/fr/", "/info/fr/services/welcome-point", "/info/fr/service", "/info/fr/page/a/b"])
    async def test_a_mistyped_address_leads_to_the_chat_and_to_the_beginning_of_the_guide(self, reader: Reader, path: str) -> None:
        """Given a guide of two pages, of which one is below the other."""
        write_guide(reader)
        response = await reader.get(path)
        page = await response.text()
        assert (response.status, response.content_type, response.headers["Content-Language"]) == (404, "text/html", "fr")
        assert '<html lang="fr" dir="ltr">' in page
        assert f"<h1>{say('public.missing.title', 'fr')}</h1>" in page
        assert '<a href="/?lang=fr">' in page
        assert '<a href="/info/fr/page/anfang" lang="de"' in page
        assert "/info/fr/page/zweite" not in page

    async def test_without_a_language_in_the_address_the_browsers_is_spoken(self, reader: Reader) -> None:
        for path in ("/info", "/info/", "/info/nonsense"):
            response = await reader.get(path, **{"Accept-Language": "ar-SY, en;q=0.5"})
            assert response.status == 404, path
            assert '<html lang="ar" dir="rtl">' in await response.text()

    async def test_other_addresses_are_not_taken_for_public_pages(self, reader: Reader) -> None:
        assert (await reader.get("/information")).content_type == "text/plain"

    async def test_a_draft_is_not_there(self, reader: Reader) -> None:
        response = await reader.get("/info/de/service/entwurf")
        assert response.status == 404
        assert SECRET_HERE not in await response.text()

    async def test_words_of_a_draft_over_a_published_record_are_not_shown(self, reader: Reader) -> None:
        reviewer, key = reader.reviewer(), f"service:{CITY}/welcome-point"

        def write(session: Any) -> None:
            document = body(session, session.get_one(RecordRow, key))
            save(session, reviewer, key, {**document, "texts": {**document["texts"], "name": SECRET_HERE}}, base=1)

        reader.do(write)
        assert SECRET_HERE not in await reader.page(SERVICE.format("de"))

    async def test_an_unserved_language_leads_to_the_nearest_one(self, reader: Reader) -> None:
        response = await reader.get(SERVICE.format("fa"))
        assert (response.status, response.headers["Location"]) == (302, SERVICE.format("en"))

    async def test_the_page_of_a_neighbouring_town_is_asked_for_by_its_name(self, reader: Reader) -> None:
        page = await reader.page(f"/info/de/service/office?city={OTHER_CITY}")
        assert "Bürgerbüro" in page
        assert f"?city={OTHER_CITY}" in page
        assert (await reader.get("/info/de/service/office?city=nowhere")).status == 404

    async def test_a_browser_that_has_the_page_is_not_sent_it_again_until_it_changes(self, reader: Reader) -> None:
        first = await reader.get(ANSWER.format("de"))
        tag = first.headers["ETag"]
        assert (await reader.get(ANSWER.format("de"), **{"If-None-Match": tag})).status == 304
        reviewer, key = reader.reviewer(), f"article:{CITY}/registration.address:everyone"

        def change(session: Any) -> None:
            document = body(session, session.get_one(RecordRow, key))
            save(session, reviewer, key, {**document, "texts": {**document["texts"], "title": "Neu"}}, base=1)
            publish(session, reviewer, key)

        reader.do(change)
        again = await later(reader)
        assert (await again.get(ANSWER.format("de"), **{"If-None-Match": tag})).status == 200

    async def test_nothing_is_loaded_from_elsewhere(self, reader: Reader) -> None:
        page = await reader.page(SERVICE.format("ar"))
        assert "<script" not in page
        assert re.findall(r'(?:src|style)="', page) == []
        assert re.findall(r'<link rel="stylesheet" href="([^"]*)"', page)[0].startswith("/info/static/")
