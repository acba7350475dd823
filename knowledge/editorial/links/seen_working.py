"""An address that a person has seen working: some servers answer our program with what they would not answer a browser with."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import NotFound
from knowledge.editorial.records import aware, get, now
from knowledge.store.desk_tables import LinkCheckRow

# Then somebody looks once more.
BELIEVED = timedelta(days=180)


def say_it_works(session: Session, actor: Actor, key: str, number: int) -> None:
    """Address `number` of the record is off the list, for `BELIEVED` or until something else is wrong with it.

    Raises NotFound where the record does not name it any more.
    """
    record = get(session, actor, key, Permission.EDIT)
    row = session.get(LinkCheckRow, number)
    if row is None or row.record_id != record.id:
        raise NotFound("desk.no_link", number=number)
    row.failures, row.seen_working_at = 0, now()
    audit.log(session, actor, record.municipality_id, "link_works", key, web_address=row.url)


def is_believed(row: LinkCheckRow, problem: str, moment: datetime) -> bool:
    """Whether `problem` is the one that somebody has called none."""
    seen = aware(row.seen_working_at)
    return seen is not None and row.problem == problem and moment - seen < BELIEVED
