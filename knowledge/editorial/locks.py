"""Who is editing a record. A lock is a courtesy, seen by others and taken over with one click; what protects the work is that every save is
checked against the revision it was written on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.records import aware, get, now
from knowledge.store.account_tables import UserRow
from knowledge.store.desk_tables import EditLockRow

# The page tells every 20 seconds that it is still open; a browser that has been silent for this long has gone.
STALE = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody else has the record open."""

    user_id: int
    name: str
    since: datetime


def acquire(session: Session, actor: Actor, key: str, *, take_over: bool = False) -> Holder | None:
    """Hold the record, or tell who does. With `take_over` it is taken from them; what they have typed stays theirs (autosave).

    Also the heartbeat: holding it again renews it, and an answer tells a page that its lock was taken.
    """
    record = get(session, actor, key, Permission.EDIT)
    assert actor.id is not None, "only people edit"
    row = session.get(EditLockRow, key, with_for_update=True)
    if row is None:
        try:
            with session.begin_nested():
                session.add(EditLockRow(record_id=key, user_id=actor.id, since=now(), seen_at=now()))
            return None
        except IntegrityError:  # somebody opened it in the same moment
            row = session.get_one(EditLockRow, key)
    if row.user_id != actor.id:
        seen = aware(row.seen_at)
        if not take_over and seen is not None and now() - seen < STALE:
            return Holder(row.user_id, _name(session, row.user_id), aware(row.since) or now())
        if take_over:
            audit.log(session, actor, record.municipality_id, "take_over", key, of=_name(session, row.user_id))
        row.user_id, row.since = actor.id, now()
    row.seen_at = now()
    session.flush()
    return None


def release_lock(session: Session, actor: Actor, key: str) -> None:
    """Give the record free; nothing happens where somebody else holds it."""
    session.execute(delete(EditLockRow).where(EditLockRow.record_id == key, EditLockRow.user_id == actor.id))


def _name(session: Session, user_id: int) -> str:
    user = session.get(UserRow, user_id)
    return user.name if user is not None else "?"
