"""Translations of words that are not public yet. When they become public, their translations come along."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.editorial.records import now
from knowledge.store.desk_tables import PendingTranslationRow, RecordRow
from knowledge.store.tables import TextRevisionRow, TextTranslationRow
from knowledge.store.texts import add_translation, newest_texts


def pending(session: Session, record: RecordRow) -> dict[tuple[str, str], PendingTranslationRow]:
    """By field and language."""
    rows = session.scalars(select(PendingTranslationRow).where(PendingTranslationRow.record_id == record.id))
    return {(row.field, row.language): row for row in rows}


def with_waiting(session: Session, municipality: str) -> set[str]:
    """Keys of the records of which a translation waits. Tables of public texts do not tell their states alone: see `sections_of`."""
    waits = select(PendingTranslationRow.record_id).join(RecordRow, RecordRow.id == PendingTranslationRow.record_id)
    return set(session.scalars(waits.where(RecordRow.municipality_id == municipality).distinct()))


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


def revive(session: Session, record: RecordRow, fields: Iterable[str]) -> None:
    """Words that come back (an undo, an old revision that was restored) bring along the translations they had when they were public."""
    for field in fields:
        versions = _versions(session, record, field)
        newest = versions[-1]
        if newest.minor or not newest.body:
            continue
        same = [row.number for row in versions[:-1] if row.body == newest.body and row.language == newest.language]
        if not same:
            continue
        for row in _translations(session, record, field, _era(versions, same[-1])).values():
            add_translation(
                session,
                record.municipality_id,
                record.id,
                field,
                row.language,
                row.body,
                of=newest.number,
                machine=row.machine,
                reviewed_by=row.reviewed_by,
            )


def wait_again(session: Session, record: RecordRow, fields: Iterable[str]) -> None:
    """After words were taken back: the translations that only they had wait until these words are public again."""
    waiting = pending(session, record)
    for field in fields:
        versions = _versions(session, record, field)
        if len(versions) < 2 or versions[-1].minor:
            continue
        taken_back = versions[-2]
        for row in _translations(session, record, field, _era(versions, taken_back.number)).values():
            if (field, row.language) in waiting:
                continue
            session.add(
                PendingTranslationRow(
                    record_id=record.id,
                    field=field,
                    language=row.language,
                    of_text=text_digest(taken_back.body),
                    body=row.body,
                    machine=row.machine,
                    reviewed_by=row.reviewed_by,
                    author=row.reviewed_by or "",
                    at=now(),
                )
            )
    session.flush()


def _versions(session: Session, record: RecordRow, field: str) -> list[TextRevisionRow]:
    rows = select(TextRevisionRow).where(TextRevisionRow.record == record.id, TextRevisionRow.field == field)
    return list(session.scalars(rows.order_by(TextRevisionRow.number)))


def _era(versions: list[TextRevisionRow], number: int) -> set[int]:
    """Numbers of the versions that differ from `number` by minor edits only: a translation of one is one of all."""
    major = [row.number for row in versions if not row.minor]
    first = max((one for one in major if one <= number), default=1)
    after = min((one for one in major if one > number), default=versions[-1].number + 1)
    return {row.number for row in versions if first <= row.number < after}


def _translations(session: Session, record: RecordRow, field: str, numbers: set[int]) -> dict[str, TextTranslationRow]:
    """The newest one in each language of the versions `numbers`."""
    table = TextTranslationRow
    rows = select(table).where(table.record == record.id, table.field == field, table.of_number.in_(numbers)).order_by(table.id)
    return {row.language: row for row in session.scalars(rows)}
