"""The three kinds of public pages: a service, an answer, a page of the guide."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.api import KnowledgeApi
from knowledge.domain import records as r
from knowledge.domain.text import LocalizedText, Reading, TranslationState
from knowledge.editorial.hours_words import hours_sentences
from knowledge.replies.answer import source_line
from knowledge.replies.service_card import announced_words, appointment_words, capacity_words, closed_words, language_names
from knowledge.replies.times import day_words, open_words
from knowledge.views import PlaceView, ServiceView
from knowledge.web.public.content import Link, PublicPage, Section, Where, map_url, notices, originals, page_address, section
from knowledge.web.public.markdown import page_html
from locales.catalogue import say
from locales.registry import chain

_ARTICLE = ("answer", "simple", "steps", "documents", "deadline", "cost", "where", "other_person")
_SERVICE = ("description", "eligibility", "fees", "application_process", "required_documents")


@dataclass(frozen=True)
class Builder:
    """Puts pages together from one municipality's knowledge. `city` stands in links where the municipality is not the default one,
    `level` is that of the page's own heading."""

    api: KnowledgeApi
    language: str
    municipality: str | None = None
    city: str | None = None
    level: int = 1

    def page(self, kind: str, local: str) -> PublicPage | None:
        """The page; None where readers have none of that kind and id. Raises KnowledgeUnavailable."""
        if kind == "service":
            return self._service(local)
        return self._article(local) if kind == "article" else self._guide(local)

    def guide_starts(self) -> tuple[Link, ...]:
        """The pages with which the guide begins: those below no other. Raises KnowledgeUnavailable."""
        pages = self._knowledge().pages
        found = sorted((one for one in pages.values() if one.parent not in pages), key=lambda one: (one.order, one.id))
        return tuple(self._link("page", one.id, one.texts["title"]) for one in found)

    def _knowledge(self) -> r.Knowledge:
        return self.api.knowledge(self.municipality)

    def _read(self, text: LocalizedText) -> Reading:
        return text.read(chain(self.language, self._knowledge().municipality.source_language))

    def _address(self, kind: str, local: str) -> str:
        return page_address(kind, local, self.language, self.city)

    def _link(self, kind: str, local: str, name: LocalizedText) -> Link:
        reading = self._read(name)
        return Link(reading.body, self._address(kind, local), reading.language)

    def _service(self, local: str) -> PublicPage | None:
        knowledge, language = self._knowledge(), self.language
        record = knowledge.services.get(local)
        view = self.api.service(local, language, municipality=self.municipality)
        if record is None or view is None:
            return None
        texts = dict(record.texts)
        names = [name for name in _SERVICE if name in texts]
        sections = tuple(section(name, self._read(texts[name]), language) for name in names)
        topics = [knowledge.articles[key] for topic in record.topics if (key := f"{topic}:everyone") in knowledge.articles]
        return PublicPage(
            kind="service",
            id=local,
            language=language,
            title=view.name,
            address=self._address("service", local),
            by=view.organization,
            alerts=_alerts(view, language),
            sections=sections,
            places=tuple(self._where(place, view) for place in view.places),
            contact=_contact(view),
            facts=self._facts(view),
            related=tuple(self._link("article", one.id, one.texts["title"]) for one in topics[:6]),
            checked=self._checked(view),
            notices=notices([view.name, *(one.reading for one in sections)], language, old=view.old),
            original=originals(sections, view.name, texts, names),
        )

    def _checked(self, view: ServiceView) -> str:
        if view.checked_on is None:
            return ""
        return say("answer.checked_on", self.language, date=day_words(view.checked_on, self.language))

    def _facts(self, view: ServiceView) -> tuple[str, ...]:
        found = [appointment_words(view, self.language)]
        if view.cost.free and view.fees is None:
            found.append(say("service.free", self.language))
        if view.languages:
            found.append(say("service.languages", self.language, names=language_names(view, self.language)))
        return tuple(one for one in found if one)

    def _where(self, place: PlaceView, view: ServiceView) -> Where:
        now = self.api.now(self.municipality)
        town = " ".join(part for part in (place.postal_code, place.city) if part)
        district = place.district if place.district and place.district != place.city else None
        # What `now` has said already is not said twice.
        told = place.hours.known and not place.hours.always_open
        return Where(
            name=place.name,
            address=tuple(part for part in (place.street, town, district) if part),
            directions=place.directions or "",
            map_url=map_url(place),
            now="" if view.closed else open_words(place.open_now, now, self.language),
            hours=tuple(hours_sentences(place.hours, self.language, now.date())) if told else (),
            step_free=bool({"wheelchair_entrance", "step_free"} & set(place.accessibility)),
            secret=place.confidential,
        )

    def _article(self, local: str) -> PublicPage | None:
        knowledge, language = self._knowledge(), self.language
        topic, _, audience = local.partition(":")
        record = knowledge.articles.get(f"{topic}:{audience or 'everyone'}")
        if record is None:
            return None
        view = self.api.answer(topic, language, municipality=self.municipality, audience=record.audience)
        assert view is not None  # it was found a line above
        texts = dict(record.texts)
        names = [name for name in _ARTICLE if name in texts]
        sections = tuple(section(name, view.texts[name], language) for name in names)
        return PublicPage(
            kind="article",
            id=record.id,
            language=language,
            title=view.texts["title"],
            address=self._address("article", record.id),
            sections=sections,
            services=tuple(Link(one.name.body, self._address("service", one.id), one.name.language) for one in view.services),
            source=Link(source_line(view, language), record.source.url),
            notices=notices([view.texts["title"], *(one.reading for one in sections)], language, old=view.old),
            original=originals(sections, view.texts["title"], texts, names),
        )

    def _guide(self, local: str) -> PublicPage | None:
        knowledge, language = self._knowledge(), self.language
        record = knowledge.pages.get(local)
        if record is None:
            return None
        title = self._read(record.texts["title"])
        body = self._read(record.texts["body"]) if "body" in record.texts else None
        children = sorted((one for one in knowledge.pages.values() if one.parent == local), key=lambda one: (one.order, one.id))
        source = record.texts.get("body")
        translated = body is not None and source is not None and body.language != source.language
        return PublicPage(
            kind="page",
            id=local,
            language=language,
            title=title,
            address=self._address("page", local),
            sections=(Section("", body),) if body else (),
            html=page_html(body.body, self._page_address, top=self.level + 1) if body else "",
            trail=self._trail(record),
            children=tuple(self._link("page", one.id, one.texts["title"]) for one in children),
            checked=say("answer.checked_on", language, date=day_words(record.checked_on, language)) if record.checked_on else "",
            notices=notices([title, *([body] if body else [])], language, old=self.api.is_old(record.checked_on, self.municipality)),
            original=(Section("", Reading(source.body, source.language, TranslationState.ORIGINAL)),) if translated and source else (),
            original_html=page_html(source.body, self._page_address, top=self.level + 2) if translated and source else "",
        )

    def _page_address(self, local: str) -> str | None:
        return self._address("page", local) if local in self._knowledge().pages else None

    def _trail(self, record: r.Page) -> tuple[Link, ...]:
        """The pages above, the highest first; a circle, which nothing forbids, ends it."""
        pages = self._knowledge().pages
        seen = {record.id}
        found: list[Link] = []
        above = record.parent
        while above and above in pages and above not in seen:
            seen.add(above)
            found.insert(0, self._link("page", above, pages[above].texts["title"]))
            above = pages[above].parent
        return tuple(found)


def _alerts(view: ServiceView, language: str) -> tuple[str, ...]:
    closed = closed_words(view.closed, language) if view.closed else announced_words(view, language)
    return tuple(words for words in (closed, capacity_words(view, language)) if words)


def _contact(view: ServiceView) -> tuple[Link, ...]:
    found = [Link(f"☎ {number}", "tel:" + "".join(c for c in number if c.isdigit() or c == "+")) for number in view.phones]
    if view.email:
        found.append(Link(f"✉ {view.email}", f"mailto:{view.email}"))
    if view.website and view.website.startswith(("http://", "https://")):
        found.append(Link(view.website, view.website))
    return tuple(found)
