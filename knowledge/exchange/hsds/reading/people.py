"""Organizations, locations and contacts out of rows."""

from __future__ import annotations

from typing import Any

import phonenumbers

from knowledge.documents import models as m
from knowledge.documents.checks import called_short, is_short, parsed_phone
from knowledge.domain.records import ACCESSIBILITY
from knowledge.exchange.hsds.reading.account import Fate, Row
from knowledge.exchange.hsds.reading.records import Reading
from knowledge.exchange.hsds.reading.values import number, yes
from knowledge.exchange.hsds.vocabulary import PHONE_KINDS, organization_kind

_KINDS = ("public", "charity", "association", "company")
_PHONE_USED = ("number", "type", "service_id", "contact_id", "organization_id", "location_id", "service_at_location_id")


def read_organizations(reading: Reading) -> list[m.OrganizationModel]:
    """All of them, with local ids."""
    found = []
    for row in reading.tables.all("organization"):
        local = reading.give_id("organization", row, row.get("name"))
        if local is None:
            continue
        kind = row.get("legal_status")
        if kind not in _KINDS:
            kind = organization_kind(row.get("legal_status"), row.get("tax_status"))
        if kind is None:
            kind = "association"
            reading.account.remark(row, "hsds.notice.organization_kind")
        texts = {"name": row.get("name"), "description": None if row.get("description") == row.get("name") else row.get("description")}
        values: dict[str, Any] = {
            "id": local,
            "kind": kind,
            "website": reading.website(row, "website"),
            "email": reading.email(row),
            "texts": present(texts),
        }
        document = reading.checked("organization", m.OrganizationModel, row, values)
        if document is not None:
            reading.account.take(row, ("name", "description", "website", "email", "legal_status", "tax_status"))
            take_profile(reading, row)
            found.append(document)
    return found


def present(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def take_profile(reading: Reading, row: Row) -> None:
    """The profile's row about `row` is used with it."""
    profile = reading.profile(row)
    if profile is not None:
        reading.account.take(profile)


def read_locations(reading: Reading, districts: dict[str, str]) -> list[m.LocationModel]:
    """All of them. `districts` are the local ids of districts by their HSDS id."""
    found = []
    for row in reading.tables.all("location"):
        profile = reading.profile(row)
        local = reading.give_id("location", row, row.get("name"))
        if local is None:
            continue
        confidential = bool(profile and yes(profile.get("confidential")))
        withheld = confidential and bool(profile and yes(profile.get("withheld")))
        if withheld:
            reading.withheld.add(local)
            if local in reading.ids["location"].known:
                # What is known here must not be overwritten by a file that keeps silent about it.
                reading.account.skip(row, "hsds.skipped.withheld")
                take_profile(reading, row)
                continue
        values: dict[str, Any] = {
            "id": local,
            "district": districts.get(profile.get("district_id") or "") if profile else None,
            "address": _address(reading, row, profile),
            "confidential": confidential,
            "accessibility": _accessibility(reading, row),
            "texts": present({"name": row.get("name"), "directions": row.get("transportation")}),
        }
        values.update(_coordinates(reading, row))
        document = reading.checked("location", m.LocationModel, row, values)
        if document is not None:
            reading.account.take(row, ("location_type", "name", "transportation", "latitude", "longitude", "organization_id"))
            take_profile(reading, row)
            found.append(document)
    return found


def _coordinates(reading: Reading, row: Row) -> dict[str, float]:
    """Latitude and longitude, both or none."""
    said = (row.get("latitude"), row.get("longitude"))
    latitude, longitude = number(said[0]), number(said[1])
    if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180:
        return {"latitude": latitude, "longitude": longitude}
    ours = reading.profile(row) is not None
    if ours and (latitude is None or abs(latitude) <= 90) and (longitude is None or abs(longitude) <= 180):
        return present({"latitude": latitude, "longitude": longitude})
    if any(said):
        reading.account.wrong(row, "hsds.rejected.coordinates", latitude=said[0] or "", longitude=said[1] or "")
    return {}


def _address(reading: Reading, row: Row, profile: Row | None) -> dict[str, str]:
    """The physical address, or else the first one; the profile's where ours lacks parts that HSDS demands."""
    rows = reading.tables.pointing("address", "location_id", row.id)
    chosen = next((one for one in rows if one.get("address_type") == "physical"), rows[0] if rows else None)
    for one in rows:
        if one is chosen:
            used = ("location_id", "address_1", "address_2", "city", "postal_code", "address_type", "state_province", "country")
            reading.account.take(one, used)
        else:
            reading.account.skip(one, "hsds.skipped.address")
    source = chosen or profile
    if source is None:
        return {}
    street = ", ".join(part for part in (source.get("address_1"), source.get("address_2")) if part)
    return present({"street": street, "postal_code": source.get("postal_code"), "city": source.get("city")})


def _accessibility(reading: Reading, row: Row) -> list[str]:
    found = []
    for one in reading.tables.pointing("accessibility", "location_id", row.id):
        profile = reading.profile(one)
        feature = profile.get("feature") if profile else (one.get("description") or "").strip().lower().replace(" ", "_")
        if feature in ACCESSIBILITY:
            reading.account.take(one)
            take_profile(reading, one)
            found.append(feature)
        else:
            reading.account.skip(one, "hsds.skipped.accessibility", words=one.get("description") or "")
    return found


def read_contacts(reading: Reading) -> list[m.ContactModel]:
    """Contacts that several services share, and those of others; numbers of an organization or a place become contacts too."""
    found = []
    for row in reading.tables.all("contact"):
        profile = reading.profile(row)
        if profile and profile.get("shared_contact_id") and reading.tables.has("contact", profile.get("shared_contact_id") or ""):
            _take_copy(reading, row)
            continue
        name = row.get("name") or row.get("department") or row.get("title") or row.get("email")
        details = [part for part in (row.get("title"), row.get("department")) if part and row.get("name") and profile is None]
        document = _contact(reading, row, f"{name} ({', '.join(dict.fromkeys(details))})" if name and details else name, "contact_id")
        if document is not None:
            found.append(document)
    for table in ("organization", "location"):
        found += _numbers_alone(reading, table)
    return found


def _take_copy(reading: Reading, row: Row) -> None:
    """A shared contact repeated for one of its services: the shared one says it all."""
    reading.account.take(row)
    take_profile(reading, row)
    for one in (
        *reading.tables.pointing("phone", "contact_id", row.id),
        *reading.tables.pointing("newcomer_other_value", "resource_id", row.id),
    ):
        reading.account.take(one)


def _contact(reading: Reading, row: Row, name: str | None, column: str) -> m.ContactModel | None:
    if not name:
        reading.account.skip(row, "hsds.skipped.nameless_contact")
        return None
    local = reading.give_id("contact", row, name)
    if local is None:
        return None
    service = reading.tables.one("service", row.get("service_id"))
    organization = row.get("organization_id") or (service.get("organization_id") if service and not reading.profile(row) else None)
    values = {
        "id": local,
        "organization": reading.ids["organization"].get(organization),
        "email": reading.email(row),
        "phones": read_phones(reading, reading.tables.pointing("phone", column, row.id)),
        "texts": {"name": name},
    }
    document = reading.checked("contact", m.ContactModel, row, values)
    if document is not None:
        reading.account.take(
            row,
            ("name", "title", "department", "email", "organization_id", "service_id", "location_id", "service_at_location_id"),
        )
        take_profile(reading, row)
    return document


def _numbers_alone(reading: Reading, table: str) -> list[m.ContactModel]:
    """Numbers that belong to an organization or a place alone: a contact with its name, so that an editor can give it to services."""
    found = []
    for owner in reading.tables.all(table):
        rows = [
            one
            for one in reading.tables.pointing("phone", f"{table}_id", owner.id)
            if one.fate is None and not any(one.get(name) for name in ("service_id", "contact_id", "service_at_location_id"))
        ]
        phones = read_phones(reading, rows)
        name = owner.get("name")
        if not phones or not name:
            continue
        local = reading.ids["contact"].give(f"{owner.id}/phones", name, None, None)
        organization = owner.id if table == "organization" else owner.get("organization_id")
        values = {"id": local, "organization": reading.ids["organization"].get(organization), "phones": phones, "texts": {"name": name}}
        document = reading.checked("contact", m.ContactModel, owner, values) if local else None
        if document is not None:
            reading.account.remark(owner, "hsds.notice.contact_made")
            found.append(document)
    return found


def read_phones(reading: Reading, rows: list[Row]) -> list[dict[str, str]]:
    """Numbers in international form, each once; what is no number, or of no kind that we have, is told."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        # One row may be the number of a service and of its contact.
        if row.fate not in (None, Fate.IMPORTED):
            continue
        kind = PHONE_KINDS.get((row.get("type") or "").strip().lower())
        if kind is None:
            reading.account.skip(row, "hsds.skipped.phone_type", type=row.get("type") or "")
            continue
        said = (row.get("number") or "").strip(" \t\"'")
        international = _international(said, reading.country)
        if international is None:
            reading.account.reject(row, "hsds.rejected.phone", value=said)
            continue
        reading.account.take(row, _PHONE_USED)
        found.setdefault((international, kind), {"number": international, "kind": kind})
    return list(found.values())


def _international(value: str, country: str | None) -> str | None:
    if is_short(value):
        return called_short(value, country)
    parsed = parsed_phone(value, country)
    if parsed is None or (not value.lstrip("(").startswith("+") and not phonenumbers.is_possible_number(parsed)):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
