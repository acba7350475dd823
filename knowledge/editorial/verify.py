""" "Still true": one click for all languages. The checked date is apart from the changed date."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError
from knowledge.editorial.records import get, hold_row
from knowledge.store import tables as t
from knowledge.store.changes import touch
from knowledge.store.desk_tables import RecordRow


def still_true(session: Session, actor: Actor, key: str, today: date) -> RecordRow:
    """The published words were checked today. What is being written on top of them is not touched by it.

    Raises DeskError where nothing is published: there is nothing that could be true for readers.
    """
    record = get(session, actor, key, Permission.VERIFY)
    # First the record, then the municipality (`touch`): every verb locks in this order, so that none waits for another in a circle.
    hold_row(session, record)
    if record.published is None:
        raise DeskError("desk.not_published", record=key)
    before = record.checked_on
    record.checked_on = today
    record.checked_by = actor.name
    show_checked(session, record, today)
    touch(session, record.municipality_id, [key])
    audit.log(session, actor, record.municipality_id, "verify", key, before=before.isoformat() if before else None)
    return record


def show_checked(session: Session, record: RecordRow, day: date) -> None:
    """Write the day of the check where readers see it. Permission, log and version are the caller's."""
    key = f"{record.municipality_id}/{record.local_id}"
    if record.kind == "service":
        session.get_one(t.ServiceRow, key).assured_date = day
    elif record.kind == "article":
        session.get_one(t.ArticleRow, key).checked_on = day
    elif record.kind == "page":
        session.get_one(t.PageRow, key).checked_on = day
