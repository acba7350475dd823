"""The texts of a folder that was read, and their translations, into revisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from knowledge.documents.checks import TextValue
from knowledge.exchange.newcomer.reader import CityFolder, kind_of
from knowledge.store.texts import as_body
from knowledge.store.writer import TextWriter

# Translation file -> tables whose records it may hold (the municipality's file also has districts and helplines).
_TABLES = {
    "organizations": "organization",
    "locations": "location",
    "contacts": "contact",
    "services": "service",
    "articles": "article",
    "pages": "page",
}


def import_texts(session: Session, city: CityFolder) -> tuple[int, int]:
    """Write them; returns how many texts and how many translations have changed."""
    writer = TextWriter(session, city.municipality.id)
    texts = _sources(writer, city)
    session.flush()
    return texts, _translations(writer, city)


def _sources(writer: TextWriter, city: CityFolder) -> int:
    town = city.municipality
    records: list[tuple[str, dict[str, TextValue]]] = [(f"municipality:{town.id}", town.texts)]
    groups: list[tuple[str, Sequence[Any]]] = [("district", town.districts), ("helpline", town.helplines), *city.by_kind.items()]
    for table, group in groups:
        records += [(f"{table}:{town.id}/{one.id}", one.texts) for one in group]
    changed = 0
    for record, texts in records:
        bodies = {field: as_body(value) for field, value in texts.items()}
        # What is left out of a record that is there has been taken out by somebody.
        bodies |= {field: "" for field in writer.fields(record) if field not in bodies}
        changed += sum(writer.source(record, field, town.source_language, body) for field, body in bodies.items())
    return changed


def _translations(writer: TextWriter, city: CityFolder) -> int:
    changed = 0
    for (language, stem), file in city.translations.items():
        for local, texts in file.texts.items():
            record = _record(city, kind_of(stem), local)
            for field, value in texts.items():
                changed += writer.translation(record, field, language, as_body(value), machine=file.machine, reviewed_by=file.reviewed_by)
    return changed


def _record(city: CityFolder, kind: str, local: str) -> str:
    town = city.municipality
    if kind == "municipality":
        if any(local == one.id for one in town.districts):
            return f"district:{town.id}/{local}"
        if any(local == one.id for one in town.helplines):
            return f"helpline:{town.id}/{local}"
        return f"municipality:{local}"
    if kind == "articles" and ":" not in local:
        return f"article:{town.id}/{local}:everyone"
    return f"{_TABLES[kind]}:{town.id}/{local}"
