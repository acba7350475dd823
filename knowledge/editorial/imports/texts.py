"""Texts and translations of many records at once: read in a few queries, written in a few more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.editorial.imports.known import chunks
from knowledge.editorial.imports.outcome import NewTranslation
from knowledge.editorial.pending import release, revive
from knowledge.store.desk_tables import PendingTranslationRow, RecordRow
from knowledge.store.tables import TextRevisionRow, TextTranslationRow
from knowledge.store.texts import as_body
from knowledge.store.writer import insert_rows

_ROWS_AT_ONCE = 5_000


@dataclass
class BulkTexts:
    """Writes for one municipality within one transaction; `keys` are the records that it will be asked about."""

    session: Session
    municipality: str
    language: str
    moment: datetime
    keys: Sequence[str]
    _newest: dict[str, dict[str, tuple[int, str, str]]] = field(default_factory=dict)
    # Words that a field had before the newest ones: where they come back, their translations do, too.
    _earlier: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _waiting: set[str] = field(default_factory=set)
    _texts: list[dict[str, Any]] = field(default_factory=list)
    _translations: list[dict[str, Any]] = field(default_factory=list)
    _pending: list[dict[str, Any]] = field(default_factory=list)
    _back: dict[str, list[str]] = field(default_factory=dict)
    _replaced: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        table, waiting = TextRevisionRow, PendingTranslationRow.record_id
        for part in chunks(self.keys):
            columns = (table.record, table.field, table.number, table.body, table.language)
            for row in self.session.execute(select(*columns).where(table.record.in_(part)).order_by(table.number)):
                before = self._newest.setdefault(row.record, {}).get(row.field)
                if before is not None:
                    self._earlier.setdefault((row.record, row.field), set()).add(before[1])
                self._newest[row.record][row.field] = (row.number, row.body, row.language)
            self._waiting.update(self.session.scalars(select(waiting).where(waiting.in_(part)).distinct()))

    def sources(self, record: str, texts: Mapping[str, str | list[str]]) -> list[str]:
        """The words of a document that becomes public; returns the names of the fields that changed. Fields it lacks are taken away."""
        known = self._newest.setdefault(record, {})
        bodies = {name: as_body(value) for name, value in texts.items()}
        bodies |= {name: "" for name in known if name not in bodies}
        changed = []
        for name, body in bodies.items():
            before = known.get(name)
            if (before is None and not body) or (before is not None and before[1:] == (body, self.language)):
                continue
            number = before[0] + 1 if before else 1
            self._texts.append(self._row(record, name, body, number=number, language=self.language, minor=False))
            known[name] = (number, body, self.language)
            changed.append(name)
            if body and body in self._earlier.get((record, name), ()):
                self._back.setdefault(record, []).append(name)
        return changed

    def public_translation(self, record: str, text: NewTranslation) -> bool:
        """A translation of the public words; False where those are others."""
        source = self._newest.get(record, {}).get(text.field)
        if source is None or source[1] != text.source:
            return False
        fields = {"of_number": source[0], "language": text.language, "machine": text.machine, "reviewed_by": text.reviewed_by}
        self._translations.append(self._row(record, text.field, text.body, **fields))
        self._replaced.append((record, text.field, text.language))
        return True

    def pending_translation(self, record: str, text: NewTranslation, author: str) -> None:
        """A translation that waits until its words are public."""
        self._replaced.append((record, text.field, text.language))
        self._pending.append(
            {
                "record_id": record,
                "field": text.field,
                "language": text.language,
                "of_text": text_digest(text.source),
                "body": text.body,
                "machine": text.machine,
                "reviewed_by": text.reviewed_by,
                "author": author,
                "at": self.moment,
            }
        )

    def _row(self, record: str, name: str, body: str, **more: Any) -> dict[str, Any]:
        return {"municipality_id": self.municipality, "record": record, "field": name, "body": body, "created_at": self.moment, **more}

    def write(self, published: Mapping[str, RecordRow]) -> None:
        """Write everything that was asked for since the last time. `published` are the records that have just become public."""
        insert_all(self.session, TextRevisionRow, self._texts)
        # Words that return, and words that waited, bring their translations; what the file brings comes last and counts.
        for record, names in self._back.items():
            if record in published:
                revive(self.session, published[record], names)
        table = PendingTranslationRow
        for record, name, language in self._replaced:
            if record in self._waiting:
                self.session.execute(delete(table).where(table.record_id == record, table.field == name, table.language == language))
        for record in sorted(self._waiting & set(published)):
            release(self.session, published[record])
        insert_all(self.session, TextTranslationRow, self._translations)
        insert_all(self.session, PendingTranslationRow, self._pending)
        self._texts, self._translations, self._pending, self._back, self._replaced = [], [], [], {}, []


def insert_all(session: Session, table: type, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows of one shape, some thousand at a time."""
    found = list(rows)
    for start in range(0, len(found), _ROWS_AT_ONCE):
        insert_rows(session, table, found[start : start + _ROWS_AT_ONCE])
