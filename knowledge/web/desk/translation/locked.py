"""/desk/translations/locked-words: names that no translation may change."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Permission
from knowledge.editorial.errors import DeskError, NotAllowed
from knowledge.editorial.locked_words import LONGEST, Locked, listed, lock_words, unlock_word
from knowledge.store.desk_tables import LockedWordRow
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.routing import error_words

URL = "/desk/translations/locked-words"


async def show(desk: DeskRequest) -> web.Response:
    """The list."""
    return await _page(desk)


async def _page(desk: DeskRequest, *, status: int = 200, problem: str = "", typed: str = "") -> web.Response:
    def work(session: Session) -> list[LockedWordRow]:
        return list(listed(session, desk.municipality))

    may_change = desk.actor.may(Permission.TRANSLATE, desk.municipality)
    rows = await desk.run(work)
    return desk.page(
        "translation/locked.html", status=status, rows=rows, problem=problem, typed=typed, may_change=may_change, longest=LONGEST
    )


async def add(desk: DeskRequest) -> web.Response:
    """Names, one a line."""
    typed = desk.text("terms")
    try:
        done = await desk.run(lambda session: lock_words(session, desk.actor, desk.municipality, typed.splitlines()))
    except NotAllowed:
        raise
    except DeskError as error:
        return await _page(desk, status=422, problem=error_words(desk, error), typed=typed)
    return desk.redirect(URL, _notice(done))


def _notice(done: Locked) -> str:
    if done.added:
        return "locked_some" if done.known else "locked_added"
    return "locked_known" if done.known else ""


async def remove(desk: DeskRequest) -> web.Response:
    """A name may be translated again."""
    word = whole(desk.text("word"))
    await desk.run(lambda session: unlock_word(session, desk.actor, desk.municipality, -1 if word is None else word))
    return desk.redirect(URL, "locked_removed")
