"""Records back into documents: what the desk edits and what files carry. `parse_obj` of the kind's model accepts each of them."""

from __future__ import annotations

from typing import Any

from knowledge.domain import records as r
from knowledge.domain.hours import WEEKDAYS, OpeningHours, format_minute
from knowledge.domain.text import Texts


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, to keep the files short."""
    return {name: value for name, value in values.items() if value not in (None, [], {}, "")}


def as_value(field: str, body: str) -> str | list[str]:
    """A text as documents have it: lists of texts are lists."""
    return body.split("\n") if field in r.LIST_FIELDS else body


def text_values(texts: Texts) -> dict[str, str | list[str]]:
    """Source texts by field."""
    return {field: as_value(field, text.body) for field, text in texts.items()}


def organization_document(one: r.Organization) -> dict[str, Any]:
    """Who runs services."""
    return plain({"id": one.id, "kind": one.kind, "website": one.website, "email": one.email, "texts": text_values(one.texts)})


def location_document(one: r.Location) -> dict[str, Any]:
    """A place."""
    return plain(
        {
            "id": one.id,
            "district": one.district,
            "address": plain({"street": one.street, "postal_code": one.postal_code, "city": one.city}),
            "latitude": one.latitude,
            "longitude": one.longitude,
            "confidential": one.confidential or None,
            "accessibility": list(one.accessibility),
            "texts": text_values(one.texts),
        }
    )


def weekly_rules(hours: OpeningHours) -> list[dict[str, Any]]:
    """Weekly rules as documents have them."""
    return [
        plain(
            {
                "days": [WEEKDAYS[day] for day in sorted(rule.days)],
                "opens": format_minute(rule.opens),
                "closes": format_minute(rule.closes),
                "valid_from": rule.valid_from,
                "valid_to": rule.valid_to,
            }
        )
        for rule in hours.rules
    ]


def _service_at(one: r.ServiceAtLocation) -> dict[str, Any]:
    exceptions = [
        {"date": e.day, "closed": True}
        if e.opens is None or e.closes is None
        else {"date": e.day, "opens": format_minute(e.opens), "closes": format_minute(e.closes)}
        for e in one.hours.exceptions
    ]
    return {
        **plain({"location": one.location, "hours": weekly_rules(one.hours), "exceptions": exceptions}),
        "closed_on_holidays": one.hours.closed_on_holidays,
    }


def service_document(one: r.Service) -> dict[str, Any]:
    """A service."""
    texts: dict[str, Any] = dict(text_values(one.texts))
    if one.also:
        texts["also"] = list(one.also)
    capacity = plain({"state": one.capacity.state.value, "wait_days": one.capacity.wait_days, "as_of": one.capacity.as_of})
    cost = {name: value for name, value in (("free", one.cost.free), ("amount", one.cost.amount), ("currency", one.cost.currency))}
    return plain(
        {
            "id": one.id,
            "organization": one.organization,
            "contact": one.contact,
            "topics": list(one.topics),
            "audience": list(one.audience),
            "email": one.email,
            "website": one.website,
            "phones": [{"number": phone.number, "kind": phone.kind} for phone in one.phones],
            "languages": [
                plain({"language": x.language, "mode": x.mode.value, "days": [WEEKDAYS[day] for day in sorted(x.days)]})
                for x in one.languages
            ],
            "appointment": one.appointment.value if one.appointment else None,
            "cost": {name: value for name, value in cost.items() if value is not None},
            "capacity": capacity,
            "closed": plain({"since": one.closed.since, "until": one.closed.until}) if one.closed else None,
            "checked_on": one.checked_on,
            "at": [_service_at(at) for at in one.at],
            "texts": texts,
        }
    )


def article_document(one: r.Article) -> dict[str, Any]:
    """The answer on a topic."""
    return plain(
        {
            "topic": one.topic,
            "audience": one.audience,
            "source": {"title": one.source.title, "url": one.source.url, "level": one.source.level.value},
            "checked_on": one.checked_on,
            "services": list(one.services),
            "texts": text_values(one.texts),
        }
    )


def contact_document(one: r.Contact) -> dict[str, Any]:
    """A shared contact."""
    return plain(
        {
            "id": one.id,
            "organization": one.organization,
            "email": one.email,
            "phones": [{"number": phone.number, "kind": phone.kind} for phone in one.phones],
            "texts": text_values(one.texts),
        }
    )


def page_document(one: r.Page) -> dict[str, Any]:
    """A page of the guide."""
    return plain(
        {
            "id": one.id,
            "parent": one.parent,
            "order": one.order or None,
            "topic": one.topic,
            "url": one.url,
            "checked_on": one.checked_on,
            "texts": text_values(one.texts),
        }
    )


def documents(knowledge: r.Knowledge) -> dict[str, dict[str, dict[str, Any]]]:
    """kind -> id -> document of everything that is published, in the order of `MODELS`."""
    return {
        "organization": {one.id: organization_document(one) for one in knowledge.organizations.values()},
        "location": {one.id: location_document(one) for one in knowledge.locations.values()},
        "contact": {one.id: contact_document(one) for one in knowledge.contacts.values()},
        "service": {one.id: service_document(one) for one in knowledge.services.values()},
        "article": {one.id: article_document(one) for one in knowledge.articles.values()},
        "page": {one.id: page_document(one) for one in knowledge.pages.values()},
    }
