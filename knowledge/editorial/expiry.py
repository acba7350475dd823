"""When a public record goes by itself."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError
from knowledge.editorial.records import State, aware, get, hold_row, now
from knowledge.store.desk_tables import RecordRow


def set_expiry(session: Session, actor: Actor, key: str, until: datetime | None) -> RecordRow:
    """Archive the record by itself at `until`; None: it stays.

    Raises DeskError("desk.expires_too_early") for a moment that is past, or before the planned publication, and
    DeskError("desk.not_published") for a record that is neither public nor going to be.
    """
    record = get(session, actor, key, Permission.PUBLISH)
    hold_row(session, record)
    if record.published is None and record.publish_at is None:
        raise DeskError("desk.not_published", record=key)
    begins = now() if record.published is not None else (aware(record.publish_at) or now())
    if until is not None and until <= max(begins, now()):
        raise DeskError("desk.expires_too_early", record=key)
    record.expire_at = until.astimezone(UTC) if until else None
    if record.state == State.PUBLISHED:
        # It told that the last end could not be kept.
        record.review_note = None
    audit.log(session, actor, record.municipality_id, "expiry", key, until=until.isoformat() if until else None)
    return record
