"""From draft over review to readers and back, and what is planned: what each click on the page of a record does."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

import pytest

from knowledge.editorial.records import State, aware
from knowledge.editorial.save import create
from locales.catalogue import say
from tests.folders import a_service
from tests.integration.desk.people import CITY, ORGANIZATION, Desk
from tests.integration.desk.record_page import ANSWER, BERLIN, PAGE, change, main_button, public_name, record


class TestWorkflow:
    async def test_from_draft_over_review_to_readers(self, desk: Desk) -> None:
        change(desk, "editor", name="Neuer Name")
        editor, reviewer = await desk.sign_in("editor"), await desk.sign_in("reviewer")
        response = await editor.post(f"{PAGE}/submit", number=2)
        assert (response.status, response.headers["Location"]) == (303, PAGE)
        assert main_button(await reviewer.page(PAGE)) == say("desk.record.do.publish", "en")
        assert main_button(await editor.page(PAGE)) == ""
        assert (await reviewer.post(f"{PAGE}/publish", number=2)).status == 303
        assert public_name(desk) == "Neuer Name"

    async def test_sent_back_with_words_that_the_author_reads(self, desk: Desk) -> None:
        change(desk, "editor", name="Neuer Name")
        await (await desk.sign_in("editor")).post(f"{PAGE}/submit", number=2)
        assert (await (await desk.sign_in("reviewer")).post(f"{PAGE}/send-back", note="Bitte kürzer")).status == 303
        page = await (await desk.sign_in("editor")).page(PAGE)
        assert "Bitte kürzer" in page
        assert main_button(page) == say("desk.record.do.go_on", "en")

    async def test_nobody_publishes_words_they_have_not_seen(self, desk: Desk) -> None:
        change(desk, "editor", name="Gesehen")
        change(desk, "second_editor", name="Nicht gesehen")
        response = await (await desk.sign_in("reviewer")).post(f"{PAGE}/publish", number=2)
        assert response.status == 409
        assert "Second Editor" in await response.text()
        assert public_name(desk) == "Willkommenspunkt"

    async def test_an_editor_cannot_publish(self, desk: Desk) -> None:
        change(desk, "editor", name="Neuer Name")
        assert (await (await desk.sign_in("editor")).post(f"{PAGE}/publish", number=2)).status == 403
        assert public_name(desk) == "Willkommenspunkt"

    async def test_published_and_undone_from_the_page(self, desk: Desk) -> None:
        change(desk, "reviewer", name="Versehen", put_out=True)
        reviewer = await desk.sign_in("reviewer")
        page = await reviewer.page(PAGE)
        entry = re.search(r'name="entry" value="(\d+)"', page)
        assert entry is not None
        assert (await reviewer.post(f"{PAGE}/undo", entry=entry[1])).status == 303
        assert public_name(desk) == "Willkommenspunkt"
        again = await reviewer.post(f"{PAGE}/undo", entry=entry[1])
        assert again.status == 422
        assert say("desk.error.nothing_to_undo", "en") in await again.text()

    async def test_what_is_needed_is_published_with_it(self, desk: Desk) -> None:
        reviewer = desk.actor("reviewer")

        def prepare(session: Any) -> None:
            create(session, reviewer, CITY, "organization", {"id": "neu", "kind": "association", "texts": {"name": "Neuer Verein"}})
            create(session, reviewer, CITY, "service", a_service("neu", organization="neu", at=[]))

        desk.do(prepare)
        person = await desk.sign_in("reviewer")
        page = await person.page("/desk/record/service/neu")
        assert "Neuer Verein" in page
        assert main_button(page) == say("desk.record.do.publish_all", "en")
        assert (await person.post("/desk/record/service/neu/publish", number=1)).status == 303
        assert record(desk, f"organization:{CITY}/neu").state == State.PUBLISHED

    async def test_what_is_needed_is_not_published_with_words_that_nobody_could_read(self, desk: Desk) -> None:
        """Given somebody who writes on the association while a reviewer looks at its service."""
        reviewer, page, verein = desk.actor("reviewer"), "/desk/record/service/neu", f"organization:{CITY}/neu"

        def prepare(session: Any) -> None:
            create(session, reviewer, CITY, "organization", {"id": "neu", "kind": "association", "texts": {"name": "Neuer Verein"}})
            create(session, reviewer, CITY, "service", a_service("neu", organization="neu", at=[]))

        def seen(shown: str) -> str:
            return re.findall(r'name="needs" value="([^"]*)"', shown)[0]

        desk.do(prepare)
        person = await desk.sign_in("reviewer")
        shown = await person.page(page)
        change(desk, "editor", verein, name="Halbfertig")
        refused = await person.post(f"{page}/publish", number=1, needs=seen(shown))
        assert refused.status == 409
        assert record(desk, verein).published is None
        assert (await person.post(f"{page}/publish", number=1, needs=seen(await refused.text()))).status == 303
        assert record(desk, verein).published == 2

    async def test_whoever_may_not_publish_what_is_needed_hands_it_all_on(self, desk: Desk) -> None:
        """Given an organization's reviewer, and a service of theirs in a house that only the city may publish."""
        own, page = ORGANIZATION.partition("/")[2], "/desk/record/service/neu"
        reviewer, theirs = desk.actor("reviewer"), desk.actor("organization_reviewer")

        def prepare(session: Any) -> None:
            create(session, reviewer, CITY, "location", {"id": "neues-haus", "texts": {"name": "Neues Haus"}})
            create(session, theirs, CITY, "service", a_service("neu", organization=own, at=[{"location": "neues-haus"}]))

        desk.do(prepare)
        person = await desk.sign_in("organization_reviewer")
        shown = await person.page(page)
        assert main_button(shown) == say("desk.record.do.submit", "en")
        assert f'action="{page}/publish"' not in shown
        assert (await person.post(f"{page}/submit", number=1)).status == 303
        assert main_button(await (await desk.sign_in("reviewer")).page(page)) == say("desk.record.do.publish_all", "en")

    async def test_what_was_published_with_it_is_named_and_taken_back_with_it(self, desk: Desk) -> None:
        reviewer, page, verein = desk.actor("reviewer"), "/desk/record/service/neu", f"organization:{CITY}/neu"

        def prepare(session: Any) -> None:
            create(session, reviewer, CITY, "organization", {"id": "neu", "kind": "association", "texts": {"name": "Neuer Verein"}})
            create(session, reviewer, CITY, "service", a_service("neu", organization="neu", at=[]))

        desk.do(prepare)
        person = await desk.sign_in("reviewer")
        await person.post(f"{page}/publish", number=1)
        shown = await person.page(page)
        assert say("desk.record.undo.together", "en") in shown
        assert "Neuer Verein" in shown.partition(say("desk.record.undo.together", "en"))[2].partition("</ul>")[0]
        entry = re.search(r'name="entry" value="(\d+)"', shown)
        assert entry is not None
        change(desk, "editor", verein, name="Verein mit neuem Namen")
        refused = await person.post(f"{page}/undo", entry=entry[1])
        assert refused.status == 422
        assert html.escape(say("desk.error.undo_changed", "en", records="Verein mit neuem Namen")) in await refused.text()
        assert record(desk, verein).published == 1

    async def test_a_record_that_others_need_is_not_archived_and_they_are_named(self, desk: Desk) -> None:
        reviewer = await desk.sign_in("reviewer")
        page = await reviewer.page(f"{PAGE}/archive")
        assert "Adresse anmelden" in page
        assert '<button class="risky"' not in page
        refused = await reviewer.post(f"{PAGE}/archive")
        assert refused.status == 422
        said = re.findall(r'role="alert">([^<]*)<', await refused.text())
        assert len(said) == 1 and "Adresse anmelden" in said[0] and "article:" not in said[0]
        assert record(desk).state == State.PUBLISHED

    async def test_archived_and_taken_back(self, desk: Desk) -> None:
        reviewer = await desk.sign_in("reviewer")
        assert say("desk.record.archive.do", "en") in await reviewer.page(f"{ANSWER}/archive")
        await reviewer.post(f"{ANSWER}/archive")
        page = await reviewer.page(ANSWER)
        assert main_button(page) == say("desk.record.do.publish", "en")
        entry = re.search(r'name="entry" value="(\d+)"', page)
        assert entry is not None
        await reviewer.post(f"{ANSWER}/undo", entry=entry[1])
        assert record(desk, f"article:{CITY}/registration.address:everyone").state == State.PUBLISHED


class TestPlans:
    async def test_a_moment_is_by_the_citys_clocks(self, desk: Desk) -> None:
        change(desk, "editor", name="Ab Sommer")
        response = await (await desk.sign_in("reviewer")).post(
            f"{PAGE}/publish", number=2, publish_at="2027-07-01T08:00", expire_at="2027-12-24T20:00"
        )
        assert response.status == 303
        row = record(desk)
        assert row.state == State.SCHEDULED
        assert aware(row.publish_at) == datetime(2027, 7, 1, 8, tzinfo=BERLIN)
        assert aware(row.expire_at) == datetime(2027, 12, 24, 20, tzinfo=BERLIN)
        page = await (await desk.sign_in("reviewer")).page(PAGE)
        assert 'value="2027-07-01T08:00"' in page
        assert "Jul 1, 2027, 08:00" in page

    @pytest.mark.parametrize("typed", ["gestern", "2020-01-01T08:00", "0001-01-01T00:00"])
    async def test_a_wrong_moment_is_said_beside_the_field_and_stays_there(self, desk: Desk, typed: str) -> None:
        change(desk, "editor", name="Ab Sommer")
        response = await (await desk.sign_in("reviewer")).post(f"{PAGE}/publish", number=2, publish_at=typed, expire_at="2027-12-24T20:00")
        page = await response.text()
        assert response.status == 422
        assert f'value="{typed}"' in page
        assert 'value="2027-12-24T20:00"' in page
        assert record(desk).state == State.DRAFT

    async def test_an_end_for_what_is_public(self, desk: Desk) -> None:
        reviewer = await desk.sign_in("reviewer")
        assert (await reviewer.post(f"{PAGE}/expiry", expire_at="2027-12-24T20:00")).status == 303
        assert aware(record(desk).expire_at) == datetime(2027, 12, 24, 20, tzinfo=BERLIN)
        assert (await reviewer.post(f"{PAGE}/expiry", expire_at="2020-12-24T20:00")).status == 422
        assert (await reviewer.post(f"{PAGE}/expiry", expire_at="")).status == 303
        assert record(desk).expire_at is None

    async def test_publishing_now_keeps_the_end_that_was_planned(self, desk: Desk) -> None:
        reviewer = await desk.sign_in("reviewer")
        await reviewer.post(f"{PAGE}/expiry", expire_at="2027-12-24T20:00")
        change(desk, "reviewer", name="Neuer Name")
        await reviewer.post(f"{PAGE}/publish", number=2)
        assert aware(record(desk).expire_at) == datetime(2027, 12, 24, 20, tzinfo=BERLIN)

    async def test_a_plan_is_taken_back(self, desk: Desk) -> None:
        change(desk, "reviewer", name="Neuer Name")
        reviewer = await desk.sign_in("reviewer")
        await reviewer.post(f"{PAGE}/publish", number=2, publish_at="2027-07-01T08:00")
        await reviewer.post(f"{PAGE}/send-back", number=2)
        assert record(desk).state == State.DRAFT
