"""What the city knows: frozen records with the names of HSDS 3.0 where HSDS has the thing.

The ids are local to a municipality and readable ("citizens-office-mitte"). Texts are `LocalizedText`s keyed by field name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from knowledge.domain.hours import OpeningHours
from knowledge.domain.text import Texts

CRISIS_TOPICS = (
    "health.emergency",
    "safety.danger",
    "safety.violence",
    "safety.self_harm",
    "safety.trafficking",
    "safety.child_alone",
)
AUDIENCES = (
    "everyone", "women", "families", "children", "young_people", "under_18", "without_papers", "refugees", "lgbtiq",
    "older_people", "disabled_people",
)  # fmt: skip
ACCESSIBILITY = ("wheelchair_entrance", "wheelchair_toilet", "lift", "induction_loop", "step_free")


class SourceLevel(StrEnum):
    """Who stands behind a statement."""

    CITY = "city"
    REGION = "region"
    COUNTRY = "country"
    EU = "eu"


class CapacityState(StrEnum):
    """Whether a service can take somebody."""

    OPEN = "open"
    WAITING_LIST = "waiting_list"
    FULL = "full"
    UNKNOWN = "unknown"


class LanguageMode(StrEnum):
    """How a language is served."""

    STAFF = "staff"
    INTERPRETER = "interpreter"
    PHONE_INTERPRETER = "phone_interpreter"


class Appointment(StrEnum):
    """Whether an appointment is needed."""

    REQUIRED = "required"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class District:
    """A part of the municipality; latitude and longitude of its middle, in degrees (WGS 84)."""

    id: str
    latitude: float | None
    longitude: float | None
    also: tuple[str, ...]
    texts: Texts


@dataclass(frozen=True, slots=True)
class Helpline:
    """A number shown with the crisis texts of its `kinds`. `number` is in international format."""

    id: str
    kinds: frozenset[str]
    number: str
    languages: tuple[str, ...]
    hours: OpeningHours
    texts: Texts


@dataclass(frozen=True)
class Municipality:
    """A city or town that answers here."""

    id: str
    source_language: str
    country: str
    subdivision: str | None
    timezone: str
    website: str | None
    information_point: str | None
    districts: Mapping[str, District]
    helplines: tuple[Helpline, ...]
    texts: Texts

    @cached_property
    def zone(self) -> ZoneInfo:
        """Its time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Organization:
    """Who runs services."""

    id: str
    kind: str
    website: str | None
    email: str | None
    texts: Texts


@dataclass(frozen=True, slots=True)
class Location:
    """A place. The address of a confidential one is never shown."""

    id: str
    district: str | None
    street: str | None
    postal_code: str | None
    city: str | None
    latitude: float | None
    longitude: float | None
    confidential: bool
    accessibility: tuple[str, ...]
    texts: Texts


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number of a service, in international format."""

    number: str
    kind: str = "voice"


@dataclass(frozen=True, slots=True)
class Contact:
    """Telephone numbers and an address for e-mail that several services share."""

    id: str
    organization: str | None
    email: str | None
    phones: tuple[Phone, ...]
    texts: Texts


@dataclass(frozen=True, slots=True)
class Closure:
    """Temporarily closed from `since` to `until` (the last closed day; None where that is not known)."""

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` is one of the closed days."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language a service serves, and on which weekdays (empty: all)."""

    language: str
    mode: LanguageMode
    days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ServiceAtLocation:
    """Where and when a service is to be had."""

    location: str
    hours: OpeningHours


@dataclass(frozen=True, slots=True)
class Capacity:
    """Whether the service can take somebody, as told by itself on `as_of`; the wait is in days."""

    state: CapacityState = CapacityState.UNKNOWN
    wait_days: int | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What it costs: free, an amount, or unknown (both None)."""

    free: bool | None = None
    amount: float | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """Something an organization does for people."""

    id: str
    organization: str
    topics: tuple[str, ...]
    audience: tuple[str, ...]
    email: str | None
    website: str | None
    phones: tuple[Phone, ...]
    languages: tuple[SpokenLanguage, ...]
    appointment: Appointment | None
    cost: Cost
    capacity: Capacity
    checked_on: date | None
    at: tuple[ServiceAtLocation, ...]
    also: tuple[str, ...]
    texts: Texts
    contact: str | None = None
    closed: Closure | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from."""

    title: str
    url: str
    level: SourceLevel


ARTICLE_FIELDS = ("title", "answer", "simple", "steps", "documents", "deadline", "cost", "where", "other_person")
ARTICLE_LISTS = frozenset({"steps", "documents"})
SERVICE_FIELDS = ("name", "description", "eligibility", "fees", "application_process", "required_documents")
SERVICE_LISTS = frozenset({"required_documents"})
PAGE_FIELDS = ("title", "body")
LIST_FIELDS = ARTICLE_LISTS | SERVICE_LISTS


@dataclass(frozen=True, slots=True)
class Article:
    """The city's answer on one topic for one audience."""

    topic: str
    audience: str
    source: Source
    checked_on: date
    services: tuple[str, ...]
    texts: Texts

    @property
    def id(self) -> str:
        """Topic and audience together name an article."""
        return f"{self.topic}:{self.audience}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the city's guide. The body is Markdown; `url` is where it came from, `parent` the id of the page above."""

    id: str
    parent: str | None
    order: int
    topic: str | None
    url: str | None
    checked_on: date | None
    texts: Texts


@dataclass(frozen=True)
class Knowledge:
    """Everything one municipality has published, at one version; read-only and shared between tasks."""

    version: int
    municipality: Municipality
    organizations: Mapping[str, Organization]
    locations: Mapping[str, Location]
    services: Mapping[str, Service]
    articles: Mapping[str, Article]
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    loaded_at: datetime | None = field(default=None, compare=False)

    @cached_property
    def services_by_topic(self) -> Mapping[str, tuple[Service, ...]]:
        """Services for each topic id, in the order they were entered."""
        found: dict[str, list[Service]] = {}
        for service in self.services.values():
            for topic in service.topics:
                found.setdefault(topic, []).append(service)
        return {topic: tuple(services) for topic, services in found.items()}

    def article(self, topic: str, audience: str = "everyone") -> Article | None:
        """The article on `topic`: the one for `audience`, else the one for everyone, else whichever there is."""
        exact = self.articles.get(f"{topic}:{audience}") or self.articles.get(f"{topic}:everyone")
        return exact or next((article for article in self.articles.values() if article.topic == topic), None)
