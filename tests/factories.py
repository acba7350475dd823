"""Records for tests: each function builds one with sensible defaults, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from knowledge.domain import records as r
from knowledge.domain.hours import WEEKDAYS, HoursException, HoursRule, OpeningHours, parse_minute
from knowledge.domain.text import LocalizedText, Texts, Translation, TranslationState

MONDAY = date(2026, 11, 2)
WORKING_DAYS = WEEKDAYS[:5]


def text(body: str, language: str = "de", state: TranslationState = TranslationState.MACHINE, **translations: str) -> LocalizedText:
    """A text with translations given by language: ``text("Amt", en="Office")``."""
    return LocalizedText(language, body, {code: Translation(words, state) for code, words in translations.items()})


def texts(**fields: str | LocalizedText) -> Texts:
    """Texts by field name; plain strings are German."""
    return {name: value if isinstance(value, LocalizedText) else text(value) for name, value in fields.items()}


def rule(opens: str, closes: str, *days: str, valid_from: date | None = None, valid_to: date | None = None) -> HoursRule:
    """A weekly rule; on working days if none are named."""
    numbers = frozenset(WEEKDAYS.index(day) for day in days or WORKING_DAYS)
    return HoursRule(numbers, parse_minute(opens), parse_minute(closes), valid_from, valid_to)


def hours(*rules: HoursRule, exceptions: Iterable[HoursException] = (), closed_on_holidays: bool = True) -> OpeningHours:
    """Opening hours; from 9 to 17 on working days if no rule is given."""
    return OpeningHours(rules or (rule("09:00", "17:00"),), tuple(exceptions), closed_on_holidays)


def day_and_night() -> OpeningHours:
    """Never closed."""
    return hours(rule("00:00", "24:00", *WEEKDAYS), closed_on_holidays=False)


def closed_on(day: date) -> HoursException:
    """One day on which nobody is there."""
    return HoursException(day)


def open_on(day: date, opens: str, closes: str) -> HoursException:
    """One day with other hours."""
    return HoursException(day, parse_minute(opens), parse_minute(closes))


def district(
    id: str = "altstadt",
    *,
    latitude: float | None = 49.8,
    longitude: float | None = 9.95,
    also: tuple[str, ...] = (),
    name: str | LocalizedText = "Altstadt",
) -> r.District:
    """A part of town."""
    return r.District(id, latitude, longitude, also, texts(name=name))


def helpline(
    id: str = "line", *kinds: str, number: str = "+49 30 23125 001", when: OpeningHours | None = None, name: str | LocalizedText = "Telefon"
) -> r.Helpline:
    """A number for one kind of crisis, day and night."""
    return r.Helpline(id, frozenset(kinds or ("safety.violence",)), number, ("de", "en"), when or day_and_night(), texts(name=name))


def municipality(
    id: str = "ankerstadt",
    *,
    districts: Iterable[r.District] | None = None,
    helplines: Iterable[r.Helpline] = (),
    information_point: str | None = None,
    subdivision: str | None = "BY",
) -> r.Municipality:
    """A German town with one district."""
    places = [district()] if districts is None else districts
    return r.Municipality(
        id=id,
        source_language="de",
        country="DE",
        subdivision=subdivision,
        timezone="Europe/Berlin",
        website=None,
        information_point=information_point,
        districts={one.id: one for one in places},
        helplines=tuple(helplines),
        texts=texts(name=text("Ankerstadt", ar="أنكرشتات")),
    )


def organization(id: str = "stadt", name: str | LocalizedText = "Stadt Ankerstadt") -> r.Organization:
    """A public body."""
    return r.Organization(id, "public", None, None, texts(name=name))


def location(
    id: str = "rathaus",
    district: str | None = "altstadt",
    *,
    latitude: float | None = 49.8,
    longitude: float | None = 9.95,
    confidential: bool = False,
    street: str = "Rathausplatz 1",
    name: str = "Rathaus",
    directions: str = "Tram 1, Haltestelle Rathaus",
) -> r.Location:
    """A house in the old town."""
    words = texts(name=name, directions=directions)
    return r.Location(id, district, street, "00001", "Ankerstadt", latitude, longitude, confidential, ("step_free",), words)


def service(
    id: str = "office",
    *topics: str,
    at: Mapping[str, OpeningHours] | None = None,
    speaks: Iterable[str | r.SpokenLanguage] = ("de",),
    organization: str = "stadt",
    capacity: r.CapacityState = r.CapacityState.OPEN,
    also: tuple[str, ...] = (),
    phones: Iterable[r.Phone] = (r.Phone("+49 30 23125 100"),),
    checked_on: date | None = MONDAY,
    name: str | LocalizedText = "Bürgerbüro",
    **fields: str | LocalizedText,
) -> r.Service:
    """An office in the town hall that is open from 9 to 17 on working days."""
    places = {"rathaus": hours()} if at is None else at
    return r.Service(
        id=id,
        organization=organization,
        topics=topics or ("registration.address",),
        audience=("everyone",),
        email=None,
        website=None,
        phones=tuple(phones),
        languages=tuple(one if isinstance(one, r.SpokenLanguage) else spoken(one) for one in speaks),
        appointment=None,
        cost=r.Cost(free=True),
        capacity=r.Capacity(capacity),
        checked_on=checked_on,
        at=tuple(r.ServiceAtLocation(place, when) for place, when in places.items()),
        also=also,
        texts=texts(name=name, **fields),
    )


def spoken(language: str, mode: str = "staff", *days: str) -> r.SpokenLanguage:
    """A language of a service, on all days if none are named."""
    return r.SpokenLanguage(language, r.LanguageMode(mode), frozenset(WEEKDAYS.index(day) for day in days))


def article(
    topic: str = "registration.address",
    *,
    audience: str = "everyone",
    services: tuple[str, ...] = (),
    checked_on: date = MONDAY,
    title: str | LocalizedText = "Adresse anmelden",
    answer: str | LocalizedText = "Melden Sie Ihre Adresse an.",
    **fields: str | LocalizedText,
) -> r.Article:
    """The city's answer on a topic."""
    source = r.Source("Bundesmeldegesetz", "https://www.ankerstadt.example/", r.SourceLevel.COUNTRY)
    return r.Article(topic, audience, source, checked_on, services, texts(title=title, answer=answer, **fields))


def knowledge(
    *parts: r.Organization | r.Location | r.Service | r.Article, town: r.Municipality | None = None, version: int = 1
) -> r.Knowledge:
    """All that a town knows; the town hall and the city as an organization are there unless others are given."""
    organizations = [one for one in parts if isinstance(one, r.Organization)] or [organization()]
    locations = [one for one in parts if isinstance(one, r.Location)] or [location()]
    return r.Knowledge(
        version=version,
        municipality=town or municipality(),
        organizations={one.id: one for one in organizations},
        locations={one.id: one for one in locations},
        services={one.id: one for one in parts if isinstance(one, r.Service)},
        articles={one.id: one for one in parts if isinstance(one, r.Article)},
    )
