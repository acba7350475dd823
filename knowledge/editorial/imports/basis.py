"""What a file was made from: the document with which both sides, the file's and the desk's, are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import digest
from knowledge.editorial.imports.known import Known, chunks
from knowledge.editorial.records import aware
from knowledge.editorial.sync import FACTS_OF_THE_DAY
from knowledge.exchange.batch import Batch
from knowledge.store.desk_tables import RevisionRow


@dataclass(frozen=True, slots=True)
class Basis:
    """`document` is what the file was made from, None where only the moment is known. `said` is the digest of what the same source said
    the last time. Everything at the desk that is newer than `at` the file cannot know."""

    document: Mapping[str, Any] | None
    at: datetime | None
    said: str | None = None
    # Whether `at` is the moment at which the file itself was written, so that it shows the desk as it was then.
    exported: bool = False


def lasting(document: Mapping[str, Any]) -> dict[str, Any]:
    """Without the facts of the day, which change by one click and without a revision."""
    return {name: value for name, value in document.items() if name not in FACTS_OF_THE_DAY}


def said_by(document: Mapping[str, Any]) -> str:
    """The digest of what a source says about a record."""
    return digest(lasting(document))


def find_bases(session: Session, known: Known, batch: Batch) -> dict[str, Basis]:
    """Key -> basis: the revision that the file names, else what came from the same source the last time. None where neither is known."""
    numbers: dict[str, int] = {}
    exported: dict[str, datetime] = {}
    for (kind, id), number in batch.revisions.items():
        numbers[f"{kind}:{known.municipality}/{id}"] = number
    for (kind, id), moment in batch.exported.items():
        exported[f"{kind}:{known.municipality}/{id}"] = moment
    found = _by_number(session, known, numbers, exported)
    return found | _by_memory(session, known, [key for key in known.memory if key not in found])


def _by_number(session: Session, known: Known, numbers: Mapping[str, int], exported: Mapping[str, datetime]) -> dict[str, Basis]:
    found: dict[str, Basis] = {}
    older: list[str] = []
    for key, number in numbers.items():
        record = known.records.get(key)
        if record is not None and record.newest == number:
            found[key] = Basis(record.body, exported.get(key, record.at), exported=key in exported)
        elif record is not None:
            older.append(key)
    table = RevisionRow
    for part in chunks(sorted(older)):
        wanted = {numbers[key] for key in part}
        rows = select(table.record_id, table.number, table.body, table.at).where(table.record_id.in_(part), table.number.in_(wanted))
        for row in session.execute(rows):
            if numbers[row.record_id] == row.number:
                moment = exported.get(row.record_id, aware(row.at))
                found[row.record_id] = Basis(row.body, moment, exported=row.record_id in exported)
    return found


def _by_memory(session: Session, known: Known, keys: list[str]) -> dict[str, Basis]:
    """The revision that the last import wrote, by its digest."""
    found: dict[str, Basis] = {}
    changed: list[str] = []
    for key in keys:
        said, at = known.memory[key]
        if said_by(known.records[key].body) == said:
            found[key] = Basis(known.records[key].body, at, said)
        else:
            found[key] = Basis(None, at, said)
            changed.append(key)
    table = RevisionRow
    for part in chunks(sorted(changed)):
        rows = select(table.record_id, table.body).where(table.record_id.in_(part)).order_by(table.number)
        for row in session.execute(rows):
            said, at = known.memory[row.record_id]
            if said_by(row.body) == said:
                found[row.record_id] = Basis(row.body, at, said)
    return found
