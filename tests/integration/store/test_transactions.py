"""Transactions that the database ends for the sake of another one are done again; all else is as it was."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from knowledge.store.transactions import transact
from tests.integration.databases import Database

on_postgres = pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)


@pytest.fixture
def counters(database: Database) -> Iterator[Database]:
    """Given two rows that count."""
    with database.sessions() as session, session.begin():
        session.execute(text("DROP TABLE IF EXISTS counter"))
        session.execute(text("CREATE TABLE counter (id INTEGER PRIMARY KEY, number INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counter VALUES (1, 0), (2, 0)"))
    yield database
    with database.sessions() as session, session.begin():
        session.execute(text("DROP TABLE counter"))


def numbers(database: Database) -> list[int]:
    with database.sessions() as session:
        return list(session.scalars(text("SELECT number FROM counter ORDER BY id")))


def add_one(session: Session, id: int) -> None:
    session.execute(text("UPDATE counter SET number = number + 1 WHERE id = :id"), {"id": id})


@on_postgres
def test_of_two_that_wait_for_each_other_both_are_done_in_the_end(counters: Database) -> None:
    """Given two connections that each hold the row which the other one wants next."""
    met, tries = threading.Barrier(2, timeout=30), {"one": 0, "other": 0}

    def crossing(name: str, first: int, then: int) -> None:
        def work(session: Session) -> None:
            tries[name] += 1
            add_one(session, first)
            if tries[name] == 1:
                met.wait()
            add_one(session, then)

        transact(counters.sessions, work)

    threads = [threading.Thread(target=crossing, args=given) for given in (("one", 1, 2), ("other", 2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert numbers(counters) == [2, 2]
    assert sorted(tries.values()) == [1, 2]


@on_postgres
def test_what_was_overtaken_is_done_again_on_what_is_there_now(counters: Database) -> None:
    """Given a transaction that has looked, and another one that has changed what it saw."""
    tries = []

    def work(session: Session) -> int:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        seen = session.scalar(text("SELECT number FROM counter WHERE id = 1"))
        tries.append(seen)
        if len(tries) == 1:
            transact(counters.sessions, lambda other: add_one(other, 1))
        add_one(session, 1)
        return int(seen or 0)

    assert transact(counters.sessions, work) == 1
    assert tries == [0, 1]
    assert numbers(counters) == [2, 0]


@on_postgres
def test_whoever_clashes_every_time_is_told_in_the_end(counters: Database) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40P01'; END $$"))

    with pytest.raises(DBAPIError, match="again"):
        transact(counters.sessions, work)
    assert len(tries) == 5


def test_a_mistake_is_no_clash_and_is_not_tried_again(counters: Database) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        add_one(session, 2)
        session.execute(text("INSERT INTO counter VALUES (1, 0)"))

    with pytest.raises(IntegrityError):
        transact(counters.sessions, work)
    assert len(tries) == 1
    assert numbers(counters) == [0, 0]
