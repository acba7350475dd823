"""What a reader gets to see: records put into one language, for one moment. Frozen, without any database behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from knowledge.domain.hours import Holidays, OpeningHours, OpenNow, OpenState
from knowledge.domain.records import Capacity, Closure, Cost, Source, SpokenLanguage
from knowledge.domain.text import Reading, TranslationState


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where a service is. Street and coordinates are None for a confidential place; kilometres are from the district asked for."""

    name: str
    street: str | None
    postal_code: str | None
    city: str | None
    district: str | None
    latitude: float | None
    longitude: float | None
    confidential: bool
    accessibility: tuple[str, ...]
    directions: str | None
    kilometres: float | None
    hours: OpeningHours
    open_now: OpenNow
    # Public holidays there.
    is_holiday: Holidays


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service in the reader's language; `speaks_reader` is the way it serves the language that was
    asked for, or else the reader's, if it does."""

    id: str
    name: Reading
    organization: str
    description: Reading | None
    eligibility: Reading | None
    fees: Reading | None
    application_process: Reading | None
    required_documents: Reading | None
    phones: tuple[str, ...]
    email: str | None
    website: str | None
    languages: tuple[SpokenLanguage, ...]
    speaks_reader: SpokenLanguage | None
    appointment: str | None
    cost: Cost
    capacity: Capacity
    checked_on: date | None
    audience: tuple[str, ...]
    places: tuple[PlaceView, ...]
    # The closure that is going on at this moment.
    closed: Closure | None = None
    # Nobody has checked it for so long that readers are warned.
    old: bool = False
    # The closure that is going on or announced.
    closure: Closure | None = None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """The city's answer on a topic.

    `texts` has the article's fields in the reader's language (or the nearest), `source_texts` those of the original; `translation` is
    the least trustworthy state among what is shown.
    """

    topic: str
    audience: str
    language: str
    texts: dict[str, Reading]
    source_texts: dict[str, Reading]
    translation: TranslationState
    source: Source
    checked_on: date
    services: tuple[ServiceView, ...]
    # What of the wish about its services had to be let go.
    relaxed: tuple[str, ...] = ()
    # Nobody has checked it for so long that readers are warned.
    old: bool = False


@dataclass(frozen=True, slots=True)
class HelplineView:
    """A number to call in a crisis; without `open_now` it is open."""

    name: str
    number: str
    languages: tuple[str, ...]
    always: bool
    open_now: OpenNow = field(default_factory=lambda: OpenNow(OpenState.OPEN))

    @property
    def reachable(self) -> bool:
        """Whether somebody answers at this moment."""
        return self.always or self.open_now.state is OpenState.OPEN


@dataclass(frozen=True, slots=True)
class HitView:
    """Something near to a question: an article's topic or a service's id, its title, and how near (cosine, None if not known)."""

    kind: str
    id: str
    title: str
    similarity: float | None
    lexical: bool
