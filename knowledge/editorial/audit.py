"""The audit log: who did what to which record. It only grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor
from knowledge.store.account_tables import AuditRow


def log(session: Session, actor: Actor, municipality: str | None, action: str, record: str | None = None, **detail: object) -> None:
    """Add an entry. `detail` holds names of fields, numbers and ids; never a password, a text of a person or a token."""
    session.add(
        AuditRow(
            at=datetime.now(UTC),
            actor_id=actor.id,
            actor=actor.name,
            municipality_id=municipality,
            action=action,
            record=record,
            detail=detail,
        )
    )


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What to look for; empty fields do not restrict. Days are whole and included."""

    actor: str = ""
    action: str = ""
    record: str = ""
    since: date | None = None
    until: date | None = None


def search(session: Session, municipality: str, query: AuditQuery, *, page: int = 1, size: int = 50) -> tuple[Sequence[AuditRow], bool]:
    """(entries of a page, newest first; whether there are more)."""
    found = select(AuditRow).where(AuditRow.municipality_id == municipality)
    if query.actor:
        found = found.where(AuditRow.actor.icontains(query.actor, autoescape=True))
    if query.action:
        found = found.where(AuditRow.action == query.action)
    if query.record:
        found = found.where(AuditRow.record.icontains(query.record, autoescape=True))
    if query.since:
        found = found.where(AuditRow.at >= datetime.combine(query.since, time(), UTC))
    if query.until:
        found = found.where(AuditRow.at < datetime.combine(query.until + timedelta(days=1), time(), UTC))
    rows = session.scalars(found.order_by(AuditRow.id.desc()).offset((page - 1) * size).limit(size + 1)).all()
    return rows[:size], len(rows) > size
