"""Rows for services: what they are, where, when, in which languages, at what price."""

from __future__ import annotations

from datetime import date

from knowledge.domain import records as r
from knowledge.domain.hours import HoursException, OpeningHours, format_minute
from knowledge.exchange.hsds.export.municipality import term_id
from knowledge.exchange.hsds.export.organizations import copy_contact
from knowledge.exchange.hsds.export.rows import Sheet, body, lines, weekly
from knowledge.exchange.hsds.vocabulary import (
    AUDIENCES_TAXONOMY,
    PHONE_TYPES,
    TOPICS_TAXONOMY,
    byday,
    closing,
    closure_words,
    days_of_waiting,
    language_name,
    language_note,
    standard_offset,
)


def write_service(sheet: Sheet, one: r.Service) -> None:
    """A service with everything that belongs to it."""
    key = sheet.uuid("service", one.id)
    reader = sheet.town.source_language
    closed = one.closed if one.closed and one.closed.covers(sheet.today) else None
    notes = [language_note(x.language, x.mode, reader) for x in one.languages]
    sheet.add(
        "service",
        key,
        organization_id=sheet.uuid("organization", one.organization),
        name=body(one.texts, "name"),
        alternate_name="; ".join(one.also),
        description=body(one.texts, "description"),
        url=sheet.fitting("service", key, "url", one.website),
        email=sheet.fitting("service", key, "email", one.email),
        status="temporarily closed" if closed else "active",
        interpretation_services="; ".join(dict.fromkeys(note for note in notes if note)),
        application_process=body(one.texts, "application_process"),
        fees_description=body(one.texts, "fees"),
        wait_time=None if one.capacity.wait_days is None else days_of_waiting(one.capacity.wait_days, reader),
        eligibility_description=body(one.texts, "eligibility"),
        assured_date=_iso(one.checked_on),
        alert=closure_words(closed.until, reader) if closed else None,
    )
    sheet.add(
        "newcomer_service",
        key,
        local_id=one.id,
        revision=sheet.revision("service", one.id),
        alternate_names=lines(one.also),
        appointment=one.appointment.value if one.appointment else None,
        capacity_state=None if one.capacity == r.Capacity() else one.capacity.state.value,
        capacity_wait_days=one.capacity.wait_days,
        capacity_as_of=_iso(one.capacity.as_of),
        closed_since=_iso(one.closed.since) if one.closed else None,
        closed_until=_iso(one.closed.until) if one.closed else None,
    )
    _terms(sheet, one, key)
    for number, phone in enumerate(one.phones):
        sheet.add("phone", sheet.uuid("phone", key, number), service_id=key, number=phone.number, type=PHONE_TYPES[phone.kind])
    if one.contact and one.contact in sheet.knowledge.contacts:
        copy_contact(sheet, sheet.knowledge.contacts[one.contact], one.id)
    _languages(sheet, one, key)
    _documents(sheet, one, key)
    _cost(sheet, one, key)
    for number, at in enumerate(one.at):
        again = sum(other.location == at.location for other in one.at[:number])
        _at(sheet, at, key, sheet.uuid("service_at_location", one.id, at.location, *([again] if again else [])))
    sheet.translations("service", key, one.texts)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _terms(sheet: Sheet, one: r.Service, key: str) -> None:
    groups = (("topic", TOPICS_TAXONOMY, one.topics), ("audience", AUDIENCES_TAXONOMY, one.audience))
    for kind, taxonomy, codes in groups:
        for code in dict.fromkeys(codes):
            sheet.add(
                "attribute",
                sheet.uuid("attribute", one.id, kind, code),
                link_id=key,
                taxonomy_term_id=term_id(sheet, taxonomy, code),
                link_type=kind,
                link_entity="service",
                value=code,
            )


def _languages(sheet: Sheet, one: r.Service, key: str) -> None:
    reader = sheet.town.source_language
    for number, x in enumerate(one.languages):
        row = sheet.uuid("language", one.id, number)
        note = language_note(x.language, x.mode, reader)
        days = byday(x.days)
        sheet.add(
            "language",
            row,
            service_id=key,
            name=language_name(x.language, reader),
            code=x.language,
            note=" ".join(part for part in (note, f"({days})" if days else None) if part),
        )
        sheet.add("newcomer_language", row, mode=x.mode.value, byday=days)


def _documents(sheet: Sheet, one: r.Service, key: str) -> None:
    for number, document in enumerate((body(one.texts, "required_documents") or "").split("\n")):
        if document:
            sheet.add("required_document", sheet.uuid("required_document", one.id, number), service_id=key, document=document)


def _cost(sheet: Sheet, one: r.Service, key: str) -> None:
    if one.cost == r.Cost():
        return
    row = sheet.uuid("cost_option", one.id)
    amount = 0.0 if one.cost.free and one.cost.amount is None else one.cost.amount
    sheet.add("cost_option", row, service_id=key, currency=one.cost.currency, amount=amount)
    sheet.add("newcomer_cost_option", row, free=one.cost.free, amount_unknown=(one.cost.amount is None) or None)


def _at(sheet: Sheet, at: r.ServiceAtLocation, service_key: str, key: str) -> None:
    sheet.add("service_at_location", key, service_id=service_key, location_id=sheet.uuid("location", at.location))
    sheet.add("newcomer_service_at_location", key, closed_on_holidays=at.hours.closed_on_holidays)
    offset = standard_offset(sheet.town.timezone, sheet.today)
    notes = _notes(at.hours)
    for number, rule in enumerate(at.hours.rules):
        row = sheet.uuid("schedule", key, number)
        week = {"timezone": offset, "wkst": "MO", "freq": "WEEKLY", "interval": 1, "notes": notes}
        sheet.add("schedule", row, service_at_location_id=key, **week, **weekly(rule))
        if closing(rule.closes)[1]:
            sheet.add("newcomer_schedule", row, until_midnight=True)
    for number, special in enumerate(at.hours.exceptions):
        _exception(sheet, key, number, special, offset)


def _exception(sheet: Sheet, key: str, number: int, special: HoursException, offset: float | None) -> None:
    """In the profile always; in HSDS too where the place opens, as a schedule of that one day (HSDS cannot say that it is closed)."""
    day = special.day.isoformat()
    if special.opens is None or special.closes is None:
        row = sheet.uuid("schedule_exception", key, number)
        sheet.add("newcomer_schedule_exception", row, service_at_location_id=key, date=day)
        return
    closes, midnight = closing(special.closes)
    times = {"opens_at": f"{format_minute(special.opens)}:00", "closes_at": closes}
    row = sheet.uuid("schedule_exception", key, number)
    sheet.add("newcomer_schedule_exception", row, service_at_location_id=key, date=day, until_midnight=midnight, **times)
    row = sheet.uuid("schedule", key, "exception", number)
    once = {"valid_from": day, "valid_to": day, "dtstart": day, "count": 1, "timezone": offset, "byday": byday([special.day.weekday()])}
    sheet.add("schedule", row, service_at_location_id=key, wkst="MO", freq="WEEKLY", interval=1, **once, **times)
    sheet.add("newcomer_schedule", row, exception=True, until_midnight=midnight)


def _notes(hours: OpeningHours) -> str | None:
    """What a reader has to know who only sees the weekly rule."""
    parts = ["Closed on public holidays."] if hours.closed_on_holidays else []
    closed = sorted({x.day.isoformat() for x in hours.exceptions if x.opens is None})
    other = sorted({x.day.isoformat() for x in hours.exceptions if x.opens is not None})
    if closed:
        parts.append(f"Closed on {', '.join(closed)}.")
    if other:
        parts.append(f"Other hours on {', '.join(other)}.")
    return " ".join(parts) or None
