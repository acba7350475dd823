"""Take back the last publishing or archiving of a record: readers see again what they saw before.

What was published together is taken back together: nothing is left behind that nobody has looked at alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError
from knowledge.editorial.pending import wait_again
from knowledge.editorial.publish import put_out, take_back
from knowledge.editorial.records import State, aware, get, hold_rows
from knowledge.editorial.sight import Sight, sight_of
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import RecordRow

# Everything that changes what readers see of a record as a whole.
_ACTIONS = ("publish", "archive", "expire", "undo", "import")
# By the clock, the records of one set are published one after the other.
_AT_MOST_APART = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Undoable:
    """The last thing that changed what readers see. `before` is the revision that was public then; None: there was none. `together`
    names all that was published in the same act, this record too, in the order in which it was; empty where it was alone."""

    entry: int
    action: str
    before: int | None
    facts: dict[str, Any]
    at: datetime
    by: str
    together: Sequence[str] = ()


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
    return Undoable(last.id, last.action, last.detail["before"], last.detail.get("facts") or {}, at, last.actor, _together(session, last))


def _together(session: Session, entry: AuditRow) -> Sequence[str]:
    act = entry.detail.get("together")
    if not act:
        return ()
    rows = (
        select(AuditRow.record)
        .where(AuditRow.municipality_id == entry.municipality_id, AuditRow.action == "publish")
        .where(AuditRow.at.between(entry.at - _AT_MOST_APART, entry.at + _AT_MOST_APART))
        .where(AuditRow.detail["together"].as_string() == act)
        .order_by(AuditRow.id)
    )
    found = [key for key in session.scalars(rows) if key is not None]
    return found if len(found) > 1 else ()


def may_undo(session: Session, actor: Actor, last: Undoable) -> bool:
    """Whether the person may take back all that was published together."""
    rows = select(RecordRow.municipality_id, RecordRow.organization_id).where(RecordRow.id.in_(last.together))
    return all(actor.may(Permission.PUBLISH, municipality, organization) for municipality, organization in session.execute(rows))


def undo(session: Session, actor: Actor, key: str, entry: int) -> RecordRow:
    """Take back what the log's entry `entry` did, and what was published together with it: all of it, or nothing. The words that were
    public stay as drafts, with their translations.

    Raises DeskError("desk.nothing_to_undo") where something else has happened to the record since, DeskError("desk.undo_changed") where
    one that was published with it has been changed since, and DeskError("desk.undo_in_use") where one was published for the first time
    and others point at it by now; the latter two with names in `records`.
    """
    record = get(session, actor, key, Permission.PUBLISH)
    last = undoable(session, record)
    if last is None or last.entry != entry:
        raise DeskError("desk.nothing_to_undo", record=key)
    rows = [get(session, actor, one, Permission.PUBLISH) for one in last.together or (key,)]
    hold_rows(session, [row.id for row in rows])
    # Somebody may have been quicker while we waited for the rows.
    acts = {row.id: undoable(session, row) for row in rows}
    current = acts[key]
    if current is None or current.entry != entry:
        raise DeskError("desk.nothing_to_undo", record=key)
    if len(rows) > 1:
        changed = [row.name for row in rows if row.newest != row.published or not _same(acts[row.id], last)]
        if changed:
            raise DeskError("desk.undo_changed", record=key, records=changed)
    # What points at others goes before them.
    for row in reversed(rows):
        act = acts[row.id]
        assert act is not None
        _undo_one(session, actor, row, act)
    return record


def _same(act: Undoable | None, other: Undoable) -> bool:
    return act is not None and list(act.together) == list(other.together)


def _undo_one(session: Session, actor: Actor, record: RecordRow, act: Undoable) -> None:
    undone = record.published
    if act.before is None:
        try:
            take_back(session, record)
        except DeskError as error:
            users = error.fields.get("records")
            if error.key != "desk.in_use" or not isinstance(users, list):
                raise
            raise DeskError(
                "desk.undo_in_use", name=record.name, records=_names(sight_of(session, actor, record.municipality_id), users)
            ) from error
        record.state = State.DRAFT.value
    else:
        changed = put_out(session, record, number=act.before, facts=act.facts)
        wait_again(session, record, changed)
    audit.log(session, actor, record.municipality_id, "undo", record.id, of=act.action, number=undone, restored=act.before)


def _names(sight: Sight, keys: Sequence[str]) -> list[str]:
    known = sight.names(keys)
    return [known.get(key, key) for key in keys]
