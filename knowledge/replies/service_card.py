"""A service in a few lines: what a person needs to get there and be understood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.lists import format_list

from knowledge.domain.records import CapacityState, Closure
from knowledge.domain.text import TranslationState
from knowledge.replies.times import day_words, kilometres_words, on_day_words, open_words, week_words, weekday
from knowledge.views import PlaceView, ServiceView
from locales.catalogue import say
from locales.registry import languages


def short_card(service: ServiceView, language: str, now: datetime, *, days: Sequence[date] = ()) -> str:
    """Name, where, open (on `days`, if any are asked for), in which language, phone."""
    lines = [f"**{service.name.body}**"]
    place = nearest(service)
    if place is not None:
        lines.append(_where(place, language))
        lines += days_words(service, place, days, language, now)
    understood = speaks_words(service, language)
    if understood:
        lines[-1] = _beside(lines[-1], understood)
    announced = None if days else announced_words(service, language)
    extra = [words for words in (announced, capacity_words(service, language), appointment_words(service, language)) if words]
    if extra:
        lines.append(_beside(*extra))
    if service.phones:
        lines.append(f"☎ {service.phones[0]}")
    if service.old:
        lines.append(say("notice.old_service", language))
    return "\n".join(lines)


def _beside(*parts: str) -> str:
    """Facts on one line; sentences among them lose their full stop before the dot."""
    *others, last = parts
    return " · ".join([*(one.rstrip(".") for one in others), last])


def days_words(service: ServiceView, place: PlaceView, days: Sequence[date], language: str, now: datetime) -> list[str]:
    """Whether it is open at this moment, or its hours on each of `days`."""
    closure = service.closure
    if closure and all(closure.covers(day) for day in days or (now.date(),)):
        return [closed_words(closure, language)]
    if tuple(days) in ((), (now.date(),)) or place.hours.always_open or not place.hours.known:
        return [open_words(place.open_now, now, language)]
    return [
        say("open.closed_on_day", language, day=weekday(day, language))
        if closure and closure.covers(day)
        else on_day_words(place.hours, day, language, place.is_holiday)
        for day in days
    ]


def full_card(service: ServiceView, language: str, now: datetime, monday: date) -> str:
    """Everything about a service."""
    blocks = [f"**{service.name.body}**\n{service.organization}"]
    if service.description:
        blocks.append(service.description.body)
    for place in service.places:
        lines = [_where(place, language)]
        if place.directions:
            lines.append(place.directions)
        lines += now_words(service, place, language, now)
        if not place.hours.always_open:
            lines += [f"- {line}" for line in week_words(place.hours, monday, language, place.is_holiday)]
        if "wheelchair_entrance" in place.accessibility or "step_free" in place.accessibility:
            lines.append(say("place.step_free", language))
        blocks.append("\n".join(lines))
    details = []
    if service.languages:
        details.append(say("service.languages", language, names=language_names(service, language)))
    if service.eligibility:
        details.append(f"{say('service.for_whom', language)} {service.eligibility.body}")
    if service.fees:
        details.append(say("service.fees", language, fees=service.fees.body))
    elif service.cost.free:
        details.append(say("service.free", language))
    if service.application_process:
        details.append(f"{say('service.how', language)} {service.application_process.body}")
    if service.required_documents:
        details.append(f"**{say('answer.documents', language)}**\n" + "\n".join(f"- {line}" for line in service.required_documents.lines))
    capacity = capacity_words(service, language)
    if capacity:
        details.append(capacity)
    blocks += details
    contact = [f"☎ {number}" for number in service.phones]
    contact += [f"✉ {service.email}"] if service.email else []
    contact += [service.website] if service.website else []
    if contact:
        blocks.append("\n".join(contact))
    if service.checked_on:
        blocks.append(say("answer.checked_on", language, date=day_words(service.checked_on, language)))
    if service.old:
        blocks.append(say("notice.old", language))
    state = service.name.state
    if state in (TranslationState.MACHINE, TranslationState.OUTDATED):
        blocks.append(say(f"notice.{state.value}", language))
    return "\n\n".join(blocks)


def service_data(service: ServiceView, language: str, now: datetime, *, card: str | None = None) -> dict[str, Any]:
    """The same for programs: ``custom.services``. `card` are the lines about the service in the message's text, for channels that show
    it in another form."""
    place = nearest(service)
    data: dict[str, Any] = {"id": service.id, "name": service.name.body, "phone": service.phones[0] if service.phones else None}
    if card is not None:
        data["card"] = card
    if place is not None:
        data["street"] = place.street
        data["district"] = place.district
        data["open"] = closed_words(service.closed, language) if service.closed else open_words(place.open_now, now, language)
        if place.latitude is not None and place.longitude is not None:
            data["map"] = f"geo:{place.latitude},{place.longitude}"
    return data


def nearest(service: ServiceView) -> PlaceView | None:
    """The place to name first: the nearest, else the first."""
    return min(service.places, key=lambda place: place.kilometres if place.kilometres is not None else 0.0, default=None)


def _where(place: PlaceView, language: str) -> str:
    if place.confidential:
        return say("place.confidential", language)
    parts = [part for part in (place.street, place.district) if part]
    if place.kilometres is not None:
        parts.append(kilometres_words(place.kilometres, language))
    return ", ".join(parts) or place.name


def speaks_words(service: ServiceView, language: str) -> str | None:
    """How the reader is understood there; None where their language is not spoken."""
    speaks = service.speaks_reader
    if speaks is None:
        return None
    key = "service.speaks_days" if speaks.days else f"service.speaks_{speaks.mode.value}"
    names = Locale.parse(language).days["stand-alone"]["abbreviated"]
    days = format_list([str(names[day]) for day in sorted(speaks.days)], locale=language)
    return say(key, language, language=language_name(speaks.language, language), days=days)


def language_name(code: str, language: str) -> str:
    """The name of a language in another; its own name where CLDR does not know it there."""
    if code == "gsg":  # CLDR has no names of sign languages
        return say("language_name.gsg", language)
    own = languages().get(code)
    return Locale.parse(language).languages.get(code) or (own.name if own else code)


def language_names(service: ServiceView, language: str) -> str:
    """All languages of a service, each once."""
    codes = dict.fromkeys(one.language for one in service.languages)
    return str(format_list([language_name(code, language) for code in codes], locale=language))


def now_words(service: ServiceView, place: PlaceView, language: str, now: datetime) -> list[str]:
    """Whether it is open at this moment, and a closure that is to come."""
    if service.closed:
        return [closed_words(service.closed, language)]
    announced = announced_words(service, language)
    return [open_words(place.open_now, now, language), *([announced] if announced else [])]


def announced_words(service: ServiceView, language: str) -> str | None:
    """ "Temporarily closed from 2 November 2026 ...": a closure that is to come; None where there is none."""
    coming = service.closure if service.closed is None else None
    if coming is None:
        return None
    since, until = day_words(coming.since, language), day_words(coming.until, language) if coming.until else ""
    return say("service.closed_from_until" if until else "service.closed_from", language, since=since, until=until)


def closed_words(closed: Closure, language: str) -> str:
    """ "Temporarily closed, up to and including 2 November 2026"."""
    if closed.until is None:
        return say("service.closed", language)
    return say("service.closed_until", language, date=day_words(closed.until, language))


def capacity_words(service: ServiceView, language: str) -> str | None:
    """Whether the service is full; None where there is nothing to say."""
    capacity = service.capacity
    if capacity.state is CapacityState.FULL:
        return say("capacity.full", language)
    if capacity.state is CapacityState.WAITING_LIST:
        if capacity.wait_days:
            return say("capacity.wait", language, weeks=max(1, round(capacity.wait_days / 7)))
        return say("capacity.waiting_list", language)
    return None


def appointment_words(service: ServiceView, language: str) -> str | None:
    """Whether an appointment is needed; None where that is not known."""
    if service.appointment == "required":
        return say("service.appointment_required", language)
    if service.appointment == "none":
        return say("service.appointment_none", language)
    return None
