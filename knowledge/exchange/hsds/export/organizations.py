"""Rows for organizations, locations and shared contacts."""

from __future__ import annotations

from knowledge.domain import records as r
from knowledge.domain.text import Texts
from knowledge.exchange.hsds.export.rows import Sheet, body
from knowledge.exchange.hsds.vocabulary import FEATURES, PHONE_TYPES

# Which address HSDS demands whole: it cannot be written where one of these is missing.
_ADDRESS = ("address_1", "postal_code", "city")


def write_organization(sheet: Sheet, one: r.Organization) -> None:
    """HSDS demands a description; the name stands in for one that is missing."""
    key = sheet.uuid("organization", one.id)
    sheet.add(
        "organization",
        key,
        name=body(one.texts, "name"),
        description=body(one.texts, "description") or body(one.texts, "name"),
        email=sheet.fitting("organization", key, "email", one.email),
        website=sheet.fitting("organization", key, "website", one.website),
        legal_status=one.kind,
    )
    sheet.add("newcomer_organization", key, local_id=one.id, revision=sheet.revision("organization", one.id))
    sheet.translations("organization", key, one.texts)


def write_location(sheet: Sheet, one: r.Location) -> None:
    """A place. Of a confidential one a public export has nothing but what the chat says too: that it is there, and how accessible it is."""
    key = sheet.uuid("location", one.id)
    withheld = one.confidential and not sheet.include_confidential
    texts: Texts = {} if withheld else one.texts
    sheet.add(
        "location",
        key,
        location_type="physical",
        name=body(texts, "name"),
        transportation=body(texts, "directions"),
        latitude=None if withheld else one.latitude,
        longitude=None if withheld else one.longitude,
    )
    for feature in one.accessibility:
        row = sheet.uuid("accessibility", one.id, feature)
        sheet.add("accessibility", row, location_id=key, description=FEATURES.get(feature, feature))
        sheet.add("newcomer_accessibility", row, feature=feature)
    parts = {} if withheld else dict(zip(_ADDRESS, (one.street, one.postal_code, one.city), strict=True))
    whole = bool(parts) and all(parts.values())
    sheet.add(
        "newcomer_location",
        key,
        local_id=None if withheld else one.id,
        revision=None if withheld else sheet.revision("location", one.id),
        district_id=sheet.uuid("district", one.district) if one.district and not withheld else None,
        confidential=one.confidential,
        withheld=withheld or None,
        **({} if whole else parts),
    )
    if whole:
        state = sheet.town.subdivision or sheet.town.country
        where = {"location_id": key, "state_province": state, "country": sheet.town.country, "address_type": "physical"}
        sheet.add("address", sheet.uuid("address", one.id), **where, **parts)
    sheet.translations("location", key, texts)


def write_contact(sheet: Sheet, one: r.Contact) -> None:
    """The shared contact itself; each service that uses it has a copy of its own (see `copy_contact`)."""
    key = sheet.uuid("contact", one.id)
    _contact_row(sheet, one, key, sheet.uuid("organization", one.organization) if one.organization else None, None)
    sheet.add("newcomer_contact", key, local_id=one.id, revision=sheet.revision("contact", one.id))
    sheet.translations("contact", key, one.texts)


def copy_contact(sheet: Sheet, one: r.Contact, service: str) -> None:
    """`one` as the contact of the service with the local id `service`."""
    key = sheet.uuid("contact", one.id, service)
    _contact_row(sheet, one, key, None, sheet.uuid("service", service))
    sheet.add("newcomer_contact", key, shared_contact_id=sheet.uuid("contact", one.id))


def _contact_row(sheet: Sheet, one: r.Contact, key: str, organization: str | None, service: str | None) -> None:
    sheet.add(
        "contact",
        key,
        organization_id=organization,
        service_id=service,
        name=body(one.texts, "name"),
        email=sheet.fitting("contact", key, "email", one.email),
    )
    for number, phone in enumerate(one.phones):
        sheet.add("phone", sheet.uuid("phone", key, number), contact_id=key, number=phone.number, type=PHONE_TYPES[phone.kind])
