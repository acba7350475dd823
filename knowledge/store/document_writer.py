"""Write documents into the published tables: new records are inserted, known ones updated, and what belongs to them is put in anew.

Used by the editors' desk for one record and by imports for thousands. The caller writes the texts (`TextWriter`), raises the
version (`touch`) and commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.documents import models as m
from knowledge.domain.hours import WEEKDAYS
from knowledge.store import tables as t
from knowledge.store.writer import replace_children

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

    def _upsert(self, table: Any, local: str, number: int, **values: Any) -> None:
        key = self.key(local)
        row = self.session.get(table, key)
        if row is None:
            position = number if self.in_order else self._last(table)
            self.session.add(table(id=key, municipality_id=self.municipality_id, position=position, **values))
            return
        if self.in_order:
            values["position"] = number
        for name, value in values.items():
            setattr(row, name, value)

    def _last(self, table: Any) -> int:
        if table not in self._positions:
            highest = select(func.max(table.position)).where(table.municipality_id == self.municipality_id)
            self._positions[table] = self.session.scalar(highest) or 0
        self._positions[table] += 1
        return self._positions[table]

    def _optional(self, local: str | None) -> str | None:
        return self.key(local) if local else None

    def _organizations(self, documents: Sequence[m.OrganizationModel]) -> None:
        for number, one in enumerate(documents):
            self._upsert(t.OrganizationRow, one.id, number, kind=one.kind, website=one.website, email=one.email)
        self.session.flush()

    def _locations(self, documents: Sequence[m.LocationModel]) -> None:
        for number, one in enumerate(documents):
            self._upsert(
                t.LocationRow,
                one.id,
                number,
                district_id=self._optional(one.district),
                address_1=one.address.street,
                postal_code=one.address.postal_code,
                city=one.address.city,
                latitude=one.latitude,
                longitude=one.longitude,
                confidential=one.confidential,
            )
        self.session.flush()
        features = [
            t.AccessibilityRow(location_id=self.key(one.id), description=feature)
            for one in documents
            for feature in dict.fromkeys(one.accessibility)
        ]
        keys = [self.key(one.id) for one in documents]
        replace_children(self.session, t.AccessibilityRow, t.AccessibilityRow.location_id, keys, features)

    def _contacts(self, documents: Sequence[m.ContactModel]) -> None:
        for number, one in enumerate(documents):
            phones = [{"number": phone.number, "kind": phone.kind} for phone in one.phones]
            self._upsert(t.ContactRow, one.id, number, organization_id=self._optional(one.organization), email=one.email, phones=phones)
        self.session.flush()

    def _pages(self, documents: Sequence[m.PageModel]) -> None:
        for number, one in enumerate(documents):
            self._upsert(
                t.PageRow,
                one.id,
                number,
                parent_id=self._optional(one.parent),
                order=one.order,
                topic=one.topic,
                url=one.url,
                checked_on=one.checked_on,
            )
        self.session.flush()

    def _services(self, documents: Sequence[m.ServiceModel]) -> None:
        for number, one in enumerate(documents):
            self._upsert(
                t.ServiceRow,
                one.id,
                number,
                organization_id=self.key(one.organization),
                contact_id=self._optional(one.contact),
                email=one.email,
                website=one.website,
                appointment=one.appointment.value if one.appointment else None,
                cost_free=one.cost.free,
                cost_amount=one.cost.amount,
                cost_currency=one.cost.currency,
                capacity_state=one.capacity.state.value,
                capacity_wait_days=one.capacity.wait_days,
                capacity_as_of=one.capacity.as_of,
                closed_since=one.closed.since if one.closed else None,
                closed_until=one.closed.until if one.closed else None,
                assured_date=one.checked_on,
                audience=one.audience,
                also=one.also,
            )
        self.session.flush()
        keys = [self.key(one.id) for one in documents]
        topics = [
            t.ServiceTopicRow(service_id=self.key(s.id), topic=topic, position=n)
            for s in documents
            for n, topic in enumerate(dict.fromkeys(s.topics))
        ]
        replace_children(self.session, t.ServiceTopicRow, t.ServiceTopicRow.service_id, keys, topics)
        languages = {
            (s.id, x.language, x.mode): t.LanguageRow(
                service_id=self.key(s.id), code=x.language, mode=x.mode.value, position=n, days=x.days
            )
            for s in documents
            for n, x in enumerate(s.languages)
        }
        replace_children(self.session, t.LanguageRow, t.LanguageRow.service_id, keys, languages.values())
        phones = {
            (s.id, p.number): t.PhoneRow(service_id=self.key(s.id), number=p.number, type=p.kind, position=n)
            for s in documents
            for n, p in enumerate(s.phones)
        }
        replace_children(self.session, t.PhoneRow, t.PhoneRow.service_id, keys, phones.values())
        self._places(documents, keys)

    def _places(self, documents: Sequence[m.ServiceModel], service_keys: list[str]) -> None:
        at = t.ServiceAtLocationRow
        old: list[int] = []
        for start in range(0, len(service_keys), 500):
            old += self.session.scalars(select(at.id).where(at.service_id.in_(service_keys[start : start + 500])))
        replace_children(self.session, t.ScheduleRow, t.ScheduleRow.service_at_location_id, old, ())
        replace_children(self.session, t.ScheduleExceptionRow, t.ScheduleExceptionRow.service_at_location_id, old, ())
        rows = [
            (
                place,
                at(
                    service_id=self.key(service.id),
                    location_id=self.key(place.location),
                    closed_on_holidays=place.closed_on_holidays,
                    position=n,
                ),
            )
            for service in documents
            for n, place in enumerate(service.at)
        ]
        replace_children(self.session, at, at.service_id, service_keys, [row for _, row in rows])
        for place, row in rows:
            self.session.add_all(t.ScheduleRow(service_at_location_id=row.id, **values) for values in schedule_values(place.hours))
            self.session.add_all(
                t.ScheduleExceptionRow(
                    service_at_location_id=row.id,
                    day=x.date,
                    opens_at=None if x.closed else x.opens,
                    closes_at=None if x.closed else x.closes,
                )
                for x in place.exceptions
            )
        self.session.flush()

    def _articles(self, documents: Sequence[m.ArticleModel]) -> None:
        for number, one in enumerate(documents):
            self._upsert(
                t.ArticleRow,
                one.id,
                number,
                topic=one.topic,
                audience=one.audience,
                source_title=one.source.title,
                source_url=one.source.url,
                source_level=one.source.level.value,
                checked_on=one.checked_on,
            )
        self.session.flush()
        keys = [self.key(one.id) for one in documents]
        links = [
            t.ArticleServiceRow(article_id=self.key(one.id), service_id=self.key(service), position=n)
            for one in documents
            for n, service in enumerate(dict.fromkeys(one.services))
        ]
        replace_children(self.session, t.ArticleServiceRow, t.ArticleServiceRow.article_id, keys, links)


def schedule_values(hours: str | Iterable[m.HoursModel]) -> Iterable[dict[str, Any]]:
    """Columns of `ScheduleRow` for weekly rules, or for ``"24/7"``."""
    if isinstance(hours, str):
        yield {"byday": list(WEEKDAYS), "opens_at": "00:00", "closes_at": "24:00"}
        return
    for rule in hours:
        yield {
            "byday": rule.days,
            "opens_at": rule.opens,
            "closes_at": rule.closes,
            "valid_from": rule.valid_from,
            "valid_to": rule.valid_to,
        }
