"""A small town with its people at the desk, and what tests do there again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.models import MODELS
from knowledge.domain.records import Knowledge
from knowledge.editorial.accounts.sessions import actor_of
from knowledge.editorial.actor import Actor, Role, desk_itself
from knowledge.editorial.publish import publish
from knowledge.editorial.records import body, now
from knowledge.editorial.save import create, save
from knowledge.editorial.sync import sync
from knowledge.store.account_tables import AuditRow, MembershipRow, UserRow
from knowledge.store.desk_tables import RecordRow, RevisionRow
from knowledge.store.engine import begin_writing
from knowledge.store.library import Library
from knowledge.store.tables import MunicipalityRow
from tests.folders import small_town
from tests.integration.databases import Database
from tests.integration.store.steps import bring_in

Result = TypeVar("Result")
TOWN, NEIGHBOUR = "kleinstadt", "nachbarstadt"
OFFICE = f"service:{TOWN}/office"
SCHOOL = f"service:{TOWN}/school"
CLUB = f"organization:{TOWN}/verein"
ANSWER = f"article:{TOWN}/registration.address:everyone"


@dataclass(frozen=True)
class Town:
    """The town `kleinstadt`, imported and known to the desk, beside a neighbour of the same shape."""

    database: Database
    # A process that holds what is public, as the chat does.
    reader: Library

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction as the desk makes it: committed, or rolled back where it raises."""
        with self.database.sessions() as session, session.begin():
            begin_writing(session)
            yield session
        self.reader.knowledge(TOWN)

    def do(self, work: Callable[[Session], Result]) -> Result:
        """`work` in a transaction of its own."""
        with self.writing() as session:
            return work(session)

    def user(self, name: str, role: Role, municipality: str = TOWN, organization: str | None = None) -> Actor:
        """A person with one role."""

        def work(session: Session) -> Actor:
            row = UserRow(email=f"{name.lower()}@example.org", name=name, recovery_codes=[], language="en", created_at=now())
            session.add(row)
            session.flush()
            session.add(MembershipRow(user_id=row.id, role=role.value, municipality_id=municipality, organization_id=organization))
            session.flush()
            return actor_of(session, row)

        return self.do(work)

    def record(self, key: str) -> RecordRow:
        """The record as it is in the database now."""
        with self.database.sessions() as session:
            return session.get_one(RecordRow, key)

    def words(self, key: str) -> dict[str, Any]:
        """The newest document."""
        with self.database.sessions() as session:
            return dict(body(session, session.get_one(RecordRow, key)))

    def numbers(self, key: str) -> list[int]:
        """Numbers of all revisions, oldest first."""
        with self.database.sessions() as session:
            return list(session.scalars(select(RevisionRow.number).where(RevisionRow.record_id == key).order_by(RevisionRow.number)))

    def stamp(self) -> object:
        """What readers compare to see that something has changed."""
        with self.database.sessions() as session:
            row = session.get_one(MunicipalityRow, TOWN)
            return row.version, row.changed_at

    def audit(self, *, after: int = 0) -> list[AuditRow]:
        """Entries of the log, oldest first."""
        with self.database.sessions() as session:
            return list(session.scalars(select(AuditRow).where(AuditRow.id > after).order_by(AuditRow.id)))

    def change(self, actor: Actor, key: str, *, minor: bool = False, put_out: Actor | None = None, **texts: Any) -> RecordRow:
        """Save `key` with these texts; published too where `put_out` may do so."""

        def work(session: Session) -> RecordRow:
            record = session.get_one(RecordRow, key)
            document = body(session, record)
            document = {**document, "texts": {**document["texts"], **texts}}
            save(session, actor, key, document, base=record.newest, minor=minor)
            return publish(session, put_out, key) if put_out else record

        return self.do(work)

    def new_club(self, by: Actor) -> None:
        """An organization that is published, and a service of it that is a draft."""

        def work(session: Session) -> None:
            create(session, by, TOWN, "organization", {"id": "verein", "kind": "association", "texts": {"name": "Verein"}})
            publish(session, by, CLUB)
            create(session, by, TOWN, "service", club_service("cafe"))

        self.do(work)


def club_service(id: str, **changes: Any) -> dict[str, Any]:
    """A service of the club."""
    document = {"id": id, "organization": "verein", "topics": ["language.courses"], "texts": {"name": "Sprachcafé"}}
    return document | changes


def found_town(database: Database, folder: Path, reader: Library) -> Town:
    """Import the town and its neighbour, and give every record its place at the desk."""
    for name in (TOWN, NEIGHBOUR):
        bring_in(database, folder / name, small_town(name))
        with database.sessions() as session:
            sync(session, name, desk_itself("import"))
            session.commit()
    reader.knowledge(TOWN)
    return Town(database, reader)


def parts(knowledge: Knowledge) -> list[Mapping[str, object]]:
    """The records by kind."""
    return [getattr(knowledge, f"{kind}s") for kind in MODELS]


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do all of `works` in threads that start together; what each returned or raised, in their order."""
    gate = threading.Barrier(len(works))
    outcomes: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        gate.wait()
        try:
            outcomes[place] = work()
        except Exception as error:
            outcomes[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes
