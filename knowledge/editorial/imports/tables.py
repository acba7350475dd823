"""Tables in and out with what the desk knows: numbers of revisions on the way out, opening hours in people's words on the way in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.domain.records import Knowledge
from knowledge.editorial.hours_words.parser import parse_hours
from knowledge.editorial.records import now
from knowledge.exchange.tables.hours_cell import Hours
from knowledge.exchange.tables.problems import Problem
from knowledge.exchange.tables.values import Context
from knowledge.store.desk_tables import RecordRow
from knowledge.store.reader import read_knowledge
from knowledge.store.tables import MunicipalityRow


def table_context(session: Session, municipality: str, today: date, *, language: str | None = None) -> Context:
    """How cells are read for a municipality. `language` is that of the person who made the file; the city's own if it is not given."""
    town = session.get_one(MunicipalityRow, municipality)
    spoken = language or town.source_language

    def read_hours(text: str) -> Hours:
        parsed = parse_hours(text, spoken, today)
        if not parsed.complete or not (parsed.rules or parsed.exceptions):
            unclear = next((text[one.start : one.end] for one in parsed.problems if not one.notice and one.end > one.start), text)
            raise Problem("hours", value=unclear)
        rules = [rule.dict(exclude_none=True) for rule in parsed.rules]
        exceptions = [one.dict(exclude_none=True, exclude_defaults=True) for one in parsed.exceptions]
        return Hours(rules, exceptions, parsed.closed_on_holidays is not False)

    return Context(source_language=town.source_language, region=town.country, read_hours=read_hours)


def knowledge_to_export(session: Session, municipality: str) -> tuple[Knowledge, dict[tuple[str, str], int]]:
    """(what is published, the numbers of its revisions) for an export.

    The numbers are read first: a row whose words are newer than its number is harmless, the other way round it would look as if somebody
    had written the old words into the file.
    """
    started = now()
    revisions = published_revisions(session, municipality)
    return replace(read_knowledge(session, municipality), loaded_at=started), revisions


def published_revisions(session: Session, municipality: str) -> dict[tuple[str, str], int]:
    """(kind, id) -> number of the revision that readers see, for the revision column of an export."""
    rows = select(RecordRow.kind, RecordRow.local_id, RecordRow.published).where(
        RecordRow.municipality_id == municipality, RecordRow.published.is_not(None)
    )
    return {(row.kind, row.local_id): row.published for row in session.execute(rows)}
