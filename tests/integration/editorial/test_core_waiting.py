"""Several who need the same rows in the same moment wait for one another, and never in a circle: nothing is begun again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

from knowledge.editorial import publish
from knowledge.editorial.actor import Actor
from knowledge.editorial.machine_texts import Untranslated, keep_machine_words
from knowledge.editorial.save import create
from knowledge.editorial.schedule import run_due
from knowledge.editorial.translate import sections
from knowledge.store.desk_tables import RecordRow
from knowledge.store.transactions import transact
from tests.integration.databases import Database
from tests.integration.editorial.steps import CLUB, OFFICE, SCHOOL, TOWN, Town, at_once, club_service
from tests.integration.editorial.test_schedule import SOON
from tests.integration.store.steps import published

pytestmark = pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
CAFE, QUIZ = f"service:{TOWN}/cafe", f"service:{TOWN}/quiz"


class Meeting:
    """Lets two threads go on from a place only when both have come there. Who waits for the other's row never comes: then a second of
    waiting is enough."""

    def __init__(self) -> None:
        self._gate = threading.Barrier(2)

    def before(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            self._meet()
            return real(*given, **named)

        return called

    def after_holding(self, database: Database, *keys: str) -> None:
        """After the first of the records `keys` that each thread holds."""
        own = threading.local()

        def held(connection: object, cursor: object, statement: str, parameters: object, *given: object) -> None:
            wanted = "FROM record" in statement and "FOR UPDATE" in statement and any(key in str(parameters) for key in keys)
            if wanted and not getattr(own, "met", False):
                own.met = True
                self._meet()

        event.listen(database.engine, "after_cursor_execute", held)

    def _meet(self) -> None:
        with suppress(threading.BrokenBarrierError):
            self._gate.wait(1)


def in_one_moment(town: Town, *works: Callable[[Session], object]) -> int:
    """Do all of `works`, each in a transaction of its own; returns how often one had to be begun again."""
    with structlog.testing.capture_logs() as logs:
        outcomes = at_once(*(lambda work=work: transact(town.database.sessions, work) for work in works))  # type: ignore[misc]
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    return sum(one["event"] == "database.again" for one in logs)


@pytest.fixture
def drafts(town: Town, reviewer: Actor) -> Town:
    """Given: a club and two services of it; nothing of it is public."""

    def work(session: Session) -> None:
        create(session, reviewer, TOWN, "organization", {"id": "verein", "kind": "association", "texts": {"name": "Verein"}})
        for id in ("cafe", "quiz"):
            create(session, reviewer, TOWN, "service", club_service(id, texts={"name": id.title()}))

    town.do(work)
    return town


def test_two_publications_do_not_wait_for_each_other_in_a_circle(drafts: Town, reviewer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given both have written their rows, which name the same municipality, before either raises its version."""
    drafts.do(lambda session: publish.publish(session, reviewer, CLUB))
    monkeypatch.setattr(publish, "touch", Meeting().before(publish.touch))
    again = in_one_moment(
        drafts, lambda session: publish.publish(session, reviewer, CAFE), lambda session: publish.publish(session, reviewer, QUIZ)
    )
    assert again == 0
    assert {"cafe", "quiz"} <= set(published(drafts.database).services)


def test_the_clock_and_a_person_publish_in_the_same_moment(drafts: Town, reviewer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts.do(lambda session: publish.publish(session, reviewer, CLUB))
    drafts.do(lambda session: publish.publish(session, reviewer, CAFE, at=SOON))
    monkeypatch.setattr(publish, "touch", Meeting().before(publish.touch))

    def by_clock() -> list[str]:
        with drafts.database.sessions() as session:
            return run_due(session, SOON)

    outcomes = at_once(by_clock, lambda: drafts.do(lambda session: publish.publish(session, reviewer, QUIZ).id))
    assert outcomes == [[CAFE], QUIZ]


def test_a_machines_words_for_several_records_are_held_in_the_same_order(town: Town, editor: Actor, reviewer: Actor) -> None:
    """Given two runs that bring the same two records in another order."""

    def texts(session: Session, *keys: str) -> list[Untranslated]:
        names = [(key, next(s for s in sections(session, session.get_one(RecordRow, key), "tr") if s.field == "name")) for key in keys]
        return [Untranslated(key, "name", one.source, one.source_digest) for key, one in names]

    forth = town.do(lambda session: texts(session, OFFICE, SCHOOL))
    back = town.do(lambda session: texts(session, SCHOOL, OFFICE))
    Meeting().after_holding(town.database, OFFICE, SCHOOL)
    again = in_one_moment(
        town,
        lambda session: keep_machine_words(session, editor, "tr", forth, ["Bir", "Iki"]),
        lambda session: keep_machine_words(session, reviewer, "tr", back, ["Iki", "Bir"]),
    )
    assert again == 0
