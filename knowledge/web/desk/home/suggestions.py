"""What staff and the public say is wrong: saying it, looking at it, dealing with it."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial import suggestions
from knowledge.editorial.actor import Permission
from knowledge.editorial.contents import fold
from knowledge.editorial.errors import DeskError, NotAllowed, NotFound
from knowledge.editorial.records import get
from knowledge.editorial.scope import scope_of
from knowledge.editorial.sight import Sight
from knowledge.store.desk_tables import RecordRow, SuggestionRow
from knowledge.web.desk.home.common import SUGGESTIONS
from knowledge.web.desk.home.todo import PAGE_SIZE, page_number
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.record.common import Place, place_of, url_of
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.routing import error_words

_MOST_FOUND = 20
_KINDS = ("service", "article", "page")


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/suggestions: what waits, or (``?state=handled``) what was dealt with."""
    handled = desk.request.query.get("state") == "handled"
    page = page_number(desk)

    def work(session: Session) -> tuple[int, Sequence[tuple[SuggestionRow, RecordRow]], Place]:
        scope = scope_of(desk.actor, Permission.EDIT, desk.municipality)
        if scope is None:
            raise NotAllowed("desk.not_allowed", permission=Permission.EDIT.value)
        found = suggestions.waiting(session, scope, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE, handled=handled)
        return *found, place_of(session, desk)

    count, rows, place = await desk.run(work)
    return desk.page(
        "suggestions/list.html",
        rows=[(row, record, url_of(record.id)) for row, record in rows],
        count=count,
        handled=handled,
        page=page,
        pages=max(1, -(-count // PAGE_SIZE)),
        place=place,
    )


async def handle(desk: DeskRequest) -> web.Response:
    """POST /desk/suggestions/handled."""
    key, number = desk.text("record"), _number(desk)
    await desk.run(lambda session: suggestions.handle(session, desk.actor, key, number))
    return desk.redirect(SUGGESTIONS, "suggestion_handled")


async def reopen(desk: DeskRequest) -> web.Response:
    """POST /desk/suggestions/reopened."""
    key, number = desk.text("record"), _number(desk)
    await desk.run(lambda session: suggestions.reopen(session, desk.actor, key, number))
    return desk.redirect(SUGGESTIONS, "suggestion_reopened")


async def form(desk: DeskRequest) -> web.Response:
    """GET /desk/suggest: about a record (``?record=``), which is looked for first where none is named."""
    return await _form(desk, desk.request.query.get("record", ""))


async def send(desk: DeskRequest) -> web.Response:
    """POST /desk/suggest. What was typed comes back where it cannot be taken."""
    key = desk.text("record")

    def work(session: Session) -> None:
        suggestions.suggest(session, desk.actor, key, desk.text("text"), desk.language)

    try:
        await desk.run(work)
    except (NotFound, NotAllowed):
        raise
    except DeskError as error:
        return await _form(desk, key, typed=desk.text("text"), problem=error_words(desk, error), status=422)
    return desk.redirect("/desk", "record_suggested")


async def _form(desk: DeskRequest, key: str, *, typed: str = "", problem: str = "", status: int = 200) -> web.Response:
    looked_for = desk.request.query.get("q", "").strip()[:100]

    def work(session: Session) -> tuple[RecordRow | None, str, list[tuple[str, str, str]], Place]:
        place, sight = place_of(session, desk), desk.sight(session)
        if key:
            record, names = get(session, desk.actor, key), sight.names([key])
            if key not in names:
                raise NotFound("desk.no_record", record=key)
            return record, names[key], [], place
        return None, "", _find(sight, looked_for) if looked_for else [], place

    record, name, found, place = await desk.run(work)
    return desk.page(
        "suggestions/form.html",
        status=status,
        record=record,
        name=name,
        url=url_of(record.id) if record else "",
        found=found,
        looked_for=looked_for,
        typed=typed,
        problem=problem,
        place=place,
        longest=suggestions.LONGEST,
    )


def _find(sight: Sight, text: str) -> list[tuple[str, str, str]]:
    """(key, kind, name) of records that have all the words."""
    words = fold(text).split()
    found = [
        (one.sort_name, one.key, kind, one.name)
        for kind in _KINDS
        for one in sight.contents(kind).values()
        if all(word in one.haystack for word in words)
    ]
    return [(key, kind, name) for _, key, kind, name in sorted(found)[:_MOST_FOUND]]


def _number(desk: DeskRequest) -> int:
    given = whole(desk.text("suggestion"))
    return -1 if given is None else given
