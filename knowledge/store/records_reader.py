"""The records of one municipality as they stand in the published tables, all of them or some, as frozen dataclasses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from knowledge.domain import records as r
from knowledge.domain.hours import WEEKDAYS, HoursException, HoursRule, OpeningHours, parse_minute
from knowledge.domain.text import LocalizedText, Texts, Translation, translation_state
from knowledge.store import tables as t

Row = TypeVar("Row")
Record = TypeVar("Record")


def local_id(key: str) -> str:
    """``"rathaus"`` for ``"ankerstadt/rathaus"``."""
    return key.partition("/")[2]


@dataclass(frozen=True)
class RecordsReader:
    """Reads the records of a municipality, or `only` some of them, by kind: local id -> record, in the order of their positions."""

    session: Session
    municipality_id: str
    only: frozenset[str] | None = None

    def onto(self, held: Mapping[str, Record], kind: str, read: Callable[[], dict[str, Record]]) -> Mapping[str, Record]:
        """`held` with what is read in the place of what it had; the same mapping where no record of `kind` is among `only`."""
        asked = self._keys(kind)
        if not asked:
            return held
        found = read()
        merged = {**held, **found}
        for key in asked:
            if local_id(key) not in found:
                merged.pop(local_id(key), None)
        return merged

    def municipality(self, row: t.MunicipalityRow) -> r.Municipality:
        district_texts, helpline_texts = self._texts("district"), self._texts("helpline")
        schedules = _schedules(self.session, t.ScheduleRow.helpline_id)
        districts = {
            local_id(d.id): r.District(local_id(d.id), d.latitude, d.longitude, tuple(d.also), district_texts(d.id))
            for d in self._mine("district", t.DistrictRow)
        }
        helplines = tuple(
            r.Helpline(
                local_id(h.id),
                frozenset(h.kinds),
                h.number,
                tuple(h.languages),
                OpeningHours(tuple(schedules.get(h.id, ())), (), h.closed_on_holidays),
                helpline_texts(h.id),
            )
            for h in self._mine("helpline", t.HelplineRow)
        )
        return r.Municipality(
            row.id,
            row.source_language,
            row.country,
            row.subdivision,
            row.timezone,
            row.website,
            local_id(row.information_point) if row.information_point else None,
            districts,
            helplines,
            self._texts("municipality")(row.id),
        )

    def organizations(self) -> dict[str, r.Organization]:
        texts_of = self._texts("organization")
        return {
            local_id(o.id): r.Organization(local_id(o.id), o.kind, o.website, o.email, texts_of(o.id))
            for o in self._mine("organization", t.OrganizationRow)
        }

    def locations(self) -> dict[str, r.Location]:
        texts_of = self._texts("location")
        access = self._children("location", t.AccessibilityRow, "location_id", "description")
        return {
            local_id(x.id): r.Location(
                local_id(x.id),
                local_id(x.district_id) if x.district_id else None,
                x.address_1,
                x.postal_code,
                x.city,
                x.latitude,
                x.longitude,
                x.confidential,
                tuple(a.description for a in access.get(x.id, ())),
                texts_of(x.id),
            )
            for x in self._mine("location", t.LocationRow)
        }

    def contacts(self) -> dict[str, r.Contact]:
        texts_of = self._texts("contact")
        return {
            local_id(c.id): r.Contact(
                local_id(c.id),
                local_id(c.organization_id) if c.organization_id else None,
                c.email,
                tuple(r.Phone(phone["number"], phone["kind"]) for phone in c.phones),
                texts_of(c.id),
            )
            for c in self._mine("contact", t.ContactRow)
        }

    def services(self) -> dict[str, r.Service]:
        texts_of = self._texts("service")
        topics = self._children("service", t.ServiceTopicRow, "service_id", "position")
        languages = self._children("service", t.LanguageRow, "service_id", "position")
        phones = self._children("service", t.PhoneRow, "service_id", "position")
        places = self._places()
        services = {}
        for s in self._mine("service", t.ServiceRow):
            services[local_id(s.id)] = r.Service(
                id=local_id(s.id),
                organization=local_id(s.organization_id),
                topics=tuple(x.topic for x in topics.get(s.id, ())),
                audience=tuple(s.audience),
                email=s.email,
                website=s.website,
                phones=tuple(r.Phone(p.number, p.type) for p in phones.get(s.id, ())),
                languages=tuple(
                    r.SpokenLanguage(x.code, r.LanguageMode(x.mode), frozenset(WEEKDAYS.index(d) for d in x.days))
                    for x in languages.get(s.id, ())
                ),
                appointment=r.Appointment(s.appointment) if s.appointment else None,
                cost=r.Cost(s.cost_free, s.cost_amount, s.cost_currency),
                capacity=r.Capacity(r.CapacityState(s.capacity_state), s.capacity_wait_days, s.capacity_as_of),
                checked_on=s.assured_date,
                at=tuple(places.get(s.id, ())),
                also=tuple(s.also),
                texts=texts_of(s.id),
                contact=local_id(s.contact_id) if s.contact_id else None,
                closed=r.Closure(s.closed_since, s.closed_until) if s.closed_since else None,
            )
        return services

    def articles(self) -> dict[str, r.Article]:
        texts_of = self._texts("article")
        linked = self._children("article", t.ArticleServiceRow, "article_id", "position")
        articles = {}
        for a in self._mine("article", t.ArticleRow):
            article = r.Article(
                topic=a.topic,
                audience=a.audience,
                source=r.Source(a.source_title, a.source_url, r.SourceLevel(a.source_level)),
                checked_on=a.checked_on,
                services=tuple(local_id(x.service_id) for x in linked.get(a.id, ())),
                texts=texts_of(a.id),
            )
            articles[article.id] = article
        return articles

    def pages(self) -> dict[str, r.Page]:
        texts_of = self._texts("page")
        return {
            local_id(p.id): r.Page(
                local_id(p.id), local_id(p.parent_id) if p.parent_id else None, p.order, p.topic, p.url, p.checked_on, texts_of(p.id)
            )
            for p in self._mine("page", t.PageRow)
        }

    def _keys(self, kind: str) -> list[str]:
        """Primary keys of the records of `kind` among `only`."""
        return sorted(key.partition(":")[2] for key in self.only or () if key.startswith(f"{kind}:"))

    def _mine(self, kind: str, table: type[Row]) -> Iterable[Row]:
        columns = table.__table__.c  # type: ignore[attr-defined]
        rows = select(table).where(columns.municipality_id == self.municipality_id)
        if self.only is not None:
            rows = rows.where(columns.id.in_(self._keys(kind)))
        return self.session.scalars(rows.order_by(columns.position))

    def _children(self, kind: str, table: type[Row], parent: str, order: str) -> dict[object, list[Row]]:
        """Rows of `table` by the key of the record they belong to."""
        columns = table.__table__.c  # type: ignore[attr-defined]
        rows = select(table).where(columns[parent].startswith(f"{self.municipality_id}/", autoescape=True))
        if self.only is not None:
            rows = select(table).where(columns[parent].in_(self._keys(kind)))
        return _group(self.session.scalars(rows.order_by(columns[order])), lambda row: getattr(row, parent))

    def _places(self) -> dict[object, list[r.ServiceAtLocation]]:
        """Where and when each service is to be had."""
        rows = self._children("service", t.ServiceAtLocationRow, "service_id", "position")
        numbers = None if self.only is None else [row.id for found in rows.values() for row in found]
        schedules = _schedules(self.session, t.ScheduleRow.service_at_location_id, numbers)
        special = select(t.ScheduleExceptionRow).order_by(t.ScheduleExceptionRow.id)
        if numbers is not None:
            special = special.where(t.ScheduleExceptionRow.service_at_location_id.in_(numbers))
        exceptions = _group(self.session.scalars(special), lambda row: row.service_at_location_id)
        return {
            service: [
                r.ServiceAtLocation(
                    local_id(row.location_id),
                    OpeningHours(
                        tuple(schedules.get(row.id, ())), tuple(_exception(e) for e in exceptions.get(row.id, ())), row.closed_on_holidays
                    ),
                )
                for row in found
            ]
            for service, found in rows.items()
        }

    def _texts(self, kind: str) -> Callable[[str], Texts]:
        """Texts of the records of `kind`: a function from the primary key."""
        return _texts(
            self.session, self.municipality_id, kind, None if self.only is None else [f"{kind}:{key}" for key in self._keys(kind)]
        )


def _group(rows: Iterable[Row], key: Callable[[Row], object]) -> dict[object, list[Row]]:
    found: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _schedules(
    session: Session, owner: InstrumentedAttribute[Any], owners: Collection[object] | None = None
) -> dict[object, list[HoursRule]]:
    """Weekly rules by what they belong to: the values of the column `owner`, or only those among `owners`."""
    rows = select(t.ScheduleRow).where(owner.is_not(None) if owners is None else owner.in_(owners)).order_by(t.ScheduleRow.id)
    found: dict[object, list[HoursRule]] = defaultdict(list)
    for row in session.scalars(rows):
        rule = HoursRule(
            frozenset(WEEKDAYS.index(day) for day in row.byday),
            parse_minute(row.opens_at),
            parse_minute(row.closes_at),
            row.valid_from,
            row.valid_to,
        )
        found[getattr(row, owner.key)].append(rule)
    return found


def _exception(row: t.ScheduleExceptionRow) -> HoursException:
    opens = parse_minute(row.opens_at) if row.opens_at else None
    return HoursException(row.day, opens, parse_minute(row.closes_at) if row.closes_at else None)


def _texts(session: Session, municipality_id: str, kind: str, records: Collection[str] | None) -> Callable[[str], Texts]:
    """Texts of the records of `kind` (None), or of `records`, put together so that one function call gives those of a record."""

    def mine(table: Any, *columns: Any) -> Any:
        wanted = table.record.startswith(f"{kind}:", autoescape=True) if records is None else table.record.in_(records)
        # Columns, not objects: a city has a hundred thousand texts.
        return session.execute(select(*columns).where(table.municipality_id == municipality_id, wanted).order_by(*columns[:1], table.id))

    source, translated = t.TextRevisionRow, t.TextTranslationRow
    newest: dict[tuple[str, str], tuple[str, str]] = {}
    last_major: dict[tuple[str, str], int] = {}
    for number, record, field, language, body, minor in mine(
        source, source.number, source.record, source.field, source.language, source.body, source.minor
    ):
        newest[record, field] = (language, body)
        if not minor:
            last_major[record, field] = number
    translations: dict[tuple[str, str], dict[str, Translation]] = defaultdict(dict)
    for _, record, field, language, body, of, machine, reviewed_by in mine(
        translated,
        translated.id,
        translated.record,
        translated.field,
        translated.language,
        translated.body,
        translated.of_number,
        translated.machine,
        translated.reviewed_by,
    ):
        state = translation_state(
            of_revision=of, last_major_revision=last_major.get((record, field), 1), machine=machine, reviewed=bool(reviewed_by)
        )
        translations[record, field][language] = Translation(body, state)
    by_record: dict[str, dict[str, LocalizedText]] = defaultdict(dict)
    for (record, field), (language, body) in newest.items():
        if body:
            by_record[record][field] = LocalizedText(language, body, translations.get((record, field), {}))
    return lambda key: by_record.get(f"{kind}:{key}", {})
