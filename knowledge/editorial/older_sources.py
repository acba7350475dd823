"""What the original said when a translation was made: shown beside what it says now, so that only the difference has to be translated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState
from knowledge.editorial.history import revisions
from knowledge.editorial.pending import pending
from knowledge.editorial.records import aware
from knowledge.editorial.translate import Section
from knowledge.store.desk_tables import RecordRow
from knowledge.store.tables import TextRevisionRow
from knowledge.store.texts import as_body, newest_translations


@dataclass(frozen=True, slots=True)
class Older:
    """The words that were translated, and since when the original is another."""

    words: str
    changed_at: datetime | None


def older_sources(session: Session, record: RecordRow, language: str, sections: list[Section]) -> dict[str, Older]:
    """Field -> what its translation is of, for sections that are out of date; a field of which nobody knows is left out."""
    outdated = [one for one in sections if one.state is TranslationState.OUTDATED]
    if not outdated:
        return {}
    translated, waiting = newest_translations(session, record.id), pending(session, record)
    found = {}
    for one in outdated:
        row, draft = translated.get((one.field, language)), waiting.get((one.field, language))
        older = None
        if draft is not None and draft.body == one.translation:
            older = _by_digest(session, record, one, draft.of_text)
        elif row is not None:
            older = _by_number(session, record, one, row.of_number)
        if older is not None and older.words != one.source:
            found[one.field] = older
    return found


def _by_number(session: Session, record: RecordRow, section: Section, number: int) -> Older | None:
    table = TextRevisionRow
    rows = select(table).where(table.record == record.id, table.field == section.field, table.number >= number).order_by(table.number)
    versions = session.scalars(rows).all()
    if not versions or versions[0].number != number:
        return None
    changed = next((row.created_at for row in versions[1:] if not row.minor), None)
    return Older(versions[0].body, aware(changed) if changed else _written_at(session, record, section))


def _by_digest(session: Session, record: RecordRow, section: Section, digest: str) -> Older | None:
    for row in revisions(session, record):
        words = as_body(row.body.get("texts", {}).get(section.field, ""))
        if text_digest(words) == digest:
            return Older(words, _written_at(session, record, section))
    return None


def _written_at(session: Session, record: RecordRow, section: Section) -> datetime | None:
    """When the words as they are now were first written."""
    moment = None
    for row in revisions(session, record):
        if as_body(row.body.get("texts", {}).get(section.field, "")) != section.source:
            break
        moment = aware(row.at)
    return moment
