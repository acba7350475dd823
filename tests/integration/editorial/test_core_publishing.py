"""Publishing, archiving, review, facts of the day: what readers see, and when."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from knowledge.domain.records import CapacityState
from knowledge.editorial.actor import Actor
from knowledge.editorial.availability import close, reopen, set_capacity
from knowledge.editorial.errors import DeskError
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.records import body
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.save import create, save
from knowledge.editorial.verify import still_true
from knowledge.store.desk_tables import RecordRow
from tests.integration.editorial.steps import ANSWER, OFFICE, SCHOOL, TOWN, Town, at_once, club_service
from tests.integration.store.steps import published

TODAY = date(2026, 11, 20)
CAFE = f"service:{TOWN}/cafe"


def office(town: Town):  # type: ignore[no-untyped-def]
    """The office as readers see it."""
    return published(town.database).services["office"]


class TestPublishing:
    def test_readers_see_the_newest_revision_at_once(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        stamp = town.stamp()
        record = town.change(editor, OFFICE, put_out=reviewer, name="Neu")
        assert office(town).texts["name"].body == "Neu"
        assert (record.state, record.published) == ("published", 2)
        assert town.stamp() != stamp

    def test_what_points_at_nothing_public_is_refused_and_says_at_what(self, town: Town, reviewer: Actor) -> None:
        document = club_service("cafe", contact="team", at=[{"location": "house"}])
        town.do(lambda session: create(session, reviewer, TOWN, "service", document))
        with pytest.raises(DeskError) as caught:
            town.do(lambda session: publish(session, reviewer, CAFE))
        assert caught.value.key == "desk.needs"
        assert caught.value.fields["records"] == [f"organization:{TOWN}/verein", f"contact:{TOWN}/team", f"location:{TOWN}/house"]
        assert town.record(CAFE).state == "draft"

    def test_an_unknown_district_is_refused_in_words(self, town: Town, reviewer: Actor) -> None:
        place = {"id": "house", "district": "nowhere", "texts": {"name": "Haus"}}
        town.do(lambda session: create(session, reviewer, TOWN, "location", place))
        with pytest.raises(DeskError, match=r"desk\.no_district"):
            town.do(lambda session: publish(session, reviewer, f"location:{TOWN}/house"))

    def test_a_rule_that_became_stricter_meanwhile_is_no_database_error(self, town: Town, reviewer: Actor) -> None:
        """Given: a topic of the draft is not in data/topics.yml any longer."""
        town.do(lambda session: create(session, reviewer, TOWN, "page", {"id": "p", "topic": "schools.enrol", "texts": {"title": "Seite"}}))
        with pytest.raises(DeskError, match=r"desk\.not_valid"), town.writing() as session:
            record = session.get_one(RecordRow, f"page:{TOWN}/p")
            from knowledge.editorial.records import revision

            revision(session, record).body = {"id": "p", "topic": "no.longer", "texts": {"title": "Seite"}}
            publish(session, reviewer, record.id)

    def test_two_who_publish_at_once_are_both_right(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        town.change(editor, OFFICE, name="Neu")
        outcomes = at_once(*(lambda: town.do(lambda session: publish(session, reviewer, OFFICE)) for _ in range(3)))
        assert [type(one) for one in outcomes] == [RecordRow] * 3
        assert office(town).texts["name"].body == "Neu"

    def test_publishing_and_checking_the_same_record_at_once_do_not_block_each_other(
        self, town: Town, editor: Actor, reviewer: Actor
    ) -> None:
        for round_ in range(4):
            town.change(editor, OFFICE, name=f"Neu {round_}")
            outcomes = at_once(
                lambda: town.do(lambda session: publish(session, reviewer, OFFICE)),
                lambda: town.do(lambda session: still_true(session, editor, OFFICE, TODAY)),
                lambda: town.do(lambda session: set_capacity(session, editor, OFFICE, CapacityState.FULL, None, TODAY)),
            )
            assert [type(one) for one in outcomes] == [RecordRow] * 3

    def test_the_first_publication_of_what_was_never_checked_is_its_check(self, town: Town, reviewer: Actor) -> None:
        town.do(lambda session: create(session, reviewer, TOWN, "service", club_service("cafe", organization="stadt")))
        record = town.do(lambda session: publish(session, reviewer, CAFE))
        assert (record.checked_by, record.checked_on is not None) == ("Rike", True)
        assert published(town.database).services["cafe"].checked_on == record.checked_on
        assert town.do(lambda session: publish(session, reviewer, OFFICE)).checked_on == date(2026, 11, 2)


class TestArchiving:
    def test_readers_see_it_no_longer_and_it_can_come_back(self, town: Town, reviewer: Actor) -> None:
        record = town.do(lambda session: archive(session, reviewer, ANSWER))
        assert (record.state, record.published) == ("archived", None)
        assert "registration.address:everyone" not in published(town.database).articles
        town.do(lambda session: publish(session, reviewer, ANSWER))
        assert published(town.database).articles["registration.address:everyone"].texts["title"].translations["en"].body == "Register"

    def test_what_others_need_stays_and_they_are_named(self, town: Town, reviewer: Actor) -> None:
        for key in (OFFICE, f"organization:{TOWN}/stadt", f"location:{TOWN}/rathaus"):
            with pytest.raises(DeskError) as caught:
                town.do(lambda session, key=key: archive(session, reviewer, key))  # type: ignore[misc]
            assert caught.value.key == "desk.in_use"
        assert set(caught.value.fields["records"]) == {OFFICE, SCHOOL}  # type: ignore[call-overload]

    def test_a_service_with_hours_and_phones_leaves_nothing_behind(self, town: Town, reviewer: Actor) -> None:
        for key in (ANSWER, f"article:{TOWN}/schools.enrol:everyone", SCHOOL):
            town.do(lambda session, key=key: archive(session, reviewer, key))  # type: ignore[misc]
        assert list(published(town.database).services) == ["office"]


class TestReview:
    def test_a_draft_is_handed_in_and_comes_back_with_words(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        town.change(editor, OFFICE, name="Neu")
        assert town.do(lambda session: submit(session, editor, OFFICE)).state == "review"
        record = town.do(lambda session: send_back(session, reviewer, OFFICE, " Bitte kürzer. "))
        assert (record.state, record.review_note) == ("draft", "Bitte kürzer.")
        assert town.do(lambda session: submit(session, editor, OFFICE)).review_note is None

    def test_only_a_draft_is_handed_in_and_only_what_waits_is_sent_back(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        with pytest.raises(DeskError, match=r"desk\.not_a_draft"):
            town.do(lambda session: submit(session, editor, OFFICE))
        with pytest.raises(DeskError, match=r"desk\.not_in_review"):
            town.do(lambda session: send_back(session, reviewer, OFFICE, ""))

    def test_a_change_after_handing_in_is_a_draft_again(self, town: Town, editor: Actor) -> None:
        town.change(editor, OFFICE, name="Neu")
        town.do(lambda session: submit(session, editor, OFFICE))
        assert town.change(editor, OFFICE, name="Neuer").state == "draft"


class TestFactsOfTheDay:
    def test_one_click_is_seen_by_readers_and_leaves_the_draft_alone(self, town: Town, editor: Actor) -> None:
        town.change(editor, OFFICE, name="Entwurf")
        stamp = town.stamp()
        town.do(lambda session: set_capacity(session, editor, OFFICE, CapacityState.FULL, 30, TODAY))
        town.do(lambda session: close(session, editor, OFFICE, TODAY, date(2026, 12, 1)))
        town.do(lambda session: still_true(session, editor, OFFICE, TODAY))
        seen = office(town)
        assert (seen.capacity.state, seen.capacity.wait_days, seen.checked_on) == (CapacityState.FULL, None, TODAY)
        assert seen.closed is not None and seen.closed.until == date(2026, 12, 1)
        assert seen.texts["name"].body == "Bürgerbüro"
        assert (town.record(OFFICE).newest, town.record(OFFICE).checked_by, town.stamp() != stamp) == (2, "Edda", True)

    def test_they_survive_the_publishing_of_a_draft_that_is_older(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        town.change(editor, OFFICE, name="Neu")
        town.do(lambda session: set_capacity(session, editor, OFFICE, CapacityState.FULL, None, TODAY))
        town.do(lambda session: close(session, editor, OFFICE, TODAY, None))
        town.do(lambda session: still_true(session, editor, OFFICE, TODAY))
        town.do(lambda session: publish(session, reviewer, OFFICE))
        seen = office(town)
        assert (seen.capacity.state, seen.checked_on, seen.closed is not None) == (CapacityState.FULL, TODAY, True)
        assert seen.texts["name"].body == "Neu"
        assert town.record(OFFICE).checked_on == TODAY

    def test_reopening_survives_a_draft_that_was_begun_while_it_was_closed(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        def closed_in_words(session: Session) -> object:
            document = body(session, session.get_one(RecordRow, OFFICE))
            save(session, editor, OFFICE, {**document, "closed": {"since": "2026-11-01"}}, base=1)
            return publish(session, reviewer, OFFICE)

        town.do(closed_in_words)
        town.change(editor, OFFICE, name="Neu")
        town.do(lambda session: reopen(session, editor, OFFICE))
        town.do(lambda session: publish(session, reviewer, OFFICE))
        assert office(town).closed is None

    def test_what_somebody_writes_into_the_draft_wins(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        town.do(lambda session: set_capacity(session, editor, OFFICE, CapacityState.FULL, None, TODAY))
        document = {**town.words(OFFICE), "capacity": {"state": "open", "as_of": "2026-11-21"}}
        town.do(lambda session: save(session, editor, OFFICE, document, base=1))
        town.do(lambda session: publish(session, reviewer, OFFICE))
        assert office(town).capacity.state is CapacityState.OPEN

    def test_the_wait_is_kept_for_a_waiting_list_only(self, town: Town, editor: Actor) -> None:
        town.do(lambda session: set_capacity(session, editor, OFFICE, CapacityState.WAITING_LIST, 21, TODAY))
        assert office(town).capacity.wait_days == 21

    def test_a_closure_ends_after_it_begins(self, town: Town, editor: Actor) -> None:
        with pytest.raises(DeskError, match=r"desk\.closure_order"):
            town.do(lambda session: close(session, editor, OFFICE, TODAY, date(2026, 11, 1)))

    def test_what_is_not_published_cannot_be_still_true_or_full(self, town: Town, reviewer: Actor) -> None:
        town.do(lambda session: create(session, reviewer, TOWN, "service", club_service("cafe")))
        for work in (
            lambda session: still_true(session, reviewer, CAFE, TODAY),
            lambda session: set_capacity(session, reviewer, CAFE, CapacityState.FULL, None, TODAY),
        ):
            with pytest.raises(DeskError, match=r"desk\.not_published"):
                town.do(work)

    @pytest.mark.parametrize("key", [ANSWER, OFFICE, f"organization:{TOWN}/stadt", f"location:{TOWN}/rathaus"])
    def test_every_kind_can_be_checked(self, town: Town, editor: Actor, key: str) -> None:
        assert town.do(lambda session: still_true(session, editor, key, TODAY)).checked_on == TODAY
