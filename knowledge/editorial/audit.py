"""The audit log: who did what to which record. It only grows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor
from knowledge.editorial.contents import fold
from knowledge.store.account_tables import AuditRow, UserRow
from knowledge.store.desk_tables import RecordRow

# Days outside of these have no moment in every time zone.
_FIRST, _LAST = date(1970, 1, 1), date(9000, 1, 1)


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
    """What to look for; empty fields do not restrict.

    `actor` is a part of somebody's name, `record` of a record's key or name; accents and capitals do not matter. Days are whole and
    included, by the clocks of `zone`. `itself`: names under which the desk acts that fit, too.
    """

    actor: str = ""
    action: str = ""
    record: str = ""
    since: date | None = None
    until: date | None = None
    zone: tzinfo = UTC
    itself: Collection[str] = ()


def search(session: Session, municipality: str, query: AuditQuery, *, page: int = 1, size: int = 50) -> tuple[Sequence[AuditRow], bool]:
    """(entries of a page, newest first; whether there are more)."""
    found = select(AuditRow).where(AuditRow.municipality_id == municipality)
    if query.actor:
        found = found.where(AuditRow.actor.in_(_actors(session, municipality, query)))
    if query.action:
        found = found.where(AuditRow.action == query.action)
    if query.record:
        by_key = AuditRow.record.icontains(query.record, autoescape=True)
        found = found.where(or_(by_key, AuditRow.record.in_(_called(session, municipality, query.record))))
    if query.since:
        found = found.where(AuditRow.at >= _begin(query.since, query.zone))
    if query.until:
        found = found.where(AuditRow.at < _begin(min(query.until, _LAST) + timedelta(days=1), query.zone))
    rows = session.scalars(found.order_by(AuditRow.id.desc()).offset((page - 1) * size).limit(size + 1)).all()
    return rows[:size], len(rows) > size


def _begin(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(min(max(day, _FIRST), _LAST), time(), zone).astimezone(UTC)


def _actors(session: Session, municipality: str, query: AuditQuery) -> list[str]:
    """Names of the log that fit. Not compared by the database: each knows other capitals, and SQLite none but A to Z."""
    names = session.scalars(select(AuditRow.actor).where(AuditRow.municipality_id == municipality).distinct())
    return [name for name in names if fold(query.actor) in fold(name) or name in query.itself]


def _called(session: Session, municipality: str, words: str) -> list[str]:
    """Keys of the records and people of the log whose present name has these words in it: it is what the log shows."""
    wanted = fold(words)
    records = session.execute(select(RecordRow.id, RecordRow.name).where(RecordRow.municipality_id == municipality))
    accounts = session.scalars(
        select(AuditRow.record).where(AuditRow.municipality_id == municipality, AuditRow.record.startswith("user:")).distinct()
    )
    numbers = [int(number) for one in accounts if one and (number := one.partition(":")[2]).isdecimal()]
    people = session.execute(select(UserRow.id, UserRow.name).where(UserRow.id.in_(numbers)))
    known = [*((key, name) for key, name in records), *((f"user:{id}", name) for id, name in people)]
    return [key for key, name in known if wanted in fold(name)]
