"""What staff and the public say is wrong. Nobody is asked who they are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError, NotFound
from knowledge.editorial.records import get, now
from knowledge.editorial.scope import Scope
from knowledge.store.desk_tables import RecordRow, SuggestionRow

SHORTEST, LONGEST = 5, 1000


def suggest(session: Session, actor: Actor, key: str, text: str, language: str) -> SuggestionRow:
    """Somebody at the desk, for instance at an information point, says what is wrong with a record.

    Raises DeskError("desk.suggestion_short") or ("desk.suggestion_long").
    """
    record = get(session, actor, key)
    actor.need(Permission.SUGGEST, record.municipality_id, record.organization_id)
    row = _add(session, record, text, language, actor.id)
    audit.log(session, actor, record.municipality_id, "suggest", key)
    return row


def suggest_in_public(session: Session, key: str, text: str, language: str) -> SuggestionRow:
    """As `suggest`, by somebody on a public page of whom nothing is kept. Raises NotFound where readers have no such record."""
    record = session.get(RecordRow, key)
    if record is None or record.published is None:
        raise NotFound("desk.no_record", record=key)
    return _add(session, record, text, language, None)


def _add(session: Session, record: RecordRow, text: str, language: str, user_id: int | None) -> SuggestionRow:
    text = text.strip().replace("\r\n", "\n")
    if len(text) < SHORTEST:
        raise DeskError("desk.suggestion_short")
    if len(text) > LONGEST:
        raise DeskError("desk.suggestion_long", most=LONGEST)
    row = SuggestionRow(
        municipality_id=record.municipality_id, record_id=record.id, text=text, language=language, from_user_id=user_id, at=now()
    )
    session.add(row)
    session.flush()
    return row


def open_suggestions(session: Session, record: RecordRow) -> Sequence[SuggestionRow]:
    """What nobody has dealt with yet, oldest first."""
    rows = select(SuggestionRow).where(SuggestionRow.record_id == record.id, SuggestionRow.handled_at.is_(None))
    return session.scalars(rows.order_by(SuggestionRow.id)).all()


def handle(session: Session, actor: Actor, key: str, number: int) -> None:
    """Somebody has dealt with suggestion `number` of the record. Doing it twice changes nothing."""
    record = get(session, actor, key, Permission.EDIT)
    row = session.get(SuggestionRow, number)
    if row is None or row.record_id != record.id:
        raise NotFound("desk.no_suggestion", number=number)
    if row.handled_at is None:
        row.handled_at, row.handled_by = now(), actor.name
        audit.log(session, actor, record.municipality_id, "suggestion_handled", key, suggestion=number)


def reopen(session: Session, actor: Actor, key: str, number: int) -> None:
    """It was not dealt with after all. Doing it twice changes nothing."""
    record = get(session, actor, key, Permission.EDIT)
    row = session.get(SuggestionRow, number)
    if row is None or row.record_id != record.id:
        raise NotFound("desk.no_suggestion", number=number)
    if row.handled_at is not None:
        row.handled_at = row.handled_by = None
        audit.log(session, actor, record.municipality_id, "suggestion_reopened", key, suggestion=number)


def waiting(
    session: Session, scope: Scope, *, limit: int, offset: int = 0, handled: bool = False, user_id: int | None = None
) -> tuple[int, Sequence[tuple[SuggestionRow, RecordRow]]]:
    """(how many there are, some of them with their records): those that wait, oldest first, or those that were `handled`, newest first;
    with `user_id` only what this person has said."""
    row = SuggestionRow
    found = select(row, RecordRow).join(RecordRow, RecordRow.id == row.record_id).where(*scope.records())
    found = found.where(row.handled_at.is_not(None) if handled else row.handled_at.is_(None))
    if user_id is not None:
        found = found.where(row.from_user_id == user_id)
    count = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ordered = found.order_by(row.handled_at.desc(), row.id.desc()) if handled else found.order_by(row.id)
    return count, [(one, record) for one, record in session.execute(ordered.offset(offset).limit(limit))] if count else []
