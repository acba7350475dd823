"""What somebody has typed is kept on the server every few seconds, whether it is right or not, until it is saved or thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor
from knowledge.editorial.records import now
from knowledge.store.desk_tables import AutosaveRow


def keep(session: Session, actor: Actor, municipality: str, form: str, kind: str, base: int, fields: Mapping[str, str | list[str]]) -> None:
    """Keep the raw fields of a form. `form` is a record's key or ``new:<kind>:<random>``, `base` the revision it was opened on."""
    row = find(session, actor, form)
    if row is None:
        row = AutosaveRow(municipality_id=municipality, form=form, user_id=actor.id, kind=kind, base=base, fields=dict(fields), at=now())
        try:
            with session.begin_nested():
                session.add(row)
            return
        except IntegrityError:  # the same form in a second window, in the same moment
            row = find(session, actor, form)
            if row is None:
                return
    row.fields, row.base, row.at = dict(fields), base, now()
    session.flush()


def find(session: Session, actor: Actor, form: str) -> AutosaveRow | None:
    """What this person has typed into this form and not saved."""
    return session.scalar(select(AutosaveRow).where(AutosaveRow.form == form, AutosaveRow.user_id == actor.id))


def discard(session: Session, actor: Actor, form: str) -> None:
    """After saving, or when it is thrown away."""
    session.execute(delete(AutosaveRow).where(AutosaveRow.form == form, AutosaveRow.user_id == actor.id))


def unfinished(session: Session, actor: Actor, municipality: str) -> Sequence[AutosaveRow]:
    """Everything of this person that is not saved, newest first: shown on the home page."""
    return session.scalars(
        select(AutosaveRow)
        .where(AutosaveRow.user_id == actor.id, AutosaveRow.municipality_id == municipality)
        .order_by(AutosaveRow.at.desc())
    ).all()
