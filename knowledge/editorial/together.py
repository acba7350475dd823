"""Publish a record with everything that it needs and that readers cannot see yet."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from knowledge.documents.models import MODELS
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import Conflict
from knowledge.editorial.publish import publish
from knowledge.editorial.records import body, get, hold_rows
from knowledge.editorial.references import unpublished
from knowledge.store.desk_tables import RecordRow

_ORDER = list(MODELS)


@dataclass(frozen=True, slots=True)
class Needs:
    """What has to be public first. `records` are in the order in which they can be published; `missing` are keys of nothing."""

    records: Sequence[RecordRow]
    missing: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.records or self.missing)

    @property
    def stamp(self) -> str:
        """Names the words that would be published with the record."""
        return " ".join(f"{row.id}@{row.newest}" for row in self.records)


def needs(session: Session, record: RecordRow) -> Needs:
    """Everything that the newest revision points at, directly or through others, and that is not public."""
    found: dict[str, RecordRow] = {}
    missing: list[str] = []
    waiting = [record]
    while waiting:
        one = waiting.pop()
        for key in unpublished(session, one.kind, one.municipality_id, body(session, one)):
            if key in found or key in missing or key == record.id:
                continue
            row = session.get(RecordRow, key)
            if row is None:
                missing.append(key)
            else:
                found[key] = row
                waiting.append(row)
    return Needs(sorted(found.values(), key=lambda row: (_ORDER.index(row.kind), row.name)), missing)


def hold_together(session: Session, record: RecordRow) -> None:
    """Hold the record and what it needs."""
    hold_rows(session, [record.id, *(one.id for one in needs(session, record).records)])


def publish_together(
    session: Session, actor: Actor, key: str, *, at: datetime | None = None, expire_at: datetime | None = None, seen: str | None = None
) -> Sequence[RecordRow]:
    """Publish the record and what it needs, all at once or not at all; returns them in the order in which they were published.

    Raises as `publish` does, for each of them; Conflict("desk.needs_changed") where `seen` is not the stamp of what it needs: nobody
    publishes words they could not read.
    """
    record = get(session, actor, key, Permission.PUBLISH)
    hold_together(session, record)
    others = needs(session, record).records
    if seen is not None and needs(session, record).stamp != seen:
        raise Conflict("desk.needs_changed", record=key)
    # By this, undo finds what belongs together.
    act = secrets.token_hex(8) if others else None
    first = [publish(session, actor, one.id, at=at, expire_at=None, together=act) for one in others]
    return [*first, publish(session, actor, key, at=at, expire_at=expire_at, together=act)]
