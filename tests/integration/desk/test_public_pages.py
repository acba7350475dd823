"""Pages that everybody can read: what stands on them, what never does, and telling the city that something is wrong."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from knowledge.api import KnowledgeApi
from knowledge.config import load_settings
from knowledge.editorial.actor import Actor
from knowledge.editorial.availability import close
from knowledge.editorial.publish import publish
from knowledge.editorial.records import body, record_key
from knowledge.editorial.save import create, save
from knowledge.search.embedder import NoEmbedder
from knowledge.store.account_tables import AuditRow
from knowledge.store.changes import touch
from knowledge.store.desk_tables import RecordRow, SuggestionRow
from knowledge.store.engine import begin_writing
from knowledge.store.library import Library
from knowledge.store.reader import read_knowledge
from knowledge.store.tables import ArticleRow, ServiceRow
from knowledge.web.keys import API, SETTINGS
from knowledge.web.public.markdown import chat_html, page_html
from knowledge.web.public.routes import add_routes
from knowledge.web.security import security_headers
from locales.catalogue import say
from tests.integration.conftest import MakeDatabase
from tests.integration.databases import Database
from tests.integration.desk.conftest import SECRET_HERE
from tests.integration.desk.people import CITY, OTHER_CITY, actor_of

SERVICE, ANSWER = "/info/{}/service/welcome-point", "/info/{}/article/registration.address:everyone"


class Reader:
    """Somebody on the street with a browser."""

    def __init__(self, database: Database, browser: aiohttp.ClientSession) -> None:
        self.database, self.browser = database, browser

    async def get(self, path: str, **headers: str) -> aiohttp.ClientResponse:
        response = await self.browser.get(path, headers=headers, allow_redirects=False)
        await response.read()
        return response

    async def page(self, path: str) -> str:
        response = await self.get(path)
        assert response.status == 200, await response.text()
        return await response.text()

    async def say(self, path: str, text: str, **fields: str) -> aiohttp.ClientResponse:
        response = await self.browser.post(path, data={"text": text, **fields}, allow_redirects=False)
        await response.read()
        return response

    def do(self, work: Callable[..., Any]) -> Any:
        with self.database.sessions() as session, session.begin():
            begin_writing(session)
            return work(session)

    def reviewer(self) -> Actor:
        return self.do(lambda session: actor_of(session, "reviewer"))

    def suggestions(self) -> list[SuggestionRow]:
        return self.do(lambda session: list(session.scalars(select(SuggestionRow).order_by(SuggestionRow.id))))


@pytest.fixture
async def reader(desk_database: Database, tmp_path: Any) -> AsyncIterator[Reader]:
    """A front with the public pages only."""
    environment = {"NEWCOMER_VAR": str(tmp_path), "NEWCOMER_MUNICIPALITY": CITY, "NEWCOMER_SECRET": "for the tests only"}
    app = web.Application(middlewares=[security_headers])
    app[SETTINGS] = load_settings({**environment, "NEWCOMER_DATABASE_URL": desk_database.url})
    app[API] = KnowledgeApi(Library(desk_database.sessions, CITY), NoEmbedder(), desk_database.sessions)
    add_routes(app, desk_database.sessions)
    server = TestServer(app)
    await server.start_server()
    async with aiohttp.ClientSession(base_url=server.make_url("/")) as browser:
        yield Reader(desk_database, browser)
    await server.close()


class TestService:
    async def test_everything_that_somebody_needs_to_go_there_stands_on_it(self, reader: Reader) -> None:
        page = await reader.page(SERVICE.format("en"))
        for words in ("Rathaus", "tel:+493023125100", "willkommen@ankerstadt.example", "openstreetmap.org", "Monday"):
            assert words in page
        assert '<html lang="en" dir="ltr">' in page

    async def test_right_to_left_in_arabic(self, reader: Reader) -> None:
        response = await reader.get(SERVICE.format("ar"))
        assert '<html lang="ar" dir="rtl">' in await response.text()
        assert response.headers["Content-Language"] == "ar"

    async def test_a_translation_says_how_far_it_can_be_trusted_and_has_the_original_beside_it(self, reader: Reader) -> None:
        page = await reader.page(SERVICE.format("ar"))
        assert say("notice.machine", "ar") in page
        assert re.search(r'<div lang="de" dir="ltr">.*Niemand fragt nach Ihren Papieren', page, re.S)

    async def test_the_original_needs_no_such_words(self, reader: Reader) -> None:
        page = await reader.page(SERVICE.format("de"))
        assert say("notice.machine", "de") not in page
        assert "<details>" not in page

    async def test_a_service_that_is_closed_for_a_while_says_so_and_not_when_it_opens(self, reader: Reader) -> None:
        reviewer = reader.reviewer()
        today = date.today()
        reader.do(lambda s: close(s, reviewer, f"service:{CITY}/welcome-point", today - timedelta(days=1), today + timedelta(days=3)))
        page = await reader.page(SERVICE.format("en"))
        assert "Temporarily closed" in page
        assert 'class="now"' not in page

    async def test_what_nobody_has_checked_for_long_carries_a_warning(self, reader: Reader) -> None:
        assert say("notice.old", "en") not in await reader.page(SERVICE.format("en"))

        def age(session: Any) -> None:
            session.get_one(ServiceRow, f"{CITY}/welcome-point").assured_date = date.today() - timedelta(days=366)
            touch(session, CITY)

        reader.do(age)
        reader = await _again(reader)
        assert say("notice.old", "en") in await reader.page(SERVICE.format("en"))

    async def test_a_secret_address_is_on_no_page_in_no_language(self, reader: Reader) -> None:
        knowledge = reader.do(lambda s: read_knowledge(s, CITY))
        hidden = {one.id: one for one in knowledge.locations.values() if one.confidential}
        assert hidden, "the demonstration city has a shelter"
        services = [one for one in knowledge.services.values() if any(at.location in hidden for at in one.at)]
        for service in services:
            for language in ("de", "en", "ar"):
                page = await reader.page(f"/info/{language}/service/{service.id}")
                assert say("place.confidential", language) in page
                for at in service.at:
                    place = hidden.get(at.location)
                    if place is None:
                        continue
                    secrets = [place.street, place.texts.get("directions") and place.texts["directions"].body, str(place.latitude)]
                    assert [words for words in secrets if words and words in page] == []
                assert "openstreetmap" not in page or len(service.at) > 1


class TestArticle:
    async def test_answer_source_and_date(self, reader: Reader) -> None:
        page = await reader.page(ANSWER.format("en"))
        for words in ("Register your address", "gesetze-im-internet.de/bmg", "November 9, 2026", "<ol><li>"):
            assert words in page
        assert "/info/en/service/citizens-office-altstadt" in page

    async def test_the_topic_alone_names_the_answer_for_everyone(self, reader: Reader) -> None:
        assert "Register your address" in await reader.page("/info/en/article/registration.address")

    async def test_an_old_answer_carries_a_warning(self, reader: Reader) -> None:
        def age(session: Any) -> None:
            row = session.get_one(ArticleRow, f"{CITY}/registration.address:everyone")
            row.checked_on = date.today() - timedelta(days=366)
            touch(session, CITY)

        reader.do(age)
        assert say("notice.old", "de") in await reader.page(ANSWER.format("de"))


class TestGuide:
    def write(self, reader: Reader) -> None:
        reviewer = reader.reviewer()
        pages = [
            {"id": "anfang", "texts": {"title": "Anfang", "body": "# Hallo\n\n#### Tief\n\n[weiter](page:zweite) und [weg](page:fehlt)"}},
            {"id": "zweite", "parent": "anfang", "checked_on": "2026-11-01", "texts": {"title": "Zweite Seite", "body": "<b>roh</b>"}},
        ]
        for one in pages:
            reader.do(lambda s, one=one: create(s, reviewer, CITY, "page", one))
            reader.do(lambda s, one=one: publish(s, reviewer, record_key("page", CITY, one["id"])))

    async def test_links_lead_to_pages_that_are_there(self, reader: Reader) -> None:
        self.write(reader)
        page = await reader.page("/info/de/page/anfang")
        assert '<a href="/info/de/page/zweite">weiter</a>' in page
        assert "page:" not in page
        assert " und weg" in page

    async def test_the_page_above_and_those_below_are_linked(self, reader: Reader) -> None:
        self.write(reader)
        assert 'href="/info/de/page/anfang"' in await reader.page("/info/de/page/zweite")
        assert "Zweite Seite" in await reader.page("/info/de/page/anfang")

    async def test_html_of_the_author_is_shown_as_text(self, reader: Reader) -> None:
        self.write(reader)
        page = await reader.page("/info/de/page/zweite")
        assert "&lt;b&gt;roh&lt;/b&gt;" in page


class TestMarkdown:
    @pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example", "vbscript:x", "file:///etc"])
    def test_a_dangerous_address_is_no_link(self, address: str) -> None:
        assert "href" not in page_html(f"[hier]({address})", lambda _: None)

    def test_headings_leave_no_level_out(self) -> None:
        html = page_html("# A\n\n#### B\n\n## C\n\n# D", lambda _: None)
        assert re.findall(r"<h(\d)>", html) == ["2", "3", "3", "2"]

    def test_no_pictures_from_elsewhere(self) -> None:
        assert "<img" not in page_html("![Bild](https://elsewhere.example/x.png)", lambda _: None)

    def test_a_message_keeps_its_lines_and_its_lists(self) -> None:
        html = chat_html("**Amt**\nPlatz 1\n\n- eins\n- zwei\n\n<script>x</script>")
        assert "<strong>Amt</strong><br" in html
        assert html.count("<li>") == 2
        assert "<script>" not in html


class TestAddresses:
    @pytest.mark.parametrize("path", ["/info/en/service/nowhere", "/info/en/article/health.nothing", "/info/en/page/nothing"])
    async def test_what_is_not_there_is_said_in_the_readers_language_with_a_way_on(self, reader: Reader, path: str) -> None:
        response = await reader.get(path)
        assert response.status == 404
        assert '<a href="/?lang=en">' in await response.text()

    @pytest.mark.parametrize("path", ["/info/fr", "/info/fr/", "/info/fr/services/welcome-point", "/info/fr/service", "/info/fr/page/a/b"])
    async def test_a_mistyped_address_leads_to_the_chat_and_to_the_beginning_of_the_guide(self, reader: Reader, path: str) -> None:
        """Given a guide of two pages, of which one is below the other."""
        TestGuide().write(reader)
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
        again = await _again(reader)
        assert (await again.get(ANSWER.format("de"), **{"If-None-Match": tag})).status == 200

    async def test_nothing_is_loaded_from_elsewhere(self, reader: Reader) -> None:
        page = await reader.page(SERVICE.format("ar"))
        assert "<script" not in page
        assert re.findall(r'(?:src|style)="', page) == []
        assert re.findall(r'<link rel="stylesheet" href="([^"]*)"', page)[0].startswith("/info/static/")


async def _again(reader: Reader) -> Reader:
    """The knowledge is looked at again after a second."""
    import asyncio

    await asyncio.sleep(1.1)
    return reader


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
    from pathlib import Path

    path = Path(str(reader.database.engine.url.database))
    reader.database.engine.dispose()
    path.rename(path.with_suffix(".away"))
    path.mkdir()
    response = await reader.say(SERVICE.format("en"), "The door is closed")
    assert response.status == 503
    assert "The door is closed" in await response.text()
    assert (await reader.get(SERVICE.format("en"))).status == 200
