"""Translations of words that are not public yet. When they become public, their translations come along."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.store.desk_tables import PendingTranslationRow, RecordRow
from knowledge.store.texts import add_translation, newest_texts


def pending(session: Session, record: RecordRow) -> dict[tuple[str, str], PendingTranslationRow]:
    """By field and language."""
    rows = session.scalars(select(PendingTranslationRow).where(PendingTranslationRow.record_id == record.id))
    return {(row.field, row.language): row for row in rows}


def release(session: Session, record: RecordRow) -> None:
    """Publish the translations of exactly those words that have just become public; others wait on."""
    public = newest_texts(session, record.id)
    for (field, language), row in pending(session, record).items():
        source = public.get(field)
        if source is None or text_digest(source.body) != row.of_text:
            continue
        add_translation(
            session,
            record.municipality_id,
            record.id,
            field,
            language,
            row.body,
            of=source.number,
            machine=row.machine,
            reviewed_by=row.reviewed_by,
        )
        session.execute(delete(PendingTranslationRow).where(PendingTranslationRow.id == row.id))
