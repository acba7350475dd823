"""Write documents into the published tables: new records are inserted, known ones updated, and what belongs to them is put in anew.

Used by the editors' desk for one record and by imports for thousands. The caller writes the texts (`TextWriter`), raises the
version (`touch`) and commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.documents import models as m
from knowledge.domain.hours import WEEKDAYS
from knowledge.store import tables as t
from knowledge.store.writer import insert_rows, portions, replace_children

TABLES: dict[str, Any] = {
    "organization": t.OrganizationRow,
    "location": t.LocationRow,
    "contact": t.ContactRow,
    "service": t.ServiceRow,
    "article": t.ArticleRow,
    "page": t.PageRow,
}


@dataclass
class DocumentWriter:
    """Writes for one municipality within one transaction.

    With `in_order` the records come in the order of the documents (a whole folder); otherwise a known record keeps its place and a
    new one comes last.
    """

    session: Session
    municipality_id: str
    in_order: bool = False
    _positions: dict[type, int] = field(default_factory=dict)

    def key(self, local: str) -> str:
        """Primary key of the record with this local id."""
        return f"{self.municipality_id}/{local}"

    def write(self, kind: str, documents: Sequence[m.Document]) -> None:
        """Write documents of one kind. What they point at must be there already (the order of `MODELS`)."""
        getattr(self, f"_{kind}s")(documents)

    def _upsert(self, table: Any, rows: Mapping[str, dict[str, Any]]) -> None:
        """Insert or update rows (local id -> values) in a few statements, however many they are."""
        keys = {self.key(local): values for local, values in rows.items()}
        known: dict[str, Any] = {}
        for part in portions(list(keys)):
            known |= {row.id: row for row in self.session.scalars(select(table).where(table.id.in_(part)))}
        new = []
        for number, (key, values) in enumerate(keys.items()):
            if key in known:
                for name, value in (values | ({"position": number} if self.in_order else {})).items():
                    setattr(known[key], name, value)
            else:
                position = number if self.in_order else self._last(table)
                new.append({"id": key, "municipality_id": self.municipality_id, "position": position, **values})
        self.session.flush()
        insert_rows(self.session, table, new)

    def _last(self, table: Any) -> int:
        if table not in self._positions:
            highest = select(func.max(table.position)).where(table.municipality_id == self.municipality_id)
            self._positions[table] = self.session.scalar(highest) or 0
        self._positions[table] += 1
        return self._positions[table]

    def _optional(self, local: str | None) -> str | None:
        return self.key(local) if local else None

    def _organizations(self, documents: Sequence[m.OrganizationModel]) -> None:
        self._upsert(t.OrganizationRow, {one.id: {"kind": one.kind, "website": one.website, "email": one.email} for one in documents})

    def _locations(self, documents: Sequence[m.LocationModel]) -> None:
        rows = {
            one.id: {
                "district_id": self._optional(one.district),
                "address_1": one.address.street,
                "postal_code": one.address.postal_code,
                "city": one.address.city,
                "latitude": one.latitude,
                "longitude": one.longitude,
                "confidential": one.confidential,
            }
            for one in documents
        }
        self._upsert(t.LocationRow, rows)
        features = [
            {"location_id": self.key(one.id), "description": feature} for one in documents for feature in dict.fromkeys(one.accessibility)
        ]
        keys = [self.key(one.id) for one in documents]
        replace_children(self.session, t.AccessibilityRow, t.AccessibilityRow.location_id, keys, features)

    def _contacts(self, documents: Sequence[m.ContactModel]) -> None:
        rows = {
            one.id: {
                "organization_id": self._optional(one.organization),
                "email": one.email,
                "phones": [{"number": phone.number, "kind": phone.kind} for phone in one.phones],
            }
            for one in documents
        }
        self._upsert(t.ContactRow, rows)

    def _pages(self, documents: Sequence[m.PageModel]) -> None:
        rows = {
            one.id: {
                "parent_id": self._optional(one.parent),
                "order": one.order,
                "topic": one.topic,
                "url": one.url,
                "checked_on": one.checked_on,
            }
            for one in documents
        }
        self._upsert(t.PageRow, rows)

    def _services(self, documents: Sequence[m.ServiceModel]) -> None:
        rows = {
            one.id: {
                "organization_id": self.key(one.organization),
                "contact_id": self._optional(one.contact),
                "email": one.email,
                "website": one.website,
                "appointment": one.appointment.value if one.appointment else None,
                "cost_free": one.cost.free,
                "cost_amount": one.cost.amount,
                "cost_currency": one.cost.currency,
                "capacity_state": one.capacity.state.value,
                "capacity_wait_days": one.capacity.wait_days,
                "capacity_as_of": one.capacity.as_of,
                "closed_since": one.closed.since if one.closed else None,
                "closed_until": one.closed.until if one.closed else None,
                "assured_date": one.checked_on,
                "audience": one.audience,
                "also": one.also,
            }
            for one in documents
        }
        self._upsert(t.ServiceRow, rows)
        keys = [self.key(one.id) for one in documents]
        topics = [
            {"service_id": self.key(s.id), "topic": topic, "position": n}
            for s in documents
            for n, topic in enumerate(dict.fromkeys(s.topics))
        ]
        replace_children(self.session, t.ServiceTopicRow, t.ServiceTopicRow.service_id, keys, topics)
        languages = {
            (s.id, x.language, x.mode): {
                "service_id": self.key(s.id),
                "code": x.language,
                "mode": x.mode.value,
                "position": n,
                "days": x.days,
            }
            for s in documents
            for n, x in enumerate(s.languages)
        }
        replace_children(self.session, t.LanguageRow, t.LanguageRow.service_id, keys, languages.values())
        phones = {
            (s.id, p.number): {"service_id": self.key(s.id), "number": p.number, "type": p.kind, "position": n}
            for s in documents
            for n, p in enumerate(s.phones)
        }
        replace_children(self.session, t.PhoneRow, t.PhoneRow.service_id, keys, phones.values())
        self._places(documents, keys)

    def _places(self, documents: Sequence[m.ServiceModel], service_keys: list[str]) -> None:
        at = t.ServiceAtLocationRow
        old = [id for id, _, _ in self._at(service_keys)]
        replace_children(self.session, t.ScheduleRow, t.ScheduleRow.service_at_location_id, old, ())
        replace_children(self.session, t.ScheduleExceptionRow, t.ScheduleExceptionRow.service_at_location_id, old, ())
        places = {(self.key(service.id), n): place for service in documents for n, place in enumerate(service.at)}
        rows = [
            {
                "service_id": service,
                "location_id": self.key(place.location),
                "closed_on_holidays": place.closed_on_holidays,
                "position": n,
            }
            for (service, n), place in places.items()
        ]
        replace_children(self.session, at, at.service_id, service_keys, rows)
        # The database has numbered them.
        ids = {(service, n): id for id, service, n in self._at(service_keys)}
        hours = [{"service_at_location_id": ids[key], **values} for key, place in places.items() for values in schedule_values(place.hours)]
        insert_rows(self.session, t.ScheduleRow, hours)
        exceptions = [
            {
                "service_at_location_id": ids[key],
                "day": x.date,
                "opens_at": None if x.closed else x.opens,
                "closes_at": None if x.closed else x.closes,
            }
            for key, place in places.items()
            for x in place.exceptions
        ]
        insert_rows(self.session, t.ScheduleExceptionRow, exceptions)

    def _at(self, service_keys: list[str]) -> Iterator[tuple[int, str, int]]:
        """(number in the database, service, position) of the places of services."""
        at = t.ServiceAtLocationRow
        for part in portions(service_keys):
            for row in self.session.execute(select(at.id, at.service_id, at.position).where(at.service_id.in_(part))):
                yield row.id, row.service_id, row.position

    def _articles(self, documents: Sequence[m.ArticleModel]) -> None:
        rows = {
            one.id: {
                "topic": one.topic,
                "audience": one.audience,
                "source_title": one.source.title,
                "source_url": one.source.url,
                "source_level": one.source.level.value,
                "checked_on": one.checked_on,
            }
            for one in documents
        }
        self._upsert(t.ArticleRow, rows)
        keys = [self.key(one.id) for one in documents]
        links = [
            {"article_id": self.key(one.id), "service_id": self.key(service), "position": n}
            for one in documents
            for n, service in enumerate(dict.fromkeys(one.services))
        ]
        replace_children(self.session, t.ArticleServiceRow, t.ArticleServiceRow.article_id, keys, links)


def schedule_values(hours: str | Iterable[m.HoursModel]) -> Iterable[dict[str, Any]]:
    """Columns of `ScheduleRow` for weekly rules, or for ``"24/7"``."""
    if isinstance(hours, str):
        yield {"byday": list(WEEKDAYS), "opens_at": "00:00", "closes_at": "24:00", "valid_from": None, "valid_to": None}
        return
    for rule in hours:
        yield {
            "byday": rule.days,
            "opens_at": rule.opens,
            "closes_at": rule.closes,
            "valid_from": rule.valid_from,
            "valid_to": rule.valid_to,
        }
