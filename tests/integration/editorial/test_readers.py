"""Processes that hold what is public in memory: they read what has changed, and only that."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from knowledge.domain.records import CapacityState, Knowledge
from knowledge.editorial.actor import Actor
from knowledge.editorial.availability import close, set_capacity
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.save import create
from knowledge.editorial.verify import still_true
from knowledge.store import changes, library
from knowledge.store.changes import changed_since, stamp, touch
from knowledge.store.tables import PublishedChangeRow
from tests.folders import small_town
from tests.integration.editorial.steps import ANSWER, CLUB, OFFICE, SCHOOL, TOWN, Town, club_service, parts
from tests.integration.store.steps import bring_in

TODAY = date(2026, 5, 4)


def same(before: Knowledge, after: Knowledge) -> set[str]:
    """Names of the records that are the very objects they were."""
    pairs = zip(parts(before), parts(after), strict=True)
    return {id for old, new in pairs for id in old if old[id] is new.get(id)}


def everything(knowledge: Knowledge) -> set[str]:
    return {id for part in parts(knowledge) for id in part}


class TestOnlyWhatHasChangedIsReadAgain:
    def test_a_new_name(self, town: Town, reviewer: Actor) -> None:
        before = town.reader.knowledge()
        town.change(reviewer, OFFICE, put_out=reviewer, name="Neues Büro")
        after = town.reader.knowledge()
        assert after.services["office"].texts["name"].body == "Neues Büro"
        assert same(before, after) == everything(before) - {"office"}
        assert after.municipality is before.municipality

    def test_several_acts_between_two_looks(self, town: Town, reviewer: Actor) -> None:
        before = town.reader.knowledge()
        with town.database.sessions() as session:
            still_true(session, reviewer, ANSWER, TODAY)
            close(session, reviewer, OFFICE, TODAY, TODAY + timedelta(days=2))
            session.commit()
        with town.database.sessions() as session:
            set_capacity(session, reviewer, SCHOOL, CapacityState.FULL, None, TODAY)
            session.commit()
        after = town.reader.knowledge()
        assert after.articles["registration.address:everyone"].checked_on == TODAY
        assert after.services["office"].closed is not None
        assert after.services["school"].capacity.state is CapacityState.FULL
        assert same(before, after) == everything(before) - {"registration.address:everyone", "office", "school"}

    def test_what_is_new_comes_and_what_is_archived_goes(self, town: Town, administrator: Actor) -> None:
        before = town.reader.knowledge()
        town.new_club(administrator)
        with town.writing() as session:
            create(session, administrator, TOWN, "service", club_service("chor"))
            publish(session, administrator, f"service:{TOWN}/chor")
        there = town.reader.knowledge()
        assert (there.organizations["verein"].kind, there.services["chor"].organization) == ("association", "verein")
        with town.writing() as session:
            archive(session, administrator, f"service:{TOWN}/chor")
            archive(session, administrator, CLUB)
        after = town.reader.knowledge()
        assert everything(after) == everything(before) == same(before, after)


class TestEverythingIsReadAgain:
    def test_after_an_import_of_the_whole_city(self, town: Town, tmp_path: Path) -> None:
        before = town.reader.knowledge()
        bring_in(town.database, tmp_path / "again", small_town(TOWN))
        after = town.reader.knowledge()
        assert after is not before
        assert same(before, after) == set()

    def test_where_the_log_does_not_reach_back(self, town: Town, reviewer: Actor) -> None:
        before = town.reader.knowledge()
        with town.database.sessions() as session:
            still_true(session, reviewer, ANSWER, TODAY)
            session.execute(delete(PublishedChangeRow))
            session.commit()
        after = town.reader.knowledge()
        assert after.articles["registration.address:everyone"].checked_on == TODAY
        assert same(before, after) == set()

    def test_where_more_has_changed_than_is_worth_reading_one_by_one(
        self, town: Town, reviewer: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(changes, "MOST_RECORDS", 1)
        before = town.reader.knowledge()
        with town.writing() as session:
            still_true(session, reviewer, ANSWER, TODAY)
            still_true(session, reviewer, OFFICE, TODAY)
        after = town.reader.knowledge()
        assert after.services["office"].checked_on == TODAY
        assert same(before, after) == set()

    def test_in_a_large_city_the_last_version_answers_meanwhile(self, town: Town, reviewer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(library, "_LARGE", 1)
        before = town.reader.knowledge()
        with town.database.sessions() as session:
            still_true(session, reviewer, ANSWER, TODAY)
            touch(session, TOWN)
            session.commit()
        assert town.reader.knowledge() is before
        until = time.monotonic() + 30
        while town.reader.knowledge() is before:
            assert time.monotonic() < until, "it was never read"
            time.sleep(0.01)
        assert town.reader.knowledge().articles["registration.address:everyone"].checked_on == TODAY


class TestTheLog:
    def test_is_cleared_of_what_nobody_needs_any_longer(self, town: Town, reviewer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(changes, "_KEPT", 0)
        for _ in range(3):
            town.do(lambda session: still_true(session, reviewer, ANSWER, TODAY))
        with town.database.sessions() as session:
            assert session.query(PublishedChangeRow).filter_by(municipality_id=TOWN).count() == 1

    def test_tells_what_has_changed_from_the_version_that_is_held(self, town: Town, reviewer: Actor) -> None:
        with town.database.sessions() as session:
            begun = stamp(session, TOWN)
        for key in (ANSWER, OFFICE, SCHOOL):
            town.do(lambda session, key=key: still_true(session, reviewer, key, TODAY))
        with town.database.sessions() as session:
            now = stamp(session, TOWN)
            assert begun and now
            assert changed_since(session, TOWN, begun, now) == {ANSWER, OFFICE, SCHOOL}
            assert changed_since(session, TOWN, begun._replace(version=begun.version - 1), now) is None
            another_city = begun._replace(changed_at=begun.changed_at + timedelta(seconds=1))
            assert changed_since(session, TOWN, another_city, now) is None
