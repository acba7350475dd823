"""The log: every verb is in it, with who and which record; never a text."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from knowledge.documents.canonical import text_digest
from knowledge.domain.records import CapacityState
from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, desk_itself
from knowledge.editorial.audit import AuditQuery
from knowledge.editorial.availability import close, reopen, set_capacity
from knowledge.editorial.history import restore
from knowledge.editorial.locks import acquire
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.save import create, save
from knowledge.editorial.translate import translate
from knowledge.editorial.verify import still_true
from knowledge.store.account_tables import AuditRow
from tests.integration.editorial.steps import NEIGHBOUR, TOWN, Town, club_service

TODAY = date(2026, 11, 20)
SECRET = "Geheimwort"
CAFE = f"service:{TOWN}/cafe"


def everything(town: Town, actor: Actor, other: Actor) -> None:
    """Each verb once, with a word in every text that is written."""
    document = club_service("cafe", organization="stadt", texts={"name": SECRET})
    soon = datetime.now(UTC) + timedelta(days=1)
    steps: list[Callable] = [  # type: ignore[type-arg]
        lambda s: create(s, actor, TOWN, "service", document, note=SECRET),
        lambda s: save(s, actor, CAFE, {**document, "texts": {"name": f"{SECRET} 2", "fees": SECRET}}, base=1, note=SECRET),
        lambda s: submit(s, actor, CAFE),
        lambda s: send_back(s, actor, CAFE, SECRET),
        lambda s: translate(s, actor, CAFE, "name", "en", SECRET, of=text_digest(f"{SECRET} 2")),
        lambda s: publish(s, actor, CAFE, at=soon),
        lambda s: publish(s, actor, CAFE),
        lambda s: still_true(s, actor, CAFE, TODAY),
        lambda s: set_capacity(s, actor, CAFE, CapacityState.FULL, None, TODAY),
        lambda s: close(s, actor, CAFE, TODAY, TODAY),
        lambda s: reopen(s, actor, CAFE),
        lambda s: restore(s, actor, CAFE, 1),
        lambda s: acquire(s, other, CAFE),
        lambda s: acquire(s, actor, CAFE, take_over=True),
        lambda s: archive(s, actor, CAFE),
    ]
    for step in steps:
        town.do(step)


def test_every_verb_is_logged_with_who_and_which_record(town: Town, administrator: Actor, editor: Actor) -> None:
    everything(town, administrator, editor)
    entries = town.audit()
    assert [one.action for one in entries] == [
        "create", "save", "submit", "send_back", "translate", "schedule", "publish", "verify", "capacity", "close", "reopen", "restore",
        "take_over", "archive",
    ]  # fmt: skip
    assert {(one.actor, one.actor_id, one.record, one.municipality_id) for one in entries} == {("Anna", administrator.id, CAFE, TOWN)}


def test_no_text_of_a_person_is_in_it(town: Town, administrator: Actor, editor: Actor) -> None:
    everything(town, administrator, editor)
    for one in town.audit():
        assert SECRET not in json.dumps(one.detail, ensure_ascii=False)
    assert town.audit()[1].detail == {"fields": ["texts.name", "texts.fees"], "minor": False}


def test_what_failed_is_not_in_it(town: Town, editor: Actor) -> None:
    with pytest.raises(ZeroDivisionError):
        town.do(lambda session: (still_true(session, editor, f"service:{TOWN}/office", TODAY), 1 / 0))
    assert town.audit() == []


class TestSearching:
    def entries(self, town: Town, query: AuditQuery, page: int = 1, size: int = 50) -> tuple[list[str], bool]:
        with town.database.sessions() as session:
            rows, more = audit.search(session, TOWN, query, page=page, size=size)
            return [one.action for one in rows], more

    def test_by_person_action_and_record(self, town: Town, administrator: Actor, editor: Actor) -> None:
        everything(town, administrator, editor)
        assert self.entries(town, AuditQuery(actor="ann", action="verify")) == (["verify"], False)
        assert self.entries(town, AuditQuery(record="CAFE"))[0][-1] == "create"
        assert self.entries(town, AuditQuery(actor="edda")) == ([], False)

    def test_a_record_is_found_by_the_name_it_has_now(self, town: Town, administrator: Actor, editor: Actor) -> None:
        everything(town, administrator, editor)
        assert len(self.entries(town, AuditQuery(record=SECRET.upper()))[0]) == 14
        assert self.entries(town, AuditQuery(record="Seniorentreff")) == ([], False)

    @pytest.mark.parametrize("typed", ["özdemir", "ÖZDEMİR", "ozdemir", "Ольга", "ольга"])
    def test_names_are_found_whatever_their_letters(self, town: Town, administrator: Actor, typed: str) -> None:
        """On both databases: each knows other capitals."""
        town.do(lambda session: audit.log(session, replace(administrator, name="Ольга Özdemir"), TOWN, "verify", CAFE))
        assert self.entries(town, AuditQuery(actor=typed)) == (["verify"], False)

    def test_what_the_desk_did_is_found_by_its_own_names(self, town: Town) -> None:
        for name in ("schedule", "import"):
            town.do(lambda session, name=name: audit.log(session, desk_itself(name), TOWN, name))
        assert self.entries(town, AuditQuery(actor="Zeitplan", itself=("schedule",))) == (["schedule"], False)

    def test_signs_of_the_database_mean_themselves(self, town: Town, administrator: Actor, editor: Actor) -> None:
        everything(town, administrator, editor)
        assert self.entries(town, AuditQuery(record="%")) == ([], False)

    def test_days_are_whole_and_included(self, town: Town, administrator: Actor, editor: Actor) -> None:
        everything(town, administrator, editor)
        today = datetime.now(UTC).date()
        assert len(self.entries(town, AuditQuery(since=today, until=today))[0]) == 14
        assert self.entries(town, AuditQuery(until=today - timedelta(days=1))) == ([], False)
        assert self.entries(town, AuditQuery(since=today + timedelta(days=1))) == ([], False)

    def test_a_day_is_one_of_the_city(self, town: Town) -> None:
        """Given something that was done half an hour after midnight in Berlin, where it was the day before in Greenwich."""
        at = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
        town.do(lambda session: session.add(AuditRow(at=at, actor="Anna", municipality_id=TOWN, action="verify", detail={})))
        first, second, berlin = date(2026, 11, 21), date(2026, 11, 22), ZoneInfo("Europe/Berlin")
        assert self.entries(town, AuditQuery(since=second, until=second, zone=berlin)) == (["verify"], False)
        assert self.entries(town, AuditQuery(since=first, until=first, zone=berlin)) == ([], False)

    def test_the_first_and_the_last_day_there_are_restrict_nothing(self, town: Town, administrator: Actor, editor: Actor) -> None:
        everything(town, administrator, editor)
        query = AuditQuery(since=date.min, until=date.max, zone=ZoneInfo("Europe/Berlin"))
        assert len(self.entries(town, query)[0]) == 14

    def test_page_by_page_newest_first(self, town: Town, administrator: Actor, editor: Actor) -> None:
        everything(town, administrator, editor)
        first, more = self.entries(town, AuditQuery(), size=10)
        second, end = self.entries(town, AuditQuery(), page=2, size=10)
        assert (first[0], len(first), more, len(second), end) == ("archive", 10, True, 4, False)

    def test_the_neighbours_log_is_the_neighbours(self, town: Town, administrator: Actor, editor: Actor) -> None:
        everything(town, administrator, editor)
        with town.database.sessions() as session:
            assert audit.search(session, NEIGHBOUR, AuditQuery())[0] == []
