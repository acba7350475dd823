"""What stands on a public page, put together from the knowledge in one language, before any HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from knowledge.domain.text import LocalizedText, Reading, TranslationState, worst
from knowledge.views import PlaceView
from locales.catalogue import say
from locales.registry import direction, languages

KINDS = ("service", "article", "page")


@dataclass(frozen=True, slots=True)
class Section:
    """A text under its heading. `form` is "text", "steps" (numbered) or "list"."""

    heading: str
    reading: Reading
    form: str = "text"

    @property
    def direction(self) -> str:
        """Of the language the text is in, which may not be the page's."""
        return direction(self.reading.language)


@dataclass(frozen=True, slots=True)
class Link:
    """Something to go on to; `language` is that of its words."""

    words: str
    href: str
    language: str = ""

    @property
    def direction(self) -> str:
        """Of its words."""
        return direction(self.language)


@dataclass(frozen=True, slots=True)
class Where:
    """A place of a service. `address` is empty for a place that is kept secret, and `secret` says so."""

    name: str
    address: tuple[str, ...]
    directions: str
    map_url: str
    now: str
    hours: tuple[str, ...]
    step_free: bool
    secret: bool


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page as a reader in `language` gets it."""

    kind: str
    id: str
    language: str
    title: Reading
    address: str
    by: str = ""
    alerts: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    html: str = ""
    places: tuple[Where, ...] = ()
    contact: tuple[Link, ...] = ()
    facts: tuple[str, ...] = ()
    services: tuple[Link, ...] = ()
    related: tuple[Link, ...] = ()
    trail: tuple[Link, ...] = ()
    children: tuple[Link, ...] = ()
    source: Link | None = None
    checked: str = ""
    notices: tuple[str, ...] = ()
    original: tuple[Section, ...] = ()
    original_html: str = ""

    @property
    def translated(self) -> bool:
        """Whether there is an original to compare with."""
        return bool(self.original or self.original_html)

    @property
    def source_language(self) -> str:
        """Language of the original."""
        return self.original[0].reading.language if self.original else self.language


def page_address(kind: str, local: str, language: str, city: str | None = None) -> str:
    """Where readers find it; `city` where it is not the municipality that answers by default."""
    path = f"/info/{language}/{kind}/{quote(local, safe='')}"
    return f"{path}?{urlencode({'city': city})}" if city else path


def notices(readings: Iterable[Reading], language: str, *, old: bool) -> tuple[str, ...]:
    """What the reader has to know: how old it is, how far the translation can be trusted, and in which other language it is."""
    shown = list(readings)
    found = [say("notice.old", language)] if old else []
    state = worst(one.state for one in shown)
    if state in (TranslationState.MACHINE, TranslationState.OUTDATED):
        found.append(say(f"notice.{state.value}", language))
    for other in sorted({one.language for one in shown} - {language}):
        found.append(say("notice.other_language", language, language=languages()[other].name))
    return tuple(found)


def originals(sections: Sequence[Section], title: Reading, texts: Mapping[str, LocalizedText], names: Sequence[str]) -> tuple[Section, ...]:
    """The source texts of what is shown translated, for readers to compare; none where everything is the original.

    `names` are the fields of `sections`, in their order.
    """
    if all(one.reading.state is TranslationState.ORIGINAL for one in sections) and title.state is TranslationState.ORIGINAL:
        return ()
    found = []
    for section, name in zip(sections, names, strict=True):
        source = texts[name]
        reading = Reading(source.body, source.language, TranslationState.ORIGINAL)
        heading = say(section_key(name), source.language) if section.heading else ""
        found.append(Section(heading, reading, section.form))
    return tuple(found)


_HEADINGS = {
    "answer": "", "description": "",
    "simple": "public.simple", "steps": "answer.steps", "documents": "answer.documents", "deadline": "answer.deadline",
    "cost": "answer.cost", "where": "answer.where", "other_person": "answer.other_person",
    "eligibility": "public.for_whom", "fees": "answer.cost", "application_process": "public.how", "required_documents": "answer.documents",
}  # fmt: skip
_FORMS = {"steps": "steps", "documents": "list", "required_documents": "list"}


def section_key(field: str) -> str:
    """Key of the heading over a text."""
    return _HEADINGS.get(field, "")


def section(field: str, reading: Reading, language: str) -> Section:
    """A text with its heading in the reader's language."""
    key = section_key(field)
    return Section(say(key, language) if key else "", reading, _FORMS.get(field, "text"))


def map_url(place: PlaceView) -> str:
    """The place on a map; empty where it is secret or not known."""
    if place.latitude is None or place.longitude is None:
        return ""
    where = urlencode({"mlat": place.latitude, "mlon": place.longitude})
    return f"https://www.openstreetmap.org/?{where}#map=17/{place.latitude}/{place.longitude}"
