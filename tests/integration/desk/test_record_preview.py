"""The preview of a record: as the chat would say it and as a public page, in every language."""

from __future__ import annotations

import html
import re
from typing import Any

from sqlalchemy import select

from knowledge.editorial.records import body
from knowledge.editorial.save import create, save
from knowledge.store.desk_tables import RecordRow
from knowledge.store.reader import read_knowledge
from locales.catalogue import say
from tests.folders import a_service
from tests.integration.desk.people import CITY, Desk
from tests.integration.desk.record_page import ANSWER, PAGE, change, public_name


class TestPreview:
    async def test_the_draft_as_the_chat_would_say_it_and_as_a_page(self, desk: Desk) -> None:
        change(desk, "editor", name="Haus der Ankunft", description="Kommen Sie einfach.")
        page = await (await desk.sign_in("editor")).page(f"{PAGE}/preview?language=de")
        assert "<strong>Haus der Ankunft</strong>" in page
        assert re.search(r'class="name"[^>]*>Haus der Ankunft<', page)
        assert public_name(desk) == "Willkommenspunkt"

    async def test_a_translation_of_older_words_is_marked_as_readers_would_see_it(self, desk: Desk) -> None:
        change(desk, "editor", name="Haus der Ankunft")
        page = html.unescape(await (await desk.sign_in("editor")).page(f"{PAGE}/preview?language=ar"))
        assert 'dir="rtl"' in page
        assert say("notice.outdated", "ar") in page

    async def test_an_answer_with_everything_that_its_buttons_bring(self, desk: Desk) -> None:
        page = await (await desk.sign_in("editor")).page(f"{ANSWER}/preview?language=en")
        for key in ("button.steps", "button.documents", "button.deadline", "button.cost", "button.where", "button.simpler"):
            assert f'<p class="asked">{say(key, "en")}</p>' in page

    async def test_a_draft_that_needs_other_drafts_is_shown_with_them(self, desk: Desk) -> None:
        editor = desk.actor("reviewer")

        def prepare(session: Any) -> None:
            create(session, editor, CITY, "organization", {"id": "neu", "kind": "association", "texts": {"name": "Neuer Verein"}})
            create(session, editor, CITY, "location", {"id": "haus", "address": {"street": "Neue Gasse 5"}})
            create(session, editor, CITY, "service", a_service("neu", organization="neu", at=[{"location": "haus"}, {"location": "fehlt"}]))

        desk.do(prepare)
        page = await (await desk.sign_in("editor")).page("/desk/record/service/neu/preview")
        assert "Neuer Verein" in page
        assert "Neue Gasse 5" in page

    async def test_a_secret_address_is_hidden_in_the_preview_too(self, desk: Desk) -> None:
        editor = desk.actor("reviewer")

        def prepare(session: Any) -> None:
            place = {"id": "haus", "confidential": True, "address": {"street": "Geheimgasse 5"}, "texts": {"directions": "Hinterm Baum"}}
            create(session, editor, CITY, "location", place)
            create(session, editor, CITY, "service", a_service("neu", organization="offene-hand", at=[{"location": "haus"}]))

        desk.do(prepare)
        page = await (await desk.sign_in("editor")).page("/desk/record/service/neu/preview?language=de")
        assert "Geheimgasse" not in page
        assert "Hinterm Baum" not in page

    async def test_a_place_is_shown_within_the_service_that_uses_it(self, desk: Desk) -> None:
        def rename(session: Any) -> None:
            key, editor = f"location:{CITY}/rathaus", desk_editor
            row = session.get_one(RecordRow, key)
            document = body(session, row)
            save(session, editor, key, {**document, "address": {**document["address"], "street": "Neuer Platz 9"}}, base=row.newest)

        desk_editor = desk.actor("editor")
        desk.do(rename)
        assert "Neuer Platz 9" in await (await desk.sign_in("editor")).page("/desk/record/location/rathaus/preview?language=de")

    async def test_what_is_public_is_shown_exactly_as_it_is_public(self, desk: Desk) -> None:
        """For every service and every answer of the demonstration city, the record made of the document is the published one."""
        from knowledge.editorial.preview import with_draft
        from knowledge.editorial.sight import whole_city

        def compare(session: Any) -> int:
            known = read_knowledge(session, CITY)
            rows = session.scalars(select(RecordRow).where(RecordRow.municipality_id == CITY, RecordRow.published.is_not(None))).all()
            for row in rows:
                shown = with_draft(whole_city(session, CITY), known, row)
                for shelf in ("organizations", "locations", "contacts", "services", "articles", "pages"):
                    assert getattr(shown, shelf) == getattr(known, shelf), row.id
            return len(rows)

        assert desk.do(compare) > 100
