"""Two people at work in the same moment: whoever has to give way to the other one does not notice."""

from __future__ import annotations

import asyncio
import re

import pytest
import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from knowledge.editorial.publish import publish
from knowledge.editorial.save import create
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import RecordRow
from tests.folders import a_service, an_article
from tests.integration.databases import Database
from tests.integration.desk.people import CITY, Desk
from tests.integration.editorial.test_core_waiting import Meeting

on_postgres = pytest.mark.parametrize("desk_database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
SERVICE, VEREIN = f"service:{CITY}/neu", f"organization:{CITY}/neu"


async def until_somebody_waits(database: Database) -> None:
    """Until a connection waits for a row that another one holds."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    for _ in range(400):
        with database.sessions() as session:
            if session.scalar(waiting):
                return
        await asyncio.sleep(0.05)
    raise AssertionError("nobody waits")


@on_postgres
async def test_a_click_that_is_the_victim_of_a_deadlock_is_done_all_the_same(desk: Desk, desk_database: Database) -> None:
    """Given somebody who holds the service and wants the association next, while the desk holds the association and wants the service.

    The other connection looks for deadlocks so late that the desk's is the one that has to give way.
    """
    reviewer = desk.actor("reviewer")

    def prepare(session: Session) -> None:
        create(session, reviewer, CITY, "organization", {"id": "neu", "kind": "association", "texts": {"name": "Neuer Verein"}})
        create(session, reviewer, CITY, "service", a_service("neu", organization="neu", at=[]))

    desk.do(prepare)
    person = await desk.sign_in("reviewer")
    with desk_database.sessions() as other, other.begin():
        other.execute(text("SET LOCAL deadlock_timeout = '60s'"))
        other.get_one(RecordRow, SERVICE, with_for_update=True)
        click = asyncio.create_task(person.post("/desk/record/service/neu/publish", number=1))
        await until_somebody_waits(desk_database)
        await asyncio.to_thread(other.get_one, RecordRow, VEREIN, with_for_update=True)
    assert (await click).status == 303
    assert [desk.do(lambda s, key=key: s.get_one(RecordRow, key).published) for key in (VEREIN, SERVICE)] == [1, 1]  # type: ignore[misc]
    entries = desk.do(lambda s: s.scalars(select(AuditRow.record).where(AuditRow.action == "publish")).all())
    assert sorted(one for one in entries if one) == [VEREIN, SERVICE]


@on_postgres
async def test_two_who_publish_what_needs_the_same_records_wait_for_one_another_and_begin_nothing_again(
    desk: Desk, desk_database: Database
) -> None:
    """Given an answer that needs a service and its association, and that service, which needs the association: drafts, all of them."""
    reviewer = desk.actor("reviewer")

    def prepare(session: Session) -> None:
        create(session, reviewer, CITY, "organization", {"id": "neu", "kind": "association", "texts": {"name": "Neuer Verein"}})
        create(session, reviewer, CITY, "service", a_service("neu", organization="neu", at=[]))
        create(session, reviewer, CITY, "article", an_article("registration.address", audience="older_people", services=["neu"]))

    desk.do(prepare)
    first, second = await desk.sign_in("reviewer"), await desk.sign_in("administrator")
    Meeting().after_holding(desk_database, SERVICE, VEREIN)
    with structlog.testing.capture_logs() as logs:
        answers = await asyncio.gather(
            first.post("/desk/record/service/neu/publish", number=1),
            second.post("/desk/record/article/registration.address:older_people/publish", number=1),
        )
    assert [one.status for one in answers] == [303, 303]
    assert [one for one in logs if one["event"] == "database.again"] == []
    assert desk.do(lambda s: s.get_one(RecordRow, SERVICE).published) == 1


@on_postgres
async def test_who_takes_away_what_somebody_needs_in_the_same_moment_is_told_so(desk: Desk, desk_database: Database) -> None:
    """Given a public association, and somebody who is just publishing a service of theirs."""
    reviewer = desk.actor("reviewer")

    def prepare(session: Session) -> None:
        create(session, reviewer, CITY, "organization", {"id": "neu", "kind": "association", "texts": {"name": "Neuer Verein"}})
        publish(session, reviewer, VEREIN)
        create(session, reviewer, CITY, "service", a_service("neu", organization="neu", at=[], texts={"name": "Zauberkurs"}))

    desk.do(prepare)
    person = await desk.sign_in("reviewer")
    with desk_database.sessions() as other, other.begin():
        publish(other, reviewer, SERVICE)
        other.flush()
        click = asyncio.create_task(person.post("/desk/record/organization/neu/archive", number=1))
        await until_somebody_waits(desk_database)
    answer = await click
    assert answer.status == 422
    said = re.findall(r'role="alert">([^<]*)<', await answer.text())
    assert len(said) == 1 and "Zauberkurs" in said[0], "by what it is used"
    assert [desk.do(lambda s, key=key: s.get_one(RecordRow, key).state) for key in (VEREIN, SERVICE)] == ["published", "published"]  # type: ignore[misc]
