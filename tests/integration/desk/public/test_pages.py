"""Pages that everybody can read: what stands on them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from knowledge.editorial.availability import close
from knowledge.store.changes import touch
from knowledge.store.reader import read_knowledge
from knowledge.store.tables import ArticleRow, ServiceRow
from knowledge.web.public.markdown import chat_html, page_html
from locales.catalogue import say
from tests.integration.desk.people import CITY
from tests.integration.desk.public.acts import ANSWER, SERVICE, Reader, later, write_guide


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
        reader = await later(reader)
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
    async def test_links_lead_to_pages_that_are_there(self, reader: Reader) -> None:
        write_guide(reader)
        page = await reader.page("/info/de/page/anfang")
        assert '<a href="/info/de/page/zweite">weiter</a>' in page
        assert "page:" not in page
        assert " und weg" in page

    async def test_the_page_above_and_those_below_are_linked(self, reader: Reader) -> None:
        write_guide(reader)
        assert 'href="/info/de/page/anfang"' in await reader.page("/info/de/page/zweite")
        assert "Zweite Seite" in await reader.page("/info/de/page/anfang")

    async def test_html_of_the_author_is_shown_as_text(self, reader: Reader) -> None:
        write_guide(reader)
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
