"""What staff and the public say is wrong. Nobody is asked who they are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError, NotFound
from knowledge.editorial.records import get, now
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
