"""One click that readers see at once: how full a service is, and whether it is closed for a while.

These are facts of the day, not texts: they need no review and leave a draft that is being written as it is.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from knowledge.domain.records import CapacityState
from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError
from knowledge.editorial.records import get, hold_row
from knowledge.store import tables as t
from knowledge.store.changes import touch
from knowledge.store.desk_tables import RecordRow


def set_capacity(session: Session, actor: Actor, key: str, state: CapacityState, wait_days: int | None, today: date) -> RecordRow:
    """Whether the service can take somebody. The wait is in days and only kept for a waiting list."""
    record, row = _published(session, actor, key)
    row.capacity_state = state.value
    row.capacity_wait_days = wait_days if state is CapacityState.WAITING_LIST else None
    row.capacity_as_of = today
    touch(session, record.municipality_id, [key])
    audit.log(session, actor, record.municipality_id, "capacity", key, state=state.value)
    return record


def close(session: Session, actor: Actor, key: str, since: date, until: date | None) -> RecordRow:
    """Temporarily closed; `until` is the last closed day.

    Raises DeskError("desk.closure_order") where it lies before `since`.
    """
    if until is not None and until < since:
        raise DeskError("desk.closure_order")
    record, row = _published(session, actor, key)
    row.closed_since, row.closed_until = since, until
    touch(session, record.municipality_id, [key])
    audit.log(session, actor, record.municipality_id, "close", key, until=until.isoformat() if until else None)
    return record


def reopen(session: Session, actor: Actor, key: str) -> RecordRow:
    """Open again as the hours say."""
    record, row = _published(session, actor, key)
    row.closed_since = row.closed_until = None
    touch(session, record.municipality_id, [key])
    audit.log(session, actor, record.municipality_id, "reopen", key)
    return record


def _published(session: Session, actor: Actor, key: str) -> tuple[RecordRow, t.ServiceRow]:
    record = get(session, actor, key, Permission.AVAILABILITY)
    hold_row(session, record)
    row = session.get(t.ServiceRow, f"{record.municipality_id}/{record.local_id}") if record.kind == "service" else None
    if row is None or record.published is None:
        raise DeskError("desk.not_published", record=key)
    return record, row
