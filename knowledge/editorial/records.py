"""Records as the desk knows them: finding one, and what its newest words are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import NotFound
from knowledge.store.desk_tables import RecordRow, RevisionRow
from knowledge.store.writer import portions


class State(StrEnum):
    """State of the newest revision of a record. Readers see the published revision, whatever is being written on top of it."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


def record_key(kind: str, municipality: str, local: str) -> str:
    """``"service:ankerstadt/rathaus"``."""
    return f"{kind}:{municipality}/{local}"


def get(session: Session, actor: Actor, key: str, permission: Permission = Permission.VIEW) -> RecordRow:
    """The record `key`.

    Raises NotFound where it is not there, belongs to a municipality the actor has nothing to do with, or is not public and nothing that
    their role covers (nobody learns which of these), NotAllowed where it may be seen and the permission is missing. What may be seen of
    a public record that the role does not cover says `knowledge.editorial.sight`.
    """
    row = session.get(RecordRow, key)
    if row is None or not actor.may_anywhere(Permission.VIEW, row.municipality_id):
        raise NotFound("desk.no_record", record=key)
    if row.published is None and not actor.may(Permission.VIEW, row.municipality_id, row.organization_id):
        raise NotFound("desk.no_record", record=key)
    if permission is not Permission.VIEW:
        actor.need(permission, row.municipality_id, row.organization_id)
    return row


def hold_row(session: Session, record: RecordRow) -> None:
    """Wait for whoever is changing the record, keep others waiting, and have it as it is now. What this transaction has changed itself
    is written first: otherwise it would be read over."""
    session.flush()
    session.refresh(record, with_for_update=True)


def hold_rows(session: Session, keys: Iterable[str]) -> dict[str, RecordRow]:
    """As `hold_row`, for all of `keys` that are there.

    Whoever needs more than one record holds all of them by this, before anything else is done: in the order of their keys, so that no two
    wait for each other in a circle. The municipality's row comes after them (`touch`).
    """
    # By the letters as Python has them: databases have alphabets of their own.
    order = RecordRow.id.collate("C") if session.get_bind().dialect.name == "postgresql" else RecordRow.id
    found: dict[str, RecordRow] = {}
    for part in portions(sorted(set(keys))):
        rows = select(RecordRow).where(RecordRow.id.in_(part)).order_by(order).with_for_update()
        found |= {row.id: row for row in session.scalars(rows, execution_options={"populate_existing": True})}
    return found


def revision(session: Session, record: RecordRow, number: int | None = None) -> RevisionRow:
    """A revision; the newest one without `number`.

    Raises NotFound where there is none of that number.
    """
    wanted = record.newest if number is None else number
    found = session.scalar(select(RevisionRow).where(RevisionRow.record_id == record.id, RevisionRow.number == wanted))
    if found is None:
        raise NotFound("desk.no_revision", record=record.id, number=wanted)
    return found


def body(session: Session, record: RecordRow, number: int | None = None) -> dict[str, Any]:
    """The canonical document of a revision."""
    return revision(session, record, number).body


def organization_of(kind: str, municipality: str, document: dict[str, Any]) -> str | None:
    """Key of the organization whose people may work on the document."""
    if kind == "organization":
        return f"{municipality}/{document['id']}"
    local = document.get("organization")
    return f"{municipality}/{local}" if local else None


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def aware(moment: datetime | None) -> datetime | None:
    """SQLite forgets the time zone: what is stored is UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
