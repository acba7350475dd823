"""The only door to the knowledge for actions and channels: frozen dataclasses, in the reader's language, at this moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from knowledge.domain import records as r
from knowledge.domain.finding import Wish, distance, find_services
from knowledge.domain.hours import Holidays, OpeningHours, OpenNow, OpenState
from knowledge.domain.text import Reading, Texts, TranslationState, worst
from knowledge.editorial.questions.notebook import Notebook
from knowledge.holiday_calendar import holiday_check
from knowledge.search.embedder import Embedder
from knowledge.search.engines import SearchEngines
from knowledge.search.narrowing import only_narrows
from knowledge.search.vectors import VectorCache
from knowledge.views import AnswerView, HelplineView, HitView, PlaceView, ServiceView
from locales.registry import chain

Clock = Callable[[], datetime]
# After this many days without a check readers are warned, unless the settings say otherwise.
WARN_DAYS = 365


class Shelf(Protocol):
    """What holds the knowledge: the library with what is published, or one version of it for a preview."""

    def knowledge(self, municipality: str | None = None) -> r.Knowledge:
        """The knowledge of a municipality. Raises KnowledgeUnavailable."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class KnowledgeApi:
    """Answers, services, helplines and search in the reader's language. Safe to use from several threads.

    Readers are warned of what nobody has checked for `warn_days` (0: never).
    """

    def __init__(
        self, library: Shelf, embedder: Embedder, sessions: Callable[[], Session], clock: Clock = _utc_now, warn_days: int = WARN_DAYS
    ) -> None:
        self.library = library
        self._warn_days = warn_days
        self.embedder = embedder
        self._engines = SearchEngines(embedder, VectorCache(sessions))
        self.questions = Notebook(sessions)
        self._clock = clock

    def knowledge(self, municipality: str | None = None) -> r.Knowledge:
        """The records themselves. Raises KnowledgeUnavailable."""
        return self.library.knowledge(municipality)

    def now(self, municipality: str | None = None) -> datetime:
        """The local time there."""
        return self._clock().astimezone(self.knowledge(municipality).municipality.zone)

    def answer(
        self, topic: str, language: str, *, municipality: str | None = None, audience: str = "everyone", wish: Wish | None = None
    ) -> AnswerView | None:
        """The published answer on `topic`; None where the city has none.

        `wish` narrows the services named with it (a district, a language, a day).
        """
        knowledge = self.knowledge(municipality)
        article = knowledge.article(topic, audience)
        if article is None:
            return None
        own = knowledge.municipality.source_language
        texts = _read(article.texts, language, own)
        source = {name: Reading(one.body, one.language, TranslationState.ORIGINAL) for name, one in article.texts.items()}
        wanted = wish or Wish()
        named = Wish(
            services=tuple(dict.fromkeys((*article.services, *(s.id for s in knowledge.services_by_topic.get(topic, ()))))),
            named=article.services,
            topics=(topic,),
            district=wanted.district,
            spoken_language=wanted.spoken_language,
            days=wanted.days,
            open_at=wanted.open_at,
        )
        services, relaxed = self.services(named, language, municipality=municipality)
        return AnswerView(
            topic=article.topic,
            audience=article.audience,
            language=texts["answer"].language,
            texts=texts,
            source_texts=source,
            translation=worst(reading.state for reading in texts.values()),
            source=article.source,
            checked_on=article.checked_on,
            services=services,
            relaxed=relaxed,
            old=self.is_old(article.checked_on, municipality),
        )

    def is_old(self, checked_on: date | None, municipality: str | None = None) -> bool:
        """Whether readers are warned of something that was last checked on this day; what has no date is not warned of."""
        if checked_on is None or not self._warn_days:
            return False
        return (self.now(municipality).date() - checked_on).days > self._warn_days

    def services(
        self, wish: Wish, language: str, *, municipality: str | None = None, limit: int = 3
    ) -> tuple[tuple[ServiceView, ...], tuple[str, ...]]:
        """(services that fit, parts of the wish that had to be let go)."""
        knowledge = self.knowledge(municipality)
        town = knowledge.municipality
        now = self.now(municipality)
        found = find_services(
            knowledge, wish, reader=language, now=now, is_holiday=holiday_check(town.country, town.subdivision), limit=limit
        )
        origin = town.districts.get(wish.district) if wish.district else None
        return tuple(self._view(knowledge, one, language, now, origin, wish) for one in found.services), found.relaxed

    def service(self, service_id: str, language: str, *, municipality: str | None = None) -> ServiceView | None:
        """One service by its id."""
        knowledge = self.knowledge(municipality)
        service = knowledge.services.get(service_id)
        return self._view(knowledge, service, language, self.now(municipality), None) if service else None

    def information_point(self, language: str, *, municipality: str | None = None) -> ServiceView | None:
        """The place where a person can be met."""
        point = self.knowledge(municipality).municipality.information_point
        return self.service(point, language, municipality=municipality) if point else None

    def helplines(self, kind: str, language: str, *, municipality: str | None = None) -> tuple[HelplineView, ...]:
        """Numbers for one kind of crisis, in the city's order: those that are open at this moment, then the others with their hours."""
        knowledge = self.knowledge(municipality)
        town = knowledge.municipality
        now, is_holiday = self.now(municipality), holiday_check(town.country, town.subdivision)
        found = []
        for line in town.helplines:
            if kind in line.kinds:
                name = _read(line.texts, language, town.source_language)["name"].body
                found.append(HelplineView(name, line.number, line.languages, line.hours.always_open, line.hours.at(now, is_holiday)))
        return tuple(sorted(found, key=lambda line: not line.reachable))

    def municipality_name(self, language: str, *, municipality: str | None = None) -> str:
        """Its name in the reader's language."""
        town = self.knowledge(municipality).municipality
        return _read(town.texts, language, town.source_language)["name"].body

    def title(self, topic: str, language: str, *, municipality: str | None = None) -> str | None:
        """The title of the article on `topic`; None where there is none."""
        knowledge = self.knowledge(municipality)
        article = knowledge.article(topic)
        return _read(article.texts, language, knowledge.municipality.source_language)["title"].body if article else None

    def search(self, text: str, language: str, *, municipality: str | None = None, limit: int = 5) -> tuple[HitView, ...]:
        """What is nearest to `text` among articles and services."""
        knowledge = self.knowledge(municipality)
        engine = self._engines.of(knowledge)
        own = knowledge.municipality.source_language
        found = []
        for hit in engine.search(text, language, limit):
            kind, _, local = hit.id.partition(":")
            article, service = knowledge.articles.get(local), knowledge.services.get(local)
            if kind == "article" and article is not None:
                found.append(HitView(kind, article.topic, _read(article.texts, language, own)["title"].body, hit.similarity, hit.lexical))
            elif kind == "service" and service is not None:
                found.append(HitView(kind, service.id, _read(service.texts, language, own)["name"].body, hit.similarity, hit.lexical))
        return tuple(found)

    def only_narrows(self, text: str, *, municipality: str | None = None) -> bool:
        """Whether `text` only narrows what was asked before, by a language, a day or a district: "does somebody there speak arabic?"."""
        return only_narrows(text, self.knowledge(municipality))

    def note_unanswered(self, text: str, language: str, *, municipality: str | None = None) -> None:
        """Note for the editors that `text` found no answer: without numbers, addresses and the sender's name, with the day and nothing
        else. Returns at once; never to be called for a message with a safety finding. Raises KnowledgeUnavailable."""
        town = self.knowledge(municipality).municipality
        self.questions.put(town.id, text, language, self.now(municipality).date())

    def prepare_search(self, municipality: str | None = None) -> None:
        """Build the index and its vectors now (in a thread): at the start, and after a change."""
        self._engines.of(self.knowledge(municipality)).prepare()

    def semantic_ready(self, municipality: str | None = None) -> bool:
        """Whether the vectors of the present version are there."""
        return self._engines.of(self.knowledge(municipality)).semantic_ready

    def _view(
        self,
        knowledge: r.Knowledge,
        service: r.Service,
        language: str,
        now: datetime,
        origin: r.District | None,
        wish: Wish = Wish(),  # noqa: B008 (frozen)
    ) -> ServiceView:
        town = knowledge.municipality
        own = town.source_language
        texts = _read(service.texts, language, own)
        organization = knowledge.organizations[service.organization]
        is_holiday = holiday_check(town.country, town.subdivision)
        contact = knowledge.contacts.get(service.contact) if service.contact else None
        phones = (*service.phones, *(contact.phones if contact else ()))
        closed = service.closed if service.closed and service.closed.covers(now.date()) else None
        places = []
        for at in service.at:
            place = knowledge.locations[at.location]
            words = _read(place.texts, language, own)
            district = town.districts.get(place.district) if place.district else None
            hidden = place.confidential
            places.append(
                PlaceView(
                    name="" if hidden or "name" not in words else words["name"].body,
                    street=None if hidden else place.street,
                    postal_code=None if hidden else place.postal_code,
                    city=None if hidden else place.city,
                    district=None if hidden or district is None else _read(district.texts, language, own)["name"].body,
                    latitude=None if hidden else place.latitude,
                    longitude=None if hidden else place.longitude,
                    confidential=hidden,
                    accessibility=place.accessibility,
                    directions=None if hidden or "directions" not in words else words["directions"].body,
                    kilometres=None if hidden else distance(place, origin),
                    hours=at.hours,
                    open_now=_open_now(at.hours, service.closed, now, is_holiday),
                    is_holiday=is_holiday,
                )
            )
        return ServiceView(
            id=service.id,
            name=texts["name"],
            organization=_read(organization.texts, language, own)["name"].body,
            description=texts.get("description"),
            eligibility=texts.get("eligibility"),
            fees=texts.get("fees"),
            application_process=texts.get("application_process"),
            required_documents=texts.get("required_documents"),
            phones=tuple(dict.fromkeys(phone.number for phone in phones if phone.kind != "fax")),
            email=service.email or (contact.email if contact else None),
            website=service.website,
            languages=service.languages,
            speaks_reader=_speaks(service.languages, (wish.spoken_language, language), wish.days[0] if wish.days else now.date()),
            appointment=service.appointment.value if service.appointment else None,
            cost=service.cost,
            capacity=service.capacity,
            checked_on=service.checked_on,
            audience=service.audience,
            places=tuple(places),
            closed=closed,
            old=self.is_old(service.checked_on, town.id),
            closure=service.closed if service.closed and (closed or service.closed.since > now.date()) else None,
        )


def _open_now(hours: OpeningHours, closure: r.Closure | None, now: datetime, is_holiday: Holidays) -> OpenNow:
    """As the hours say, but for a closure; nobody is told that it opens again on a day on which it is closed."""
    found = hours.at(now, is_holiday)
    if closure is None:
        return found
    opens = found.opens_next
    return OpenNow(OpenState.CLOSED) if closure.covers(now.date()) or (opens and closure.covers(opens.date())) else found


def _speaks(languages: Iterable[r.SpokenLanguage], wanted: Iterable[str | None], day: date) -> r.SpokenLanguage | None:
    """How the first of the languages that are `wanted` is served, if it is: staff before interpreters, on `day` before other days."""
    known = tuple(languages)
    order = list(r.LanguageMode)
    for language in wanted:
        fitting = [one for one in known if one.language == language]
        if fitting:
            return min(fitting, key=lambda one: (bool(one.days) and day.weekday() not in one.days, order.index(one.mode)))
    return None


def _read(texts: Texts, language: str, own: str) -> dict[str, Reading]:
    codes = chain(language, own)
    return {name: one.read(codes) for name, one in texts.items()}
