"""Names in a message, linked to the knowledge base: districts, organizations, services, languages, days and ages.

The matchers (spaCy's PhraseMatcher) are built from what is published at this moment, so that an editor's new service is recognised without
training. Words are compared in a plain form: without accents, Arabic without the article and particles written onto the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import spacy
from babel import Locale, UnknownLocaleError
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from knowledge.domain.records import Knowledge, Organization, Service
from knowledge.search.ages import find_ages
from knowledge.search.days import find_days
from knowledge.search.normalise import normalise
from locales.registry import languages, served
from locales.word_lists import word_lists

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_ARABIC = re.compile(r"^[\u0600-\u06ff]+$")
_ARABIC_START = re.compile(r"^(?:وال|بال|فال|كال|لل|ال|ب|ل|و)(?=.{3,})")
_PREFIX_FROM = 6
# Endings that are written onto names of languages, by the end of the name. Any ending would make Polish of the Turkish police ("polis"),
# Somali of Somalia and Russian of Russia.
_LANGUAGE_ENDINGS = (
    (re.compile(r"(?<=isch)$"), "e en er es em kurs kurse sprachig sprachige sprachiger sprachigen"),
    (re.compile(r"(?<=c[ae])$"), "da de ya ye yi dan den si m n nin mi miz dir yla yle lar ler"),
    (re.compile(r"(?<=ien|ais|ain|and)$"), "e s es ne nes"),
    (re.compile(r"(?<=[сц]ьк)(?:а|ою|ий)$"), "а у ою ої ій ий і е их им ими ого ому омовний омовна омовні омовного омовних"),
    (re.compile(r"(?<=ск)(?:ии|ий|им)$"), "ий ии ая ом им ого ому ую ой ие их и оязычный"),
)
# Stands for a word that is part of no name.
_UNKNOWN = "?"
# Too common to be a name although a place may be called so.
_MIN_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A name found: `kind` is district, organization, service, spoken_language, day or age; `value` its id; offsets into the message."""

    kind: str
    value: str
    start: int
    end: int
    text: str


class NameLinker:
    """Finds names of one version of the knowledge, and is brought along with it."""

    def __init__(self, knowledge: Knowledge | None) -> None:
        self._nlp = spacy.blank("xx")
        self._knowledge: Knowledge | None = None
        self._begin()
        if knowledge:
            self.update(knowledge)

    def _begin(self) -> None:
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="ORTH")
        self._prefixes: list[tuple[str, str, str]] = []
        for fixed in _fixed_names():
            self._add(*fixed)

    def update(self, knowledge: Knowledge) -> None:
        """Take in what is another in `knowledge` than it was; records that are the same objects cost nothing."""
        held = self._knowledge
        if held is knowledge:
            return
        if held is None or held.municipality is not knowledge.municipality:
            if held is not None:
                self._begin()
            held = None
            for place in _places(knowledge):
                self._add(*place)
        for kind, before, after in (
            ("organization", held.organizations if held else {}, knowledge.organizations),
            ("service", held.services if held else {}, knowledge.services),
        ):
            for id in {**before, **after}:
                if before.get(id) is after.get(id):
                    continue
                if id in before and f"{kind}\t{id}" in self._matcher:
                    self._matcher.remove(f"{kind}\t{id}")
                if id in after:
                    for name in _names(after[id]):
                        self._add(kind, id, name)
        self._knowledge = knowledge

    def _add(self, kind: str, value: str, name: str) -> None:
        plain = [plain_word(word) for word in _WORD.findall(name)]
        if not plain or len("".join(plain)) < _MIN_LETTERS:
            return
        # A name that begins with a letter like a particle (Lindenau in Arabic) keeps it where a particle is written before it.
        whole = [plain_word(_WORD.findall(name)[0], particles=False), *plain[1:]]
        self._matcher.add(f"{kind}\t{value}", [Doc(self._nlp.vocab, words=form) for form in (plain, whole)])
        if len(plain) == 1 and len(plain[0]) >= _PREFIX_FROM and kind == "district":
            self._prefixes.append((plain[0][:-1], kind, value))
        if len(plain) == 1 and kind == "spoken_language":
            with_endings = [Doc(self._nlp.vocab, words=[form]) for form in _with_endings(plain[0])]
            if with_endings:
                self._matcher.add(f"{kind}\t{value}", with_endings)

    def link(self, text: str) -> list[Link]:
        """The names in `text`, in order of appearance; where they overlap the longest, of several records with one name always the same."""
        found = list(_WORD.finditer(text))
        if not found:
            return []
        words = [plain_word(match.group()) for match in found]
        # spaCy keeps every word it has seen; those of people are not to stay, and are in no name.
        known = self._nlp.vocab.strings
        document = Doc(self._nlp.vocab, words=[word if word in known else _UNKNOWN for word in words])
        spans = [(end - start, start, end, *known[rule].split("\t", 1)) for rule, start, end in self._matcher(document)]
        for position, word in enumerate(words):
            spans += [
                (0, position, position + 1, kind, value)
                for prefix, kind, value in self._prefixes
                if word.startswith(prefix) and len(word) <= len(prefix) + 5
            ]
        taken: set[tuple[int, str]] = set()
        links = []
        for _, start, end, kind, value in sorted(spans, key=lambda span: (-span[0], *span[1:])):
            places = {(place, kind) for place in range(start, end)}
            if places & taken:
                continue
            taken |= places
            begin, finish = found[start].start(), found[end - 1].end()
            links.append(Link(kind, value, begin, finish, text[begin:finish]))
        links += [Link("day", one.value, one.start, one.end, one.text) for one in find_days(text)]
        links += [Link("age", str(one.years), one.start, one.end, one.text) for one in find_ages(text)]
        return sorted(links, key=lambda link: link.start)


@lru_cache(maxsize=20_000)
def plain_word(word: str, *, particles: bool = True) -> str:
    """The form in which a word is compared, Arabic without the particles that begin it (unless told not to)."""
    plain = normalise(word)
    if _ARABIC.match(plain):
        plain = _ARABIC_START.sub("", plain) if particles else plain
        if len(plain) > 3:
            plain = plain.rstrip("هي") or plain
    return plain


def _with_endings(name: str) -> Iterable[str]:
    """The name of a language with the endings that it may have."""
    for cut, endings in _LANGUAGE_ENDINGS:
        if cut.search(name):
            yield from (cut.sub("", name) + ending for ending in endings.split())


def _places(knowledge: Knowledge) -> Iterable[tuple[str, str, str]]:
    for district in knowledge.municipality.districts.values():
        for name in (*(body for _, body in district.texts["name"].all_bodies()), *district.also):
            yield "district", district.id, name


def _names(record: Organization | Service) -> Iterable[str]:
    also = record.also if isinstance(record, Service) else ()
    for name in (*(body for _, body in record.texts["name"].all_bodies()), *also):
        yield name
        # "Welcome Point (Beratung)": people say what stands before the bracket.
        short = re.sub(r"\s*[(（].*", "", name)
        if short != name and isinstance(record, Service):
            yield short


@cache
def _fixed_names() -> tuple[tuple[str, str, str], ...]:
    """Languages, in all languages that the assistant speaks."""
    names: list[tuple[str, str, str]] = []
    locales = [Locale.parse(code) for code in (*served(), "en")]
    for code, language in languages().items():
        names.append(("spoken_language", code, language.name))
        for locale in locales:
            try:
                name = locale.languages.get(code)
            except UnknownLocaleError:
                continue
            if name:
                names.append(("spoken_language", code, name))
        names += [("spoken_language", code, name) for name in word_lists()["languages"].get(code, ())]
    return tuple(names)
