"""The whole of one list of the home page, with the one thing that can be done there by a click."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial import autosave, care
from knowledge.editorial.errors import DeskError, NotAllowed, NotFound
from knowledge.editorial.home.overview import listed
from knowledge.editorial.home.parts import Listed, Name
from knowledge.editorial.links.seen_working import say_it_works
from knowledge.editorial.records import get
from knowledge.editorial.verify import still_true
from knowledge.store.account_tables import UserRow
from knowledge.web.desk.home.common import TODO, ask, line, page_of
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.record.common import Place, place_of
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.routing import error_words

PAGE_SIZE = 50
MOST_AT_ONCE = 200
# Lists in which somebody sees their own things first and may look at everybody's.
WITH_EVERYBODY = frozenset({Name.DUE, Name.DRAFTS, Name.SENT_BACK})


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/todo/{name}: lists with a page of their own are shown there."""
    name = _name(desk)
    if page_of(name) != f"{TODO}/{name.value}":
        raise web.HTTPFound(page_of(name))
    return await _page(desk, name)


async def _page(desk: DeskRequest, name: Name, *, problem: str = "", ticked: Sequence[str] = (), status: int = 200) -> web.Response:
    everybody = name in WITH_EVERYBODY and desk.request.query.get("whose") == "all"
    page = page_number(desk)

    def work(session: Session) -> tuple[Listed, Place, Sequence[UserRow]]:
        asked, place = ask(desk, session, everybody=everybody)
        found, _ = listed(asked, name, page=page, size=PAGE_SIZE)
        people: Sequence[UserRow] = ()
        if name is Name.NOBODY and found.items and found.items[0].record:
            people = care.carers(session, get(session, desk.actor, found.items[0].record))
        return found, place, people

    found, place, people = await desk.run(work)
    return desk.page(
        "home/todo.html",
        status=status,
        name=name.value,
        problem=problem,
        ticked=ticked,
        chosen=desk.text("person") if problem else str(desk.actor.id),
        lines=[line(name, item, place, desk.language) for item in found.items],
        count=found.count,
        page=page,
        pages=max(1, -(-found.count // PAGE_SIZE)),
        everybody=everybody,
        with_everybody=name in WITH_EVERYBODY,
        people=people,
    )


async def verify(desk: DeskRequest) -> web.Response:
    """POST /desk/todo/due: "still true", in the list."""

    def work(session: Session) -> None:
        still_true(session, desk.actor, desk.text("record"), place_of(session, desk).today)

    await desk.run(work)
    return desk.redirect(_back(desk, Name.DUE), "home_verified")


async def discard(desk: DeskRequest) -> web.Response:
    """POST /desk/todo/unfinished: throw typing away."""
    await desk.run(lambda session: autosave.discard(session, desk.actor, desk.text("form")))
    return desk.redirect(_back(desk, Name.UNFINISHED), "home_discarded")


async def link_works(desk: DeskRequest) -> web.Response:
    """POST /desk/todo/links: somebody has opened the address and seen that it works."""
    number = whole(desk.text("link"))
    await desk.run(lambda session: say_it_works(session, desk.actor, desk.text("record"), -1 if number is None else number))
    return desk.redirect(_back(desk, Name.LINKS), "link_works")


async def assign(desk: DeskRequest) -> web.Response:
    """POST /desk/todo/nobody: somebody answers for the services that were ticked. Where something is missing, the page comes back with
    the ticks."""
    # The second button is for everything that the page shows.
    field = "shown" if desk.text("all") else "record"
    keys = [one for one in (desk.form.getall(field, []) if desk.form is not None else []) if isinstance(one, str)][:MOST_AT_ONCE]
    person = whole(desk.text("person"))

    def work(session: Session) -> None:
        if not keys or person is None:
            raise DeskError("desk.nothing_chosen")
        for key in keys:
            care.set_responsible(session, desk.actor, key, person)

    try:
        await desk.run(work)
    except (NotFound, NotAllowed):
        raise
    except DeskError as error:
        return await _page(desk, Name.NOBODY, problem=error_words(desk, error), ticked=keys, status=422)
    return desk.redirect(_back(desk, Name.NOBODY), "home_assigned")


def page_number(desk: DeskRequest) -> int:
    """The page that is asked for; 1 where it is no number."""
    return whole(desk.request.query.get("page", "")) or 1


def _name(desk: DeskRequest) -> Name:
    try:
        return Name(desk.request.match_info["name"])
    except ValueError as error:
        raise NotFound("desk.no_list") from error


def _back(desk: DeskRequest, name: Name) -> str:
    """The list again, where somebody was in it."""
    return f"{TODO}/{name.value}" + ("?whose=all" if desk.text("whose") == "all" else "")
