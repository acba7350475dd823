"""The texts of one record: quick where `TextWriter`, which reads a whole municipality's, is made for thousands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.store.tables import TextRevisionRow, TextTranslationRow


def as_body(value: str | list[str]) -> str:
    """A list is kept as one item a line."""
    return "\n".join(item.strip().replace("\n", " ") for item in value) if isinstance(value, list) else value.strip()


def newest_texts(session: Session, record: str) -> dict[str, TextRevisionRow]:
    """Newest published source text by field (its body is empty where the text was taken away)."""
    rows = session.scalars(select(TextRevisionRow).where(TextRevisionRow.record == record).order_by(TextRevisionRow.number))
    return {row.field: row for row in rows}


def last_major(session: Session, record: str) -> dict[str, int]:
    """Number of the newest revision that ages translations, by field."""
    rows = session.scalars(
        select(TextRevisionRow).where(TextRevisionRow.record == record, TextRevisionRow.minor.is_(False)).order_by(TextRevisionRow.number)
    )
    return {row.field: row.number for row in rows}


def newest_translations(session: Session, record: str) -> dict[tuple[str, str], TextTranslationRow]:
    """Newest translation by field and language."""
    rows: Iterable[TextTranslationRow] = session.scalars(
        select(TextTranslationRow).where(TextTranslationRow.record == record).order_by(TextTranslationRow.id)
    )
    return {(row.field, row.language): row for row in rows}


def write_texts(
    session: Session, municipality: str, record: str, texts: Mapping[str, str | list[str]], language: str, *, minor: bool
) -> list[str]:
    """Add a revision for every source text that differs; returns the names of those fields. A text that is not there is taken away."""
    newest = newest_texts(session, record)
    bodies = {field: as_body(value) for field, value in texts.items()}
    bodies |= {field: "" for field in newest if field not in bodies}
    changed = []
    for field, body in bodies.items():
        known = newest.get(field)
        if (known is None and not body) or (known is not None and known.body == body and known.language == language):
            continue
        session.add(
            TextRevisionRow(
                municipality_id=municipality,
                record=record,
                field=field,
                number=known.number + 1 if known else 1,
                language=language,
                body=body,
                minor=minor and known is not None,
                created_at=datetime.now(UTC),
            )
        )
        changed.append(field)
    session.flush()
    return changed


def add_translation(
    session: Session,
    municipality: str,
    record: str,
    field: str,
    language: str,
    body: str,
    *,
    of: int,
    machine: bool,
    reviewed_by: str | None,
) -> None:
    """Append a translation of revision `of` of a published text."""
    session.add(
        TextTranslationRow(
            municipality_id=municipality,
            record=record,
            field=field,
            of_number=of,
            language=language,
            body=body,
            machine=machine,
            reviewed_by=reviewed_by,
            created_at=datetime.now(UTC),
        )
    )
    session.flush()
