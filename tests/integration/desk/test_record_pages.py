"""The page of one record, by the people who use it: what it says, what it offers, and what each click does."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from knowledge.editorial.autosave import keep
from knowledge.editorial.locks import acquire
from knowledge.editorial.publish import publish
from knowledge.editorial.records import State, aware, body, now
from knowledge.editorial.save import create, save
from knowledge.editorial.suggestions import suggest_in_public
from knowledge.store.desk_tables import LinkCheckRow, RecordRow, SuggestionRow
from knowledge.store.reader import read_knowledge
from knowledge.store.tables import ServiceRow
from locales.catalogue import say
from tests.folders import a_service
from tests.integration.desk.conftest import SECRET_THERE
from tests.integration.desk.people import CITY, ORGANIZATION, OTHER_CITY, Desk

PAGE, KEY = "/desk/record/service/welcome-point", f"service:{CITY}/welcome-point"
DRAFT, DRAFT_KEY = "/desk/record/service/entwurf", f"service:{CITY}/entwurf"
ANSWER = "/desk/record/article/registration.address%3Aeveryone"
BERLIN = ZoneInfo("Europe/Berlin")


def record(desk: Desk, key: str = KEY) -> RecordRow:
    return desk.do(lambda session: session.get_one(RecordRow, key))


def change(desk: Desk, who: str, key: str = KEY, *, put_out: bool = False, **texts: str) -> None:
    actor = desk.actor(who)

    def work(session: Any) -> None:
        row = session.get_one(RecordRow, key)
        document = body(session, row)
        save(session, actor, key, {**document, "texts": {**document["texts"], **texts}}, base=row.newest)
        if put_out:
            publish(session, actor, key)

    desk.do(work)


def main_button(page: str) -> str:
    """Words of the one button that stands out in "What to do next"."""
    card = page[page.index('class="card next"') : page.index("</section>", page.index('class="card next"'))]
    found = re.findall(r'class="(?:button )?main"[^>]*>([^<]*)<', card)
    assert len(found) <= 1
    return found[0] if found else ""


def public_name(desk: Desk) -> str:
    return desk.do(lambda session: read_knowledge(session, CITY).services["welcome-point"].texts["name"].body)


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
        assert f"{PAGE}/verify" not in page
        assert main_button(page) == ""

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
        assert "1 Jul 2027, 08:00" in page

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


class TestHistory:
    async def test_any_two_revisions_side_by_side_with_the_words_marked(self, desk: Desk) -> None:
        for name in ("Erster Name", "Zweiter Name", "Dritter Name"):
            change(desk, "editor", name=name)
        person = await desk.sign_in("staff")
        page = await person.page(f"{PAGE}/history?from=2&to=4")
        assert "<del>Erster</del>" in page
        assert "<ins>Dritter</ins>" in page
        assert "Zweiter" not in page
        backwards = await person.page(f"{PAGE}/history?from=4&to=2")
        assert "<del>Erster</del>" in backwards

    async def test_without_asking_the_draft_beside_what_is_public(self, desk: Desk) -> None:
        change(desk, "editor", name="Erster Name")
        change(desk, "editor", name="Zweiter Name")
        page = await (await desk.sign_in("editor")).page(f"{PAGE}/history")
        assert "<ins>Zweiter" in page

    async def test_an_old_revision_is_written_again_as_a_draft(self, desk: Desk) -> None:
        change(desk, "reviewer", name="Zweiter Name", put_out=True)
        response = await (await desk.sign_in("editor")).post(f"{PAGE}/restore", number=2, revision=1)
        assert response.status == 303
        row = record(desk)
        assert (row.newest, row.published, row.state) == (3, 2, State.DRAFT)
        assert public_name(desk) == "Zweiter Name"
        assert (await (await desk.sign_in("editor")).post(f"{PAGE}/restore", number=2, revision=1)).status == 409
        assert (await (await desk.sign_in("editor")).post(f"{PAGE}/restore", number=3, revision=99)).status == 404

    async def test_staff_restore_nothing(self, desk: Desk) -> None:
        change(desk, "editor", name="Erster Name")
        assert (await (await desk.sign_in("staff")).post(f"{PAGE}/restore", number=2, revision=1)).status == 403


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

        def compare(session: Any) -> int:
            known = read_knowledge(session, CITY)
            rows = session.scalars(select(RecordRow).where(RecordRow.municipality_id == CITY, RecordRow.published.is_not(None))).all()
            for row in rows:
                shown = with_draft(session, known, row)
                for shelf in ("organizations", "locations", "contacts", "services", "articles", "pages"):
                    assert getattr(shown, shelf) == getattr(known, shelf), row.id
            return len(rows)

        assert desk.do(compare) > 100
