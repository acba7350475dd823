"""/desk/translations: the coverage as a picture, and for each language the records that want somebody, most needed first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.documents.models import MODELS
from knowledge.domain.text import TranslationState
from knowledge.editorial.actor import Permission
from knowledge.editorial.coverage import STATES, Coverage, Covered, coverage
from knowledge.editorial.errors import NotFound
from knowledge.replies.service_card import language_name
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.record.common import url_of
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.translation.service import has_translator
from locales.registry import direction

PAGE_SIZE = 50
# What somebody has to do something about, if nothing else is asked for.
OPEN = (TranslationState.MISSING, TranslationState.OUTDATED, TranslationState.MACHINE)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: its state, how many texts, and where it stands, in per mille of the bar's length."""

    state: TranslationState
    number: int
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Bar:
    """How many of `texts` texts are in which state."""

    texts: int
    parts: tuple[Part, ...]

    @property
    def good(self) -> int:
        """Per cent that nobody needs to look at, rounded down: 100 means all."""
        reviewed = sum(part.number for part in self.parts if part.state is TranslationState.REVIEWED)
        return reviewed * 100 // self.texts if self.texts else 100

    @property
    def wanting(self) -> int:
        """Texts that are missing or of older words."""
        return self.number(TranslationState.MISSING) + self.number(TranslationState.OUTDATED)

    def number(self, state: TranslationState) -> int:
        """Texts in this state."""
        return sum(part.number for part in self.parts if part.state is state)


def bar(texts: int, counts: Counter[TranslationState]) -> Bar:
    """The pieces in their order, one after the other."""
    parts, at = [], 0.0
    for state in STATES:
        if counts[state]:
            length = counts[state] * 1000 / max(texts, 1)
            parts.append(Part(state, counts[state], round(at, 2), round(length, 2)))
            at += length
    return Bar(texts, tuple(parts))


@dataclass(frozen=True, slots=True)
class LanguageBoard:
    """One language on the board."""

    code: str
    name: str
    whole: Bar
    by_kind: tuple[tuple[str, Bar], ...]
    first: Covered | None
    # What to read first of what a machine wrote.
    unread: Covered | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next: translate `record` into a language, or read there what a machine wrote, if nothing is missing any more."""

    code: str
    name: str
    number: int
    record: Covered
    read: bool


def next_step(boards: Sequence[LanguageBoard]) -> NextStep | None:
    """The language that lacks most; if none lacks anything, the one with most texts that nobody has read; None: all is done."""
    for read in (False, True):
        steps = [
            NextStep(one.code, one.name, one.whole.number(TranslationState.MACHINE) if read else one.whole.wanting, record, read)
            for one in boards
            if (record := one.unread if read else one.first) is not None
        ]
        if steps:
            return max(steps, key=lambda one: one.number)
    return None


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/translations."""
    found = await desk.run(lambda session: own(desk, coverage(session, desk.municipality)))
    boards = [_board(found, code, desk.language) for code in found.languages]
    first = next_step(boards)
    return desk.page(
        "translation/board.html",
        boards=boards,
        first=first,
        first_url=url_of(first.record.key, f"translate/{first.code}") if first else "",
        texts=found.texts(),
        source=language_name(found.source_language, desk.language),
        source_language=found.source_language,
        states=STATES,
        has_translator=has_translator(desk.settings),
        list_url=list_url,
    )


def own(desk: DeskRequest, found: Coverage) -> Coverage:
    """What this person may translate: somebody who works for one organization sees its records."""
    if desk.actor.may(Permission.TRANSLATE, desk.municipality):
        return found
    mine = tuple(one for one in found.records if desk.actor.may(Permission.TRANSLATE, desk.municipality, one.organization))
    return Coverage(found.source_language, found.languages, mine)


def _board(found: Coverage, code: str, reader: str) -> LanguageBoard:
    kinds = []
    for kind in MODELS:
        texts = found.texts(kind)
        if texts:
            kinds.append((kind, bar(texts, found.totals(kind)[code])))
    needed = found.most_needed(code, (TranslationState.MISSING, TranslationState.OUTDATED))
    unread = found.most_needed(code, (TranslationState.MACHINE,))
    whole = bar(found.texts(), found.totals()[code])
    return LanguageBoard(code, language_name(code, reader), whole, tuple(kinds), next(iter(needed), None), next(iter(unread), None))


def list_url(code: str, *, kind: str = "", state: str = "", page: int = 1) -> str:
    """The list of one language."""
    query = {name: value for name, value in (("kind", kind), ("state", state), ("page", str(page) if page > 1 else "")) if value}
    return f"/desk/translations/{code}" + (f"?{urlencode(query)}" if query else "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of a list; empty: all kinds, every state that wants somebody."""

    kind: str
    state: str

    @property
    def states(self) -> tuple[TranslationState, ...]:
        """The states that are asked for."""
        return (TranslationState(self.state),) if self.state else OPEN


def wanted_of(desk: DeskRequest) -> Wanted:
    """The filters in the address or in the form; what is unknown counts as empty."""
    given = desk.form if desk.form is not None else desk.request.query
    kind, state = str(given.get("kind", "")), str(given.get("state", ""))
    return Wanted(kind if kind in MODELS else "", state if state in {one.value for one in STATES} else "")


def language_of(desk: DeskRequest, found: Coverage) -> str:
    """The language in the address. Raises NotFound for one that is not translated into."""
    code = desk.request.match_info["language"]
    if code not in found.languages:
        raise NotFound("desk.no_language", language=code)
    return code


async def language(desk: DeskRequest) -> web.Response:
    """GET /desk/translations/{language}?kind=&state=&page=."""

    def work(session: Session) -> Coverage:
        return own(desk, coverage(session, desk.municipality))

    found = await desk.run(work)
    code, wanted = language_of(desk, found), wanted_of(desk)
    rows = found.most_needed(code, wanted.states, wanted.kind)
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    page = min(whole(desk.request.query.get("page", "")) or 1, pages)
    return desk.page(
        "translation/language.html",
        code=code,
        name=language_name(code, desk.language),
        source_language=found.source_language,
        source_direction=direction(found.source_language),
        wanted=wanted,
        rows=_shown(rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], code),
        found=len(rows),
        missing=sum(one.number(code, (TranslationState.MISSING,)) for one in rows),
        page=page,
        pages=pages,
        kinds=list(MODELS),
        states=STATES,
        has_translator=has_translator(desk.settings),
        list_url=list_url,
    )


async def next_record(desk: DeskRequest) -> web.Response:
    """GET /desk/translations/{language}/next?after=: on to the record that needs this language most, besides the one just worked on."""
    found = await desk.run(lambda session: own(desk, coverage(session, desk.municipality)))
    code = language_of(desk, found)
    needed = found.most_needed(code, OPEN)
    key = next((one.key for one in needed if one.key != desk.request.query.get("after")), "")
    return desk.redirect(url_of(key, f"translate/{code}") if key else list_url(code))


@dataclass(frozen=True, slots=True)
class Row:
    """A record in a list: how many texts are in which state."""

    record: Covered
    url: str
    numbers: tuple[tuple[TranslationState, int], ...]


def _shown(records: Sequence[Covered], code: str) -> list[Row]:
    return [
        Row(
            one,
            url_of(one.key, f"translate/{code}"),
            tuple((state, number) for state in reversed(STATES) if (number := one.number(code, (state,)))),
        )
        for one in records
    ]
