"""Read one municipality's published knowledge into frozen records.

The whole of it is read at once and kept in memory (a city has some thousand services at most): every lookup is then free of the
database, and a database that fails later does not silence the assistant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knowledge.domain import records as r
from knowledge.domain.errors import KnowledgeUnavailable
from knowledge.domain.hours import WEEKDAYS, HoursException, HoursRule, OpeningHours, parse_minute
from knowledge.domain.text import LocalizedText, Texts, Translation, translation_state
from knowledge.store import tables as t

Row = TypeVar("Row")
TextsOf = Callable[[str, str], Texts]


def local_id(key: str) -> str:
    """``"rathaus"`` for ``"ankerstadt/rathaus"``."""
    return key.partition("/")[2]


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
        return _read(session, municipality_id)
    except SQLAlchemyError as error:
        raise KnowledgeUnavailable("knowledge.unavailable", reason=type(error).__name__) from error


def _read(session: Session, municipality_id: str) -> r.Knowledge:
    row = session.get(t.MunicipalityRow, municipality_id)
    if row is None:
        raise KnowledgeUnavailable("knowledge.no_municipality", municipality=municipality_id)
    texts_of = _texts(session, municipality_id)
    schedules = _schedules(session)
    municipality = _municipality(session, row, texts_of, schedules)
    topics = _group(session.scalars(select(t.ServiceTopicRow).order_by(t.ServiceTopicRow.position)), lambda x: x.service_id)
    languages = _group(session.scalars(select(t.LanguageRow).order_by(t.LanguageRow.position)), lambda x: x.service_id)
    phones = _group(session.scalars(select(t.PhoneRow).order_by(t.PhoneRow.position)), lambda x: x.service_id)
    places = _group(session.scalars(select(t.ServiceAtLocationRow).order_by(t.ServiceAtLocationRow.position)), lambda x: x.service_id)
    special = select(t.ScheduleExceptionRow).order_by(t.ScheduleExceptionRow.id)
    exceptions = _group(session.scalars(special), lambda x: x.service_at_location_id)
    access = _group(session.scalars(select(t.AccessibilityRow).order_by(t.AccessibilityRow.description)), lambda x: x.location_id)
    linked = _group(session.scalars(select(t.ArticleServiceRow).order_by(t.ArticleServiceRow.position)), lambda x: x.article_id)

    organizations = {
        local_id(o.id): r.Organization(local_id(o.id), o.kind, o.website, o.email, texts_of("organization", o.id))
        for o in _mine(session, t.OrganizationRow, municipality_id)
    }
    locations = {
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
            texts_of("location", x.id),
        )
        for x in _mine(session, t.LocationRow, municipality_id)
    }
    contacts = {
        local_id(c.id): r.Contact(
            local_id(c.id),
            local_id(c.organization_id) if c.organization_id else None,
            c.email,
            tuple(r.Phone(phone["number"], phone["kind"]) for phone in c.phones),
            texts_of("contact", c.id),
        )
        for c in _mine(session, t.ContactRow, municipality_id)
    }
    services = {}
    for s in _mine(session, t.ServiceRow, municipality_id):
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
            at=tuple(
                r.ServiceAtLocation(
                    local_id(p.location_id),
                    OpeningHours(
                        tuple(schedules.get(("at", str(p.id)), ())),
                        tuple(_exception(e) for e in exceptions.get(p.id, ())),
                        p.closed_on_holidays,
                    ),
                )
                for p in places.get(s.id, ())
            ),
            also=tuple(s.also),
            texts=texts_of("service", s.id),
            contact=local_id(s.contact_id) if s.contact_id else None,
            closed=r.Closure(s.closed_since, s.closed_until) if s.closed_since else None,
        )
    articles = {}
    for a in _mine(session, t.ArticleRow, municipality_id):
        article = r.Article(
            topic=a.topic,
            audience=a.audience,
            source=r.Source(a.source_title, a.source_url, r.SourceLevel(a.source_level)),
            checked_on=a.checked_on,
            services=tuple(local_id(x.service_id) for x in linked.get(a.id, ())),
            texts=texts_of("article", a.id),
        )
        articles[article.id] = article
    pages = {
        local_id(p.id): r.Page(
            local_id(p.id), local_id(p.parent_id) if p.parent_id else None, p.order, p.topic, p.url, p.checked_on, texts_of("page", p.id)
        )
        for p in _mine(session, t.PageRow, municipality_id)
    }
    return r.Knowledge(
        row.version, municipality, organizations, locations, services, articles, contacts, pages, loaded_at=datetime.now(UTC)
    )


def _mine(session: Session, table: type[Row], municipality_id: str) -> Iterable[Row]:
    columns = table.__table__.c  # type: ignore[attr-defined]
    return session.scalars(select(table).where(columns.municipality_id == municipality_id).order_by(columns.position))


def _group(rows: Iterable[Row], key: Callable[[Row], object]) -> dict[object, list[Row]]:
    found: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _schedules(session: Session) -> dict[object, list[HoursRule]]:
    found: dict[object, list[HoursRule]] = defaultdict(list)
    for row in session.scalars(select(t.ScheduleRow).order_by(t.ScheduleRow.id)):
        rule = HoursRule(
            frozenset(WEEKDAYS.index(day) for day in row.byday),
            parse_minute(row.opens_at),
            parse_minute(row.closes_at),
            row.valid_from,
            row.valid_to,
        )
        owner = ("at", str(row.service_at_location_id)) if row.service_at_location_id else ("helpline", row.helpline_id)
        found[owner].append(rule)
    return found


def _exception(row: t.ScheduleExceptionRow) -> HoursException:
    opens = parse_minute(row.opens_at) if row.opens_at else None
    return HoursException(row.day, opens, parse_minute(row.closes_at) if row.closes_at else None)


def _municipality(
    session: Session, row: t.MunicipalityRow, texts_of: TextsOf, schedules: Mapping[object, list[HoursRule]]
) -> r.Municipality:
    districts = {
        local_id(d.id): r.District(local_id(d.id), d.latitude, d.longitude, tuple(d.also), texts_of("district", d.id))
        for d in _mine(session, t.DistrictRow, row.id)
    }
    helplines = tuple(
        r.Helpline(
            local_id(h.id),
            frozenset(h.kinds),
            h.number,
            tuple(h.languages),
            OpeningHours(tuple(schedules.get(("helpline", h.id), ())), (), h.closed_on_holidays),
            texts_of("helpline", h.id),
        )
        for h in _mine(session, t.HelplineRow, row.id)
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
        texts_of("municipality", row.id),
    )


def _texts(session: Session, municipality_id: str) -> TextsOf:
    """All texts of the municipality, put together so that one function call gives those of a record."""
    newest: dict[tuple[str, str], t.TextRevisionRow] = {}
    last_major: dict[tuple[str, str], int] = {}
    revisions = select(t.TextRevisionRow).where(t.TextRevisionRow.municipality_id == municipality_id)
    for row in session.scalars(revisions.order_by(t.TextRevisionRow.number, t.TextRevisionRow.id)):
        key = (row.record, row.field)
        newest[key] = row
        if not row.minor:
            last_major[key] = row.number
    translations: dict[tuple[str, str], dict[str, Translation]] = defaultdict(dict)
    rows = select(t.TextTranslationRow).where(t.TextTranslationRow.municipality_id == municipality_id)
    for translated in session.scalars(rows.order_by(t.TextTranslationRow.id)):
        key = (translated.record, translated.field)
        state = translation_state(
            of_revision=translated.of_number,
            last_major_revision=last_major.get(key, 1),
            machine=translated.machine,
            reviewed=bool(translated.reviewed_by),
        )
        translations[key][translated.language] = Translation(translated.body, state)
    by_record: dict[str, dict[str, LocalizedText]] = defaultdict(dict)
    for (record, field), row in newest.items():
        if row.body:
            by_record[record][field] = LocalizedText(row.language, row.body, translations.get((record, field), {}))
    return lambda table, key: by_record.get(f"{table}:{key}", {})
