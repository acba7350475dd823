"""All revisions of a record, and going back to an older one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.records import State, body, get, hold_row, organization_of
from knowledge.editorial.save import add_revision
from knowledge.store.desk_tables import RecordRow, RevisionRow


def revisions(session: Session, record: RecordRow) -> Sequence[RevisionRow]:
    """All revisions, newest first."""
    return session.scalars(select(RevisionRow).where(RevisionRow.record_id == record.id).order_by(RevisionRow.number.desc())).all()


def restore(session: Session, actor: Actor, key: str, number: int) -> RecordRow:
    """Write revision `number` again as the newest one, as a draft: nothing is ever taken back silently.

    Where it says what the newest one says, nothing changes, but that an archived record is a draft again.
    """
    record = get(session, actor, key, Permission.EDIT)
    hold_row(session, record)
    old = body(session, record, number)
    actor.need(Permission.EDIT, record.municipality_id, organization_of(record.kind, record.municipality_id, old))
    differs = old != body(session, record)
    if not differs and record.state != State.ARCHIVED:
        return record
    if differs:
        add_revision(session, actor, record, old, restored_from=number)
    record.state = State.DRAFT.value
    record.publish_at = None
    audit.log(session, actor, record.municipality_id, "restore", key, number=number)
    return record
