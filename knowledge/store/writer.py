"""Write records into the tables: new ones are inserted, known ones updated, texts get a new revision only where they changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knowledge.store import tables as t


@dataclass
class TextWriter:
    """Adds revisions and translations of texts for one municipality within one transaction."""

    session: Session
    municipality_id: str

    def __post_init__(self) -> None:
        self._now = datetime.now(UTC)
        self._newest: dict[tuple[str, str], t.TextRevisionRow] = {}
        self._translated: dict[tuple[str, str, str], t.TextTranslationRow] = {}
        self._fields: dict[str, set[str]] = {}
        for row in self._all(t.TextRevisionRow, t.TextRevisionRow.number):
            self._newest[row.record, row.field] = row
            self._fields.setdefault(row.record, set()).add(row.field)
        for translated in self._all(t.TextTranslationRow, t.TextTranslationRow.id):
            self._translated[translated.record, translated.field, translated.language] = translated

    def _all(self, table: Any, order: Any) -> Iterable[Any]:
        return self.session.scalars(select(table).where(table.municipality_id == self.municipality_id).order_by(order))

    def fields(self, record: str) -> list[str]:
        """Names of the texts that `record` had when the writer was made."""
        return sorted(self._fields.get(record, ()))

    def source(self, record: str, field: str, language: str, body: str, *, minor: bool = False) -> bool:
        """Store the source text; returns whether it changed. An empty body takes the text away and keeps its history."""
        newest = self._newest.get((record, field))
        if newest is not None and newest.body == body and newest.language == language:
            return False
        if newest is None and not body:
            return False
        row = t.TextRevisionRow(
            municipality_id=self.municipality_id,
            record=record,
            field=field,
            number=newest.number + 1 if newest else 1,
            language=language,
            body=body,
            minor=minor and newest is not None,
            created_at=self._now,
        )
        self.session.add(row)
        self._newest[record, field] = row
        return True

    def translation(self, record: str, field: str, language: str, body: str, *, machine: bool, reviewed_by: str | None) -> bool:
        """Store a translation of the newest revision; returns whether anything changed."""
        source = self._newest.get((record, field))
        if source is None or not body:
            return False
        known = self._translated.get((record, field, language))
        if known is not None and (known.body, known.machine, known.reviewed_by) == (body, machine, reviewed_by):
            # The same words again do not become a translation of a newer text by being imported again.
            return False
        row = t.TextTranslationRow(
            municipality_id=self.municipality_id,
            record=record,
            field=field,
            of_number=source.number,
            language=language,
            body=body,
            machine=machine,
            reviewed_by=reviewed_by,
            created_at=self._now,
        )
        self.session.add(row)
        self._translated[record, field, language] = row
        return True


def replace_children(session: Session, table: Any, column: Any, parents: Sequence[object], rows: Iterable[dict[str, Any]]) -> None:
    """Put `rows` in the place of all rows of `table` whose `column` is one of `parents`."""
    for part in portions(parents):
        session.execute(delete(table).where(column.in_(part)))
    insert_rows(session, table, rows)


def insert_rows(session: Session, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows that have the same columns, without making an object of each: an import has a hundred thousand."""
    found = list(rows)
    if found:
        session.flush()
        session.connection().execute(table.__table__.insert(), found)


def portions(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """`keys` in parts that one statement can take: below the number of parameters that databases accept."""
    for start in range(0, len(keys), 500):
        yield keys[start : start + 500]


def remove_municipality(session: Session, municipality_id: str) -> bool:
    """Delete a municipality with everything it has; returns whether it was there."""
    if session.get(t.MunicipalityRow, municipality_id) is None:
        return False
    own = select(t.ServiceRow.id).where(t.ServiceRow.municipality_id == municipality_id)
    places = select(t.ServiceAtLocationRow.id).where(t.ServiceAtLocationRow.service_id.in_(own))
    helplines = select(t.HelplineRow.id).where(t.HelplineRow.municipality_id == municipality_id)
    session.execute(delete(t.ScheduleRow).where(t.ScheduleRow.service_at_location_id.in_(places)))
    session.execute(delete(t.ScheduleRow).where(t.ScheduleRow.helpline_id.in_(helplines)))
    session.execute(delete(t.ScheduleExceptionRow).where(t.ScheduleExceptionRow.service_at_location_id.in_(places)))
    articles = select(t.ArticleRow.id).where(t.ArticleRow.municipality_id == municipality_id)
    session.execute(delete(t.ArticleServiceRow).where(t.ArticleServiceRow.article_id.in_(articles)))
    for child in (t.ServiceTopicRow, t.LanguageRow, t.PhoneRow, t.ServiceAtLocationRow):
        session.execute(delete(child).where(child.service_id.in_(own)))
    locations = select(t.LocationRow.id).where(t.LocationRow.municipality_id == municipality_id)
    session.execute(delete(t.AccessibilityRow).where(t.AccessibilityRow.location_id.in_(locations)))
    for table in (
        t.TextTranslationRow,
        t.TextRevisionRow,
        t.ArticleRow,
        t.ServiceRow,
        t.PageRow,
        t.ContactRow,
        t.LocationRow,
        t.OrganizationRow,
        t.HelplineRow,
        t.DistrictRow,
    ):
        session.execute(delete(table).where(table.municipality_id == municipality_id))
    session.execute(delete(t.MunicipalityRow).where(t.MunicipalityRow.id == municipality_id))
    return True


def count(session: Session, table: type) -> int:
    """Number of rows of `table`."""
    return session.scalar(select(func.count()).select_from(table)) or 0
