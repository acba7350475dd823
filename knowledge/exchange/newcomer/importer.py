"""Put a folder that was read into the database, in one transaction: all of it, or nothing if anything breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.exchange.newcomer.reader import CityFolder
from knowledge.exchange.newcomer.text_importer import import_texts
from knowledge.store import tables as t
from knowledge.store.changes import touch
from knowledge.store.document_writer import TABLES, DocumentWriter, schedule_values
from knowledge.store.writer import replace_children


@dataclass
class ImportReport:
    """What an import did."""

    municipality: str
    organizations: int = 0
    locations: int = 0
    services: int = 0
    articles: int = 0
    texts_changed: int = 0
    translations_changed: int = 0
    removed: int = 0


def import_folder(session: Session, city: CityFolder, *, replace: bool = False) -> ImportReport:
    """Write `city`; with `replace`, records of the municipality that the folder does not have are taken out.

    Nothing is taken out while records are rejected: a typing error in a file must not delete what it stands for.
    The caller commits.
    """
    return _Import(session, city).run(replace)


class _Import:
    def __init__(self, session: Session, city: CityFolder) -> None:
        self.session = session
        self.city = city
        self.town = city.municipality
        self.report = ImportReport(self.town.id)

    def key(self, local: str) -> str:
        return f"{self.town.id}/{local}"

    def run(self, replace: bool) -> ImportReport:
        self._municipality()
        writer = DocumentWriter(self.session, self.town.id, in_order=True)
        for kind, documents in self.city.by_kind.items():
            writer.write(kind, documents)
        self.report.organizations = len(self.city.organizations)
        self.report.locations = len(self.city.locations)
        self.report.services = len(self.city.services)
        self.report.articles = len(self.city.articles)
        if replace and not self.city.rejected:
            self._remove_absent()
        self.report.texts_changed, self.report.translations_changed = import_texts(self.session, self.city)
        touch(self.session, self.town.id)
        self.session.flush()
        return self.report

    def _upsert(self, table: type, key: str, **values: Any) -> None:
        row = self.session.get(table, key)
        if row is None:
            self.session.add(table(id=key, **values))
            return
        for name, value in values.items():
            setattr(row, name, value)

    def _municipality(self) -> None:
        town = self.town
        if self.session.get(t.MunicipalityRow, town.id) is None:
            self.session.add(t.MunicipalityRow(id=town.id, version=0, changed_at=datetime.now(UTC), **self._town_values()))
        else:
            self._upsert(t.MunicipalityRow, town.id, **self._town_values())
        self.session.flush()
        for position, district in enumerate(town.districts):
            self._upsert(
                t.DistrictRow,
                self.key(district.id),
                municipality_id=town.id,
                position=position,
                latitude=district.latitude,
                longitude=district.longitude,
                also=district.also,
            )
        for position, line in enumerate(town.helplines):
            self._upsert(
                t.HelplineRow,
                self.key(line.id),
                municipality_id=town.id,
                position=position,
                number=line.number,
                kinds=line.kinds,
                languages=line.languages,
                closed_on_holidays=False,
            )
        self.session.flush()
        rules = [{"helpline_id": self.key(line.id), **values} for line in town.helplines for values in schedule_values(line.hours)]
        replace_children(self.session, t.ScheduleRow, t.ScheduleRow.helpline_id, [self.key(x.id) for x in town.helplines], rules)

    def _town_values(self) -> dict[str, Any]:
        town = self.town
        return {
            "source_language": town.source_language,
            "country": town.country,
            "subdivision": town.subdivision,
            "timezone": town.timezone,
            "website": town.website,
            "information_point": self.key(town.information_point) if town.information_point else None,
        }

    def _remove_absent(self) -> None:
        """Children go by the database's own cascade; texts have no foreign key and are taken out by hand."""
        groups: list[tuple[Any, str, Sequence[Any]]] = [  # those that point at others first
            *((TABLES[kind], kind, documents) for kind, documents in reversed(self.city.by_kind.items())),
            (t.HelplineRow, "helpline", self.town.helplines),
            (t.DistrictRow, "district", self.town.districts),
        ]
        for table, name, records in groups:
            present = {self.key(one.id) for one in records}
            known = set(self.session.scalars(select(table.id).where(table.municipality_id == self.town.id)))
            for key in sorted(known - present):
                for texts in (t.TextTranslationRow, t.TextRevisionRow):
                    self.session.execute(delete(texts).where(texts.record == f"{name}:{key}"))
                self.session.execute(delete(table).where(table.id == key))
                self.report.removed += 1
