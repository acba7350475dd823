"""Whom to call and where to go: put together for the page so that it is there when everything else is down.

112 never depends on the knowledge base. All the rest is best effort: whatever cannot be read is left out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError

from knowledge.api import KnowledgeApi
from knowledge.domain.errors import KnowledgeError
from knowledge.domain.hours import OpeningHours, format_minute
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.views import HelplineView, PlaceView, ServiceView
from locales import registry

EMERGENCY = "112"
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Line:
    """A helpline. `name` may come in the city's language where there is no translation."""

    name: str
    about: str
    number: str
    always: bool
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """Opening hours of one weekday, as written."""

    name: str
    hours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """The information point: where a person can be met."""

    name: str
    language: str
    direction: str
    street: str
    town: str
    directions: str
    phones: tuple[str, ...]
    map_url: str
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """Everything that the emergency panel shows besides 112."""

    city: str = ""
    lines: tuple[Line, ...] = ()
    point: Point | None = None


def gather_help(api: KnowledgeApi, language: str) -> Help:
    """Read the help of the city in `language`. Blocking, and never fails."""
    return Help(
        city=_try(lambda: api.municipality_name(language)) or "",
        lines=_try(lambda: _lines(api, language)) or (),
        point=_try(lambda: _point(api, language)),
    )


def tel(number: str) -> str:
    """The `tel:` address of a number in international format."""
    return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")


def _try(read: Callable[[], _T]) -> _T | None:
    try:
        return read()
    except KnowledgeError as error:
        _log.warning("chat page without part of its help: %s", error)
    except Exception:
        # The page with 112 on it has to be served whatever is broken behind it.
        _log.exception("chat page without part of its help")
    return None


def _lines(api: KnowledgeApi, language: str) -> tuple[Line, ...]:
    found: dict[str, HelplineView] = {}
    for kind in CRISIS_TOPICS:
        for line in api.helplines(kind, language):
            if line.number != EMERGENCY:
                found.setdefault(line.number, line)
    # Those who speak the reader's language first, then those who are always there: the panel may be read hours later, without network.
    order = sorted(found.values(), key=lambda line: (language not in line.languages, not line.always))
    return tuple(_line(line, language) for line in order)


def _line(line: HelplineView, language: str) -> Line:
    name, _, about = line.name.partition(": ")
    codes = sorted(line.languages, key=lambda code: code != language)
    known = registry.languages()
    return Line(name, about, line.number, line.always, tuple(known[code].name for code in codes if code in known))


def _point(api: KnowledgeApi, language: str) -> Point | None:
    service = api.information_point(language)
    if service is None:
        return None
    place = next((place for place in service.places if not place.confidential), None)
    return _point_view(service, place, language, api.now().date())


def _point_view(service: ServiceView, place: PlaceView | None, language: str, today: date) -> Point:
    town = " ".join(part for part in (place.postal_code, place.city) if part) if place else ""
    return Point(
        name=service.name.body,
        language=service.name.language,
        direction=registry.direction(service.name.language),
        street=(place.street or "") if place else "",
        town=town,
        directions=(place.directions or "") if place else "",
        phones=service.phones[:2],
        map_url=_map_url(place) if place else "",
        days=week(place.hours, language, today) if place else (),
    )


def _map_url(place: PlaceView) -> str:
    if place.latitude is None or place.longitude is None:
        return ""
    where = {"mlat": place.latitude, "mlon": place.longitude}
    return f"https://www.openstreetmap.org/?{urlencode(where)}#map=17/{place.latitude}/{place.longitude}"


def week(hours: OpeningHours, language: str, today: date) -> tuple[Day, ...]:
    """The usual hours from Monday to Sunday, as the rules of `today` say; empty where they are unknown.

    Exceptions and holidays are left out: the page may be kept for days, and only what repeats stays true.
    """
    if not hours.known:
        return ()
    usual = OpeningHours(hours.rules, (), False)
    monday = today - timedelta(days=today.weekday())
    found = []
    for ahead in range(7):
        day = monday + timedelta(days=ahead)
        spans = tuple(f"{format_minute(span.opens)}–{format_minute(span.closes)}" for span in usual.on(day))
        if spans:
            found.append(Day(_weekday(ahead, language), spans))
    return tuple(found)


def _weekday(number: int, language: str) -> str:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    return str(locale.days["stand-alone"]["wide"][number])
