"""Who looks after a record, and how often it has to be checked. When the next time is: `knowledge.editorial.due`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from knowledge.editorial import audit
from knowledge.editorial.actor import ALLOWED, Actor, Permission, Role
from knowledge.editorial.errors import DeskError
from knowledge.editorial.records import get
from knowledge.store.account_tables import MembershipRow, UserRow
from knowledge.store.desk_tables import RecordRow

LONGEST_INTERVAL = 3650


def carers(session: Session, record: RecordRow) -> Sequence[UserRow]:
    """The people who may edit this record, by name."""
    found = (
        select(UserRow)
        .join(MembershipRow, MembershipRow.user_id == UserRow.id)
        .where(*may_edit(record.municipality_id, record.organization_id))
        .order_by(UserRow.name, UserRow.id)
    )
    return list(dict.fromkeys(session.scalars(found)))


def may_edit(
    municipality: str | InstrumentedAttribute[str], organization: str | InstrumentedAttribute[str | None] | None
) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a user and their membership: they may edit the records of `organization` (its key) in `municipality`."""
    editing = [role.value for role in Role if Permission.EDIT in ALLOWED[role]]
    held = MembershipRow.organization_id
    return (
        MembershipRow.municipality_id == municipality,
        MembershipRow.role.in_(editing),
        UserRow.disabled.is_(False),
        held.is_(None) | (held == organization),
    )


def set_responsible(session: Session, actor: Actor, key: str, user_id: int | None) -> RecordRow:
    """Who answers for the record; None: nobody.

    Raises DeskError("desk.not_an_editor") for somebody who may not edit it.
    """
    record = get(session, actor, key, Permission.EDIT)
    if user_id is not None and user_id not in {user.id for user in carers(session, record)}:
        raise DeskError("desk.not_an_editor", record=key)
    if record.responsible_id != user_id:
        record.responsible_id = user_id
        audit.log(session, actor, record.municipality_id, "responsible", key, user=user_id)
    return record


def set_interval(session: Session, actor: Actor, key: str, days: int | None) -> RecordRow:
    """Days between two checks; None: as the city has set it for this kind of record.

    Raises DeskError("desk.interval") for a number below 1 or above ten years.
    """
    record = get(session, actor, key, Permission.EDIT)
    if days is not None and not 1 <= days <= LONGEST_INTERVAL:
        raise DeskError("desk.interval", most=LONGEST_INTERVAL)
    if record.check_every_days != days:
        record.check_every_days = days
        audit.log(session, actor, record.municipality_id, "interval", key, days=days)
    return record


def first_intervals(session: Session, actor: Actor, days: Mapping[str, int]) -> None:
    """Intervals by record that came with an import. One that was set at the desk stays: who set it knows more than a file."""
    for key, number in days.items():
        record = session.get(RecordRow, key)
        if record is not None and record.check_every_days is None:
            set_interval(session, actor, key, number)


def own_intervals(session: Session, municipality: str) -> dict[tuple[str, str], int]:
    """(kind, local id) -> days between two checks, for the public records that have an interval of their own."""
    rows = session.execute(
        select(RecordRow.kind, RecordRow.local_id, RecordRow.check_every_days).where(
            RecordRow.municipality_id == municipality, RecordRow.published.is_not(None), RecordRow.check_every_days.is_not(None)
        )
    )
    return {(kind, local): days for kind, local, days in rows if days}
