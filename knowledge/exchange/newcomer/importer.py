"""Put a folder that was read into the database, in one transaction: all of it, or nothing if anything breaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.documents import models as m
from knowledge.exchange.newcomer.reader import CityFolder
from knowledge.exchange.newcomer.text_importer import import_texts
from knowledge.store import tables as t
from knowledge.store.writer import replace_children, touch


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
        self._organizations()
        self._locations()
        self._services()
        self._articles()
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
        rules = [
            t.ScheduleRow(helpline_id=self.key(line.id), **values) for line in town.helplines for values in _schedule_values(line.hours)
        ]
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

    def _organizations(self) -> None:
        for position, one in enumerate(self.city.organizations):
            self._upsert(
                t.OrganizationRow,
                self.key(one.id),
                municipality_id=self.town.id,
                position=position,
                kind=one.kind,
                website=one.website,
                email=one.email,
            )
        self.report.organizations = len(self.city.organizations)
        self.session.flush()

    def _locations(self) -> None:
        for position, one in enumerate(self.city.locations):
            self._upsert(
                t.LocationRow,
                self.key(one.id),
                municipality_id=self.town.id,
                position=position,
                district_id=self.key(one.district) if one.district else None,
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
            for one in self.city.locations
            for feature in dict.fromkeys(one.accessibility)
        ]
        keys = [self.key(one.id) for one in self.city.locations]
        replace_children(self.session, t.AccessibilityRow, t.AccessibilityRow.location_id, keys, features)
        self.report.locations = len(keys)

    def _services(self) -> None:
        services = self.city.services
        for position, one in enumerate(services):
            self._upsert(
                t.ServiceRow,
                self.key(one.id),
                municipality_id=self.town.id,
                position=position,
                organization_id=self.key(one.organization),
                email=one.email,
                website=one.website,
                appointment=one.appointment.value if one.appointment else None,
                cost_free=one.cost.free,
                cost_amount=one.cost.amount,
                cost_currency=one.cost.currency,
                capacity_state=one.capacity.state.value,
                capacity_wait_days=one.capacity.wait_days,
                capacity_as_of=one.capacity.as_of,
                assured_date=one.checked_on,
                audience=one.audience,
                also=one.also,
            )
        self.session.flush()
        keys = [self.key(one.id) for one in services]
        topics = [
            t.ServiceTopicRow(service_id=self.key(s.id), topic=topic, position=n)
            for s in services
            for n, topic in enumerate(dict.fromkeys(s.topics))
        ]
        replace_children(self.session, t.ServiceTopicRow, t.ServiceTopicRow.service_id, keys, topics)
        languages = {
            (s.id, x.language, x.mode): t.LanguageRow(
                service_id=self.key(s.id), code=x.language, mode=x.mode.value, position=n, days=x.days
            )
            for s in services
            for n, x in enumerate(s.languages)
        }
        replace_children(self.session, t.LanguageRow, t.LanguageRow.service_id, keys, languages.values())
        phones = {
            (s.id, p.number): t.PhoneRow(service_id=self.key(s.id), number=p.number, type=p.kind, position=n)
            for s in services
            for n, p in enumerate(s.phones)
        }
        replace_children(self.session, t.PhoneRow, t.PhoneRow.service_id, keys, phones.values())
        self._places(keys)
        self.report.services = len(services)

    def _places(self, service_keys: list[str]) -> None:
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
            for service in self.city.services
            for n, place in enumerate(service.at)
        ]
        replace_children(self.session, at, at.service_id, service_keys, [row for _, row in rows])
        for place, row in rows:
            self.session.add_all(t.ScheduleRow(service_at_location_id=row.id, **values) for values in _schedule_values(place.hours))
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

    def _articles(self) -> None:
        for position, one in enumerate(self.city.articles):
            self._upsert(
                t.ArticleRow,
                self.key(one.id),
                municipality_id=self.town.id,
                position=position,
                topic=one.topic,
                audience=one.audience,
                source_title=one.source.title,
                source_url=one.source.url,
                source_level=one.source.level.value,
                checked_on=one.checked_on,
            )
        self.session.flush()
        keys = [self.key(one.id) for one in self.city.articles]
        links = [
            t.ArticleServiceRow(article_id=self.key(one.id), service_id=self.key(service), position=n)
            for one in self.city.articles
            for n, service in enumerate(dict.fromkeys(one.services))
        ]
        replace_children(self.session, t.ArticleServiceRow, t.ArticleServiceRow.article_id, keys, links)
        self.report.articles = len(keys)

    def _remove_absent(self) -> None:
        """Children go by the database's own cascade; texts have no foreign key and are taken out by hand."""
        for table, name, records in (  # those that point at others first
            (t.ArticleRow, "article", self.city.articles),
            (t.ServiceRow, "service", self.city.services),
            (t.LocationRow, "location", self.city.locations),
            (t.OrganizationRow, "organization", self.city.organizations),
            (t.HelplineRow, "helpline", self.town.helplines),
            (t.DistrictRow, "district", self.town.districts),
        ):
            present = {self.key(one.id) for one in records}
            known = set(self.session.scalars(select(table.id).where(table.municipality_id == self.town.id)))
            for key in sorted(known - present):
                for texts in (t.TextTranslationRow, t.TextRevisionRow):
                    self.session.execute(delete(texts).where(texts.record == f"{name}:{key}"))
                self.session.execute(delete(table).where(table.id == key))
                self.report.removed += 1


def _schedule_values(hours: str | Iterable[m.HoursModel]) -> Iterable[dict[str, Any]]:
    if isinstance(hours, str):
        days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        yield {"byday": days, "opens_at": "00:00", "closes_at": "24:00"}
        return
    for rule in hours:
        yield {
            "byday": rule.days,
            "opens_at": rule.opens,
            "closes_at": rule.closes,
            "valid_from": rule.valid_from,
            "valid_to": rule.valid_to,
        }
