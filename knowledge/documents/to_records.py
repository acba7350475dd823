"""Documents into the records that readers' views are made of: what a draft would be if it were published."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from knowledge.documents import models as m
from knowledge.domain import records as r
from knowledge.domain.hours import WEEKDAYS, HoursException, HoursRule, OpeningHours, parse_minute
from knowledge.domain.text import Texts

Record = r.Organization | r.Location | r.Contact | r.Service | r.Article | r.Page


def record_of(kind: str, document: m.Document, texts: Texts) -> Record:
    """The record with `texts` (the document's own words with their translations)."""
    return _MAKERS[kind](document, texts)


def _organization(one: m.OrganizationModel, texts: Texts) -> r.Organization:
    return r.Organization(one.id, one.kind, one.website, one.email, texts)


def _location(one: m.LocationModel, texts: Texts) -> r.Location:
    address = one.address
    return r.Location(
        one.id,
        one.district,
        address.street,
        address.postal_code,
        address.city,
        one.latitude,
        one.longitude,
        one.confidential,
        tuple(sorted(dict.fromkeys(one.accessibility))),
        texts,
    )


def _contact(one: m.ContactModel, texts: Texts) -> r.Contact:
    return r.Contact(one.id, one.organization, one.email, _phones(one.phones), texts)


def _phones(phones: Iterable[m.PhoneModel]) -> tuple[r.Phone, ...]:
    return tuple(r.Phone(phone.number, phone.kind) for phone in phones)


def _service(one: m.ServiceModel, texts: Texts) -> r.Service:
    return r.Service(
        id=one.id,
        organization=one.organization,
        topics=tuple(dict.fromkeys(one.topics)),
        audience=tuple(one.audience),
        email=one.email,
        website=one.website,
        phones=_phones(one.phones),
        languages=tuple(r.SpokenLanguage(x.language, x.mode, _days(x.days)) for x in one.languages),
        appointment=one.appointment,
        cost=r.Cost(one.cost.free, one.cost.amount, one.cost.currency),
        capacity=r.Capacity(one.capacity.state, one.capacity.wait_days, one.capacity.as_of),
        checked_on=one.checked_on,
        at=tuple(r.ServiceAtLocation(at.location, opening_hours(at)) for at in one.at),
        also=tuple(one.also),
        texts=texts,
        contact=one.contact,
        closed=r.Closure(one.closed.since, one.closed.until) if one.closed else None,
    )


def opening_hours(at: m.ServiceAtModel) -> OpeningHours:
    """The hours of a service at one place."""
    return OpeningHours(
        tuple(
            HoursRule(_days(rule.days), parse_minute(rule.opens), parse_minute(rule.closes), rule.valid_from, rule.valid_to)
            for rule in at.hours
        ),
        tuple(
            HoursException(x.date)
            if x.closed or x.opens is None or x.closes is None
            else HoursException(x.date, parse_minute(x.opens), parse_minute(x.closes))
            for x in at.exceptions
        ),
        at.closed_on_holidays,
    )


def _days(names: Iterable[str]) -> frozenset[int]:
    return frozenset(WEEKDAYS.index(name) for name in names)


def _article(one: m.ArticleModel, texts: Texts) -> r.Article:
    source = r.Source(one.source.title, one.source.url, one.source.level)
    return r.Article(one.topic, one.audience, source, one.checked_on, tuple(dict.fromkeys(one.services)), texts)


def _page(one: m.PageModel, texts: Texts) -> r.Page:
    return r.Page(one.id, one.parent, one.order, one.topic, one.url, one.checked_on, texts)


_MAKERS: dict[str, Callable[[Any, Texts], Record]] = {
    "organization": _organization,
    "location": _location,
    "contact": _contact,
    "service": _service,
    "article": _article,
    "page": _page,
}
