"""Take back the last publishing or archiving of a record: readers see again what they saw before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError
from knowledge.editorial.pending import wait_again
from knowledge.editorial.publish import put_out, take_back
from knowledge.editorial.records import State, aware, get, hold_row
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import RecordRow

# Everything that changes what readers see of a record as a whole.
_ACTIONS = ("publish", "archive", "expire", "undo", "import")


@dataclass(frozen=True, slots=True)
class Undoable:
    """The last thing that changed what readers see. `before` is the revision that was public then; None: there was none."""

    entry: int
    action: str
    before: int | None
    facts: dict[str, Any]
    at: datetime
    by: str


def undoable(session: Session, record: RecordRow) -> Undoable | None:
    """What `undo` would take back; None where there is nothing, or something else has happened since."""
    rows = select(AuditRow).where(AuditRow.record == record.id, AuditRow.action.in_(_ACTIONS)).order_by(AuditRow.id.desc()).limit(1)
    last = session.scalar(rows)
    if last is None or "before" not in last.detail:
        return None
    published = last.detail.get("number") if last.action == "publish" else None
    if record.published != published or (last.action != "publish" and last.detail["before"] is None):
        return None
    at = aware(last.at)
    assert at is not None
    return Undoable(last.id, last.action, last.detail["before"], last.detail.get("facts") or {}, at, last.actor)


def undo(session: Session, actor: Actor, key: str, entry: int) -> RecordRow:
    """Take back what the log's entry `entry` did. The words that were public stay as a draft, with their translations.

    Raises DeskError("desk.nothing_to_undo") where something else has happened to the record since, DeskError("desk.in_use") where it
    was published for the first time and others point at it by now.
    """
    record = get(session, actor, key, Permission.PUBLISH)
    hold_row(session, record)
    last = undoable(session, record)
    if last is None or last.entry != entry:
        raise DeskError("desk.nothing_to_undo", record=key)
    undone = record.published
    if last.before is None:
        take_back(session, record)
        record.state = State.DRAFT.value
    else:
        changed = put_out(session, record, number=last.before, facts=last.facts)
        wait_again(session, record, changed)
    audit.log(session, actor, record.municipality_id, "undo", key, of=last.action, number=undone, restored=last.before)
    return record
