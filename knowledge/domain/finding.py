"""Which services fit a person, and in which order: pure rules over records."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from knowledge.domain.hours import Holidays, OpeningHours, OpenNow, OpenState, no_holidays
from knowledge.domain.records import CRISIS_TOPICS, CapacityState, District, Knowledge, Location, Service

EARTH_KILOMETRES = 6371.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for. Empty fields do not restrict.

    `days` asks for services open on one of those dates (today: that are not over yet), `open_at` for those open at that local moment.
    `named` are services that an article speaks of in its words: they come in its order, so that text and card do not contradict each other.
    """

    topics: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    organization: str | None = None
    district: str | None = None
    spoken_language: str | None = None
    days: tuple[date, ...] = ()
    open_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Services that meet the wish; where `relaxed` names a part of the wish, nothing met it and it was let go."""

    services: tuple[Service, ...]
    relaxed: tuple[str, ...] = ()


def find_services(
    knowledge: Knowledge, wish: Wish, *, reader: str, now: datetime, is_holiday: Holidays = no_holidays, limit: int = 3
) -> Found:
    """The services that suit best.

    Places within the wish come first; if none meets all of it, the district is let go (the nearest is shown), then the day, then the
    language: somewhere else is better than nothing, as long as it is said.
    """
    pool = _pool(knowledge, wish)
    relaxed: list[str] = []
    kept = _filter(knowledge, pool, wish, is_holiday, set(), now)
    for part in ("district", "day", "spoken_language"):
        if kept or not pool:
            break
        if not (wish.days or wish.open_at if part == "day" else getattr(wish, part)):
            continue
        relaxed.append(part)
        kept = _filter(knowledge, pool, wish, is_holiday, set(relaxed), now)
    language = wish.spoken_language or reader
    origin = knowledge.municipality.districts.get(wish.district) if wish.district else None
    ranked = sorted(kept, key=lambda one: _rank(knowledge, one, wish, language, origin, now, is_holiday))
    return Found(tuple(ranked[:limit]), tuple(relaxed))


def _pool(knowledge: Knowledge, wish: Wish) -> list[Service]:
    if wish.services:
        return [knowledge.services[one] for one in wish.services if one in knowledge.services]
    if wish.topics:
        pool = list(dict.fromkeys(one.id for topic in wish.topics for one in knowledge.services_by_topic.get(topic, ())))
        services = [knowledge.services[one] for one in pool]
    else:
        services = list(knowledge.services.values())
    if wish.organization:
        services = [one for one in services if one.organization == wish.organization]
    return services


def _filter(
    knowledge: Knowledge, pool: Iterable[Service], wish: Wish, is_holiday: Holidays, without: set[str], now: datetime
) -> list[Service]:
    kept = []
    asked = () if "day" in without else wish.days or ((wish.open_at.date(),) if wish.open_at else ())
    for service in pool:
        if asked and service.closed and all(service.closed.covers(day) for day in asked):
            continue
        if wish.district and "district" not in without and not _in_district(knowledge, service, wish.district):
            continue
        if wish.spoken_language and "spoken_language" not in without and not speaks(service, wish.spoken_language, asked):
            continue
        if "day" not in without:
            if wish.days and not any(_still_open_on(at.hours, day, now, is_holiday) for at in service.at for day in wish.days):
                continue
            if wish.open_at and not any(at.hours.at(wish.open_at, is_holiday).state is OpenState.OPEN for at in service.at):
                continue
        kept.append(service)
    return kept


def _in_district(knowledge: Knowledge, service: Service, district: str) -> bool:
    """A confidential place is in no district: else asking for one district after the other would tell where it is."""
    places = [knowledge.locations[at.location] for at in service.at if at.location in knowledge.locations]
    return any(place.district == district and not place.confidential for place in places)


def _still_open_on(hours: OpeningHours, day: date, now: datetime, is_holiday: Holidays) -> bool:
    """Whether a place can be reached on `day`; today, only if it has not closed for the day."""
    minute = now.hour * 60 + now.minute if day == now.date() else 0
    return any(span.closes > minute for span in hours.on(day, is_holiday))


def speaks(service: Service, language: str, days: tuple[date, ...] = ()) -> bool:
    """Whether the service can be used in `language`, by staff or an interpreter; on one of `days`, if any are given."""
    return any(
        one.language == language and (not days or not one.days or any(day.weekday() in one.days for day in days))
        for one in service.languages
    )


# How far back a service stands that has a topic among others only, and one for a special audience.
_ONLY_LISTED, _FOR_OTHERS = 3.0, 1.0
_CAPACITY_RANK = {CapacityState.OPEN: 0, CapacityState.UNKNOWN: 1, CapacityState.WAITING_LIST: 2, CapacityState.FULL: 4}


def _rank(
    knowledge: Knowledge, service: Service, wish: Wish, language: str, origin: District | None, now: datetime, is_holiday: Holidays
) -> tuple[float, ...]:
    """Smaller is better: can take people, open now or soon, speaks the language, near."""
    opened = min((_hours_until_open(at.hours.at(now, is_holiday), now) for at in service.at), default=200.0)
    if service.closed and service.closed.covers(now.date()):
        opened = 200.0
    away = kilometres(knowledge, service, origin)
    # Weighed, not strictly ordered: a service that speaks the language tomorrow beats one tonight that does not, unless tonight matters.
    urgent = bool(set(wish.topics) & {"housing.emergency", "health.emergency", "safety.danger"})
    weight = 3.0 if urgent else 1.0
    waiting = weight * (0.0 if opened == 0 else 0.5 + min(opened, 96.0) / 48.0)
    understood = 0.0 if speaks(service, language) else 1.5
    # Who gives German courses comes before who pays for them; in a crisis an open door and the special house count more.
    crisis = bool(set(wish.topics) & set(CRISIS_TOPICS)) or urgent
    main = 0.0 if wish.topics and service.topics and service.topics[0] in wish.topics else 0.5 if crisis else _ONLY_LISTED
    special = 0.0 if crisis or _for_this_person(knowledge, service, language) else _FOR_OTHERS
    far = min(away, 20.0) / 5.0 if away is not None else 0.5
    # Services that an editor has named are in the order of the answer's words; what is open is not moved before them lightly.
    named = 0.6 * min(wish.services.index(service.id), 5) if service.id in wish.services else 0.0
    score = named + _CAPACITY_RANK[service.capacity.state] + waiting + understood + main + special + far
    # From a district the nearest counts, in a crisis the open door; else what the article's words speak of.
    spoken_of = service.id in wish.named and not crisis and not wish.district and _can_be_visited(knowledge, service, now)
    return (wish.named.index(service.id) if spoken_of else len(wish.named), score)


def _for_this_person(knowledge: Knowledge, service: Service, language: str) -> bool:
    """Whether it is for everybody; one for women or one nation's people is taken to fit only who speaks a language of theirs."""
    return "everyone" in service.audience or (language != knowledge.municipality.source_language and speaks(service, language))


def _can_be_visited(knowledge: Knowledge, service: Service, now: datetime) -> bool:
    """Not closed, not full, and at an address that may be told."""
    if (service.closed and service.closed.covers(now.date())) or service.capacity.state is CapacityState.FULL:
        return False
    places = [knowledge.locations[at.location] for at in service.at if at.location in knowledge.locations]
    return not places or any(not place.confidential for place in places)


def _hours_until_open(open_now: OpenNow, now: datetime) -> float:
    if open_now.state is OpenState.OPEN:
        return 0.0
    opens = open_now.opens_next
    return (opens - now).total_seconds() / 3600 if opens else 120.0


def kilometres(knowledge: Knowledge, service: Service, origin: District | None) -> float | None:
    """Distance of the nearest open-to-know place of `service` from the middle of a district; None where either is not known."""
    distances = [distance(knowledge.locations[at.location], origin) for at in service.at if at.location in knowledge.locations]
    return min((one for one in distances if one is not None), default=None)


def distance(place: Location, origin: District | None) -> float | None:
    """Kilometres from the middle of a district to `place`; None where either is not known, or the place is confidential."""
    if origin is None or origin.latitude is None or origin.longitude is None:
        return None
    if place.latitude is None or place.longitude is None or place.confidential:
        return None
    return great_circle(origin.latitude, origin.longitude, place.latitude, place.longitude)


def great_circle(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres between two points in degrees (haversine formula)."""
    a, b = math.radians(latitude), math.radians(other_latitude)
    across = math.radians(other_longitude - longitude)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * EARTH_KILOMETRES * math.asin(math.sqrt(h))
