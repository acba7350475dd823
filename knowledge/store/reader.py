"""Read one municipality's published knowledge.

The whole of it is read at once and kept in memory (a city has some thousand services at most): every lookup is then free of the
database, and a database that fails later does not silence the assistant. After that only what has changed is read again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knowledge.domain import records as r
from knowledge.domain.errors import KnowledgeUnavailable
from knowledge.store import tables as t
from knowledge.store.records_reader import RecordsReader


def municipalities(session: Session) -> list[tuple[str, int]]:
    """(id, version) of every municipality in the database."""
    try:
        rows = session.execute(select(t.MunicipalityRow.id, t.MunicipalityRow.version).order_by(t.MunicipalityRow.id)).all()
    except SQLAlchemyError as error:
        raise KnowledgeUnavailable("knowledge.unavailable", reason=type(error).__name__) from error
    return [(row.id, row.version) for row in rows]


def read_knowledge(session: Session, municipality_id: str) -> r.Knowledge:
    """Everything that `municipality_id` has published.

    Raises KnowledgeUnavailable where the database does not answer or does not know the municipality.
    """
    try:
        row = session.get(t.MunicipalityRow, municipality_id)
        if row is None:
            raise KnowledgeUnavailable("knowledge.no_municipality", municipality=municipality_id)
        version, read = row.version, RecordsReader(session, municipality_id)
        return r.Knowledge(
            version,
            read.municipality(row),
            read.organizations(),
            read.locations(),
            read.services(),
            read.articles(),
            read.contacts(),
            read.pages(),
            loaded_at=datetime.now(UTC),
        )
    except SQLAlchemyError as error:
        raise KnowledgeUnavailable("knowledge.unavailable", reason=type(error).__name__) from error


def read_changed(session: Session, held: r.Knowledge, version: int, records: Collection[str]) -> r.Knowledge:
    """`held` with `records` (``"service:ankerstadt/rathaus"``) as they are published now, as `version`; the others are the same objects.

    Raises KnowledgeUnavailable where the database does not answer.
    """
    read = RecordsReader(session, held.municipality.id, frozenset(records))
    try:
        return replace(
            held,
            version=version,
            organizations=read.onto(held.organizations, "organization", read.organizations),
            locations=read.onto(held.locations, "location", read.locations),
            services=read.onto(held.services, "service", read.services),
            articles=read.onto(held.articles, "article", read.articles),
            contacts=read.onto(held.contacts, "contact", read.contacts),
            pages=read.onto(held.pages, "page", read.pages),
            loaded_at=datetime.now(UTC),
        )
    except SQLAlchemyError as error:
        raise KnowledgeUnavailable("knowledge.unavailable", reason=type(error).__name__) from error
