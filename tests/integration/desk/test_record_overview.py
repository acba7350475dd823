"""The page of one record, by the people who use it: what it says, what is true today, who looks after it, and what readers say."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from knowledge.editorial.autosave import keep
from knowledge.editorial.locks import acquire
from knowledge.editorial.records import now
from knowledge.editorial.save import create
from knowledge.editorial.suggestions import suggest_in_public
from knowledge.store.desk_tables import LinkCheckRow, RecordRow, SuggestionRow
from knowledge.store.reader import read_knowledge
from knowledge.store.tables import ServiceRow
from locales.catalogue import say
from tests.integration.desk.conftest import SECRET_THERE
from tests.integration.desk.people import CITY, OTHER_CITY, Desk
from tests.integration.desk.record_page import BERLIN, DRAFT, KEY, PAGE, change, main_button, record


class TestOverview:
    @pytest.mark.parametrize("who", ["staff", "editor", "reviewer", "administrator", "organization_editor"])
    async def test_everybody_with_a_role_in_the_city_sees_it(self, desk: Desk, who: str) -> None:
        page = await (await desk.sign_in(who)).page(PAGE)
        assert "Willkommenspunkt" in page
        assert "Niemand fragt nach Ihren Papieren" in page

    async def test_another_citys_record_is_not_there(self, desk: Desk) -> None:
        response = await (await desk.sign_in("editor")).get("/desk/record/service/office")
        assert response.status == 404
        response = await (await desk.sign_in("elsewhere")).get(PAGE)
        assert response.status == 404

    async def test_the_words_of_another_citys_draft_are_not_there(self, desk: Desk) -> None:
        page = await (await (await desk.sign_in("editor")).get(DRAFT)).text()
        assert SECRET_THERE not in page

    async def test_staff_see_no_button_that_is_not_theirs_and_can_say_what_is_wrong(self, desk: Desk) -> None:
        page = await (await desk.sign_in("staff")).page(PAGE)
        main = page[page.index('<main id="main"') :]
        assert re.findall(r'action="[^"]*/([a-z-]+)"', main) == ["suggest"]
        assert "/edit" not in main

    async def test_an_organizations_editor_has_no_buttons_for_what_belongs_to_others(self, desk: Desk) -> None:
        page = await (await desk.sign_in("organization_editor")).page(PAGE)
        main = page[page.index('<main id="main"') :]
        assert "<form" not in main
        assert f"{PAGE}/" not in main

    async def test_a_draft_over_public_words_stands_beside_them_with_the_difference_marked(self, desk: Desk) -> None:
        change(desk, "editor", name="Willkommenspunkt Mitte")
        page = await (await desk.sign_in("editor")).page(PAGE)
        assert "<ins> Mitte</ins>" in page
        assert main_button(page) == say("desk.record.do.submit", "en")

    async def test_who_uses_it_and_what_it_uses_are_links(self, desk: Desk) -> None:
        page = await (await desk.sign_in("editor")).page(PAGE)
        assert 'href="/desk/record/location/rathaus"' in page
        assert 'href="/desk/record/article/registration.address%3Aeveryone"' in page

    async def test_whoever_is_editing_it_is_named(self, desk: Desk) -> None:
        second = desk.actor("second_editor")
        desk.do(lambda session: acquire(session, second, KEY))
        assert "Second Editor" in await (await desk.sign_in("editor")).page(PAGE)
        assert say("desk.record.editing", "en", name="Second Editor") not in await (await desk.sign_in("second_editor")).page(PAGE)

    async def test_what_was_typed_and_not_saved_comes_first(self, desk: Desk) -> None:
        editor = desk.actor("editor")
        desk.do(lambda session: keep(session, editor, CITY, KEY, "service", 1, {"texts.name": "halb"}))
        assert main_button(await (await desk.sign_in("editor")).page(PAGE)) == say("desk.record.do.go_on", "en")

    async def test_broken_links_and_messages_of_readers_are_shown_with_the_record(self, desk: Desk) -> None:
        def prepare(session: Any) -> None:
            session.add(LinkCheckRow(record_id=KEY, url="https://gone.example/x", status=404, failures=3, checked_at=now()))
            suggest_in_public(session, KEY, "Die Tür ist <b>blau</b>", "de")

        desk.do(prepare)
        page = await (await desk.sign_in("editor")).page(PAGE)
        assert "https://gone.example/x" in page
        assert "Die Tür ist &lt;b&gt;blau&lt;/b&gt;" in page

    @pytest.mark.parametrize("kind", ["service", "article", "organization", "location", "contact", "page"])
    async def test_every_kind_has_a_page_for_every_role_in_two_languages(self, desk: Desk, kind: str) -> None:
        reviewer = desk.actor("reviewer")

        def prepare(session: Any) -> str:
            create(session, reviewer, CITY, "contact", {"id": "neu", "texts": {"name": "Neu"}})
            create(session, reviewer, CITY, "page", {"id": "neu", "texts": {"title": "Neu", "body": "# Hallo"}})
            return str(session.scalar(select(RecordRow.local_id).where(RecordRow.kind == kind, RecordRow.municipality_id == CITY)))

        local = desk.do(prepare)
        for who in ("staff", "editor", "reviewer"):
            for under in ("", "/history", "/preview", "/preview?language=ar"):
                await (await desk.sign_in(who)).page(f"/desk/record/{kind}/{local}{under}")


class TestChecking:
    async def test_still_true_in_one_click_when_it_is_due(self, desk: Desk) -> None:
        def age(session: Any) -> None:
            session.get_one(RecordRow, KEY).checked_on = date.today() - timedelta(days=200)
            session.get_one(ServiceRow, KEY.partition(":")[2]).assured_date = date.today() - timedelta(days=200)

        desk.do(age)
        editor = await desk.sign_in("editor")
        assert main_button(await editor.page(PAGE)) == say("desk.record.do.verify", "en")
        assert (await editor.post(f"{PAGE}/verify")).status == 303
        row = record(desk)
        assert (row.checked_on, row.checked_by) == (datetime.now(BERLIN).date(), "Editor")
        assert row.newest == 1, "no revision, no new words to translate"

    async def test_who_answers_for_it_and_how_often_it_is_checked(self, desk: Desk) -> None:
        second = desk.actor("second_editor").id
        await (await desk.sign_in("editor")).post(f"{PAGE}/care", responsible=second, days=30)
        row = record(desk)
        assert (row.responsible_id, row.check_every_days) == (second, 30)
        response = await (await desk.sign_in("editor")).post(f"{PAGE}/care", responsible=second, days="oft")
        assert response.status == 422
        assert 'value="oft"' in await response.text()
        await (await desk.sign_in("editor")).post(f"{PAGE}/care", responsible="", days="")
        row = record(desk)
        assert (row.responsible_id, row.check_every_days) == (None, None)


class TestToday:
    def service(self, desk: Desk) -> Any:
        return desk.do(lambda session: read_knowledge(session, CITY).services["welcome-point"])

    async def test_how_full_it_is_in_one_click(self, desk: Desk) -> None:
        editor = await desk.sign_in("editor")
        assert (await editor.post(f"{PAGE}/capacity", state="full", weeks="")).status == 303
        assert self.service(desk).capacity.state == "full"
        await editor.post(f"{PAGE}/capacity", state="waiting_list", weeks="6")
        assert self.service(desk).capacity.wait_days == 42
        assert (await editor.post(f"{PAGE}/capacity", state="overflowing")).status == 422
        assert (await editor.post(f"{PAGE}/capacity", state="waiting_list", weeks="viele")).status == 422

    async def test_closed_for_a_while_in_one_click_and_open_again_in_another(self, desk: Desk) -> None:
        editor = await desk.sign_in("editor")
        assert (await editor.post(f"{PAGE}/close", since="", until="")).status == 303
        assert self.service(desk).closed.since == datetime.now(BERLIN).date()
        assert f"{PAGE}/reopen" in await editor.page(PAGE)
        await editor.post(f"{PAGE}/reopen")
        assert self.service(desk).closed is None

    async def test_a_closure_that_is_over_is_no_longer_shown_and_the_next_one_can_be_entered(self, desk: Desk) -> None:
        editor = await desk.sign_in("editor")
        today = datetime.now(BERLIN).date()
        last_week = {"since": (today - timedelta(days=9)).isoformat(), "until": (today - timedelta(days=2)).isoformat()}
        await editor.post(f"{PAGE}/close", **last_week)
        page = await editor.page(PAGE)
        assert f"{PAGE}/close" in page and f"{PAGE}/reopen" not in page
        await editor.post(f"{PAGE}/close", **{**last_week, "until": today.isoformat()})
        assert f"{PAGE}/reopen" in await editor.page(PAGE)

    async def test_days_in_the_wrong_order_are_said_and_stay(self, desk: Desk) -> None:
        response = await (await desk.sign_in("editor")).post(f"{PAGE}/close", since="2027-02-02", until="2027-01-01")
        page = await response.text()
        assert response.status == 422
        assert say("desk.error.closure_order", "en") in page
        assert 'value="2027-02-02"' in page

    async def test_staff_change_nothing(self, desk: Desk) -> None:
        assert (await (await desk.sign_in("staff")).post(f"{PAGE}/capacity", state="full")).status == 403


class TestSuggestions:
    async def test_staff_say_what_is_wrong_and_an_editor_deals_with_it(self, desk: Desk) -> None:
        await (await desk.sign_in("staff")).post(f"{PAGE}/suggest", text="Die Nummer ist falsch")
        page = await (await desk.sign_in("editor")).page(PAGE)
        assert "Die Nummer ist falsch" in page
        number = re.search(r'name="suggestion" value="(\d+)"', page)
        assert number is not None
        assert (await (await desk.sign_in("staff")).post(f"{PAGE}/suggestion-handled", suggestion=number[1])).status == 403
        await (await desk.sign_in("editor")).post(f"{PAGE}/suggestion-handled", suggestion=number[1])
        assert "Die Nummer ist falsch" not in await (await desk.sign_in("editor")).page(PAGE)
        row = desk.do(lambda session: session.get_one(SuggestionRow, int(number[1])))
        assert row.handled_by == "Editor"

    async def test_one_of_another_record_is_not_handled_here(self, desk: Desk) -> None:
        other = desk.do(lambda session: suggest_in_public(session, f"service:{OTHER_CITY}/office", "Falsch geschrieben", "de").id)
        assert (await (await desk.sign_in("editor")).post(f"{PAGE}/suggestion-handled", suggestion=other)).status == 404
