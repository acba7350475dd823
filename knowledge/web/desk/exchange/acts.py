"""What is done with a run: decide, bring in, stop, read again, throw away, take back."""

from __future__ import annotations

import asyncio

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Permission
from knowledge.editorial.errors import DeskError
from knowledge.editorial.import_runs import items, runs
from knowledge.editorial.import_runs.states import RunState
from knowledge.store.desk_tables import ImportRunRow
from knowledge.web.desk.exchange.common import background, check_seen, number_of, run_url, started, with_run
from knowledge.web.desk.exchange.upload import choices
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.request import DeskRequest

_CONFLICT = "conflict"


async def decide(desk: DeskRequest) -> web.Response:
    """POST /desk/exchange/run/{run}/decide: the choices of one page of the dry run; with ``do=write``, the import itself."""
    act = desk.text("do")

    def write(session: Session, run: ImportRunRow) -> bool:
        if run.state != RunState.PLANNED:
            raise DeskError("desk.exchange.not_now")
        check_seen(desk, run)
        items.decide(session, run.id, _decisions(desk))
        if act in ("take_all", "keep_all"):
            items.decide_all(session, run.id, _CONFLICT, items.TAKE if act == "take_all" else items.KEEP)
        publish = desk.text("publish")
        if publish in ("yes", "no"):
            run.content = {**run.content, "publish": publish == "yes"}
        if act == "write" and "publish" in run.content:
            desk.actor.need(Permission.PUBLISH if run.content["publish"] else Permission.EDIT, desk.municipality)
            run.content = {**run.content, "actor": desk.actor.id}
        return "publish" in run.content

    chosen = await with_run(desk, write)
    number = number_of(desk)
    if act == "write" and not chosen:
        return desk.redirect(run_url(number, desk.text("back") + "&choose=how#go"))
    if act == "write":
        await asyncio.to_thread(started, desk, number, "write")
        return desk.redirect(run_url(number))
    return desk.redirect(run_url(number, desk.text("back")), "choices_kept")


def _decisions(desk: DeskRequest) -> dict[int, str | None]:
    """Line -> what was chosen about it. A box that is not ticked sends nothing, so the form names the lines it shows."""
    assert desk.form is not None
    shown = [number for one in desk.text("shown").split() if (number := whole(one)) is not None]
    found: dict[int, str | None] = {}
    for id in shown:
        if f"conflict-{id}" in desk.form:
            found[id] = items.TAKE if desk.text(f"conflict-{id}") == items.TAKE else items.KEEP
        else:
            found[id] = items.LEAVE_OUT if desk.text(f"out-{id}") else None
    return found


async def cancel(desk: DeskRequest) -> web.Response:
    """POST /desk/exchange/run/{run}/cancel."""
    number = number_of(desk)
    # Seen before the work is asked to end: whether this person may at all.
    desk.actor.need(Permission.IMPORT, desk.municipality)
    await asyncio.to_thread(_check, desk, number)
    background(desk).stop(number)
    stopped = await with_run(desk, lambda session, run: runs.cancel(session, desk.actor, run))
    return desk.redirect(run_url(number), "import_stopped" if stopped else "import_too_late")


def _check(desk: DeskRequest, number: int) -> None:
    with background(desk).sessions() as session:
        runs.get_run(session, desk.actor, desk.municipality, number)


async def again(desk: DeskRequest) -> web.Response:
    """POST /desk/exchange/run/{run}/again: read the files once more, perhaps as another format or with other languages."""
    number = number_of(desk)

    def write(session: Session, run: ImportRunRow) -> None:
        chosen = choices(desk) if desk.text("source_language") else {}
        runs.read_again(session, desk.actor, run, format=desk.text("format") or None, **chosen)
        if desk.text("missing_shown"):
            run.content = {**run.content, "missing_gone": bool(desk.text("missing_gone"))}
        if desk.text("topics"):
            run.content = {**run.content, "topics": False}

    await with_run(desk, write)
    await asyncio.to_thread(started, desk, number, "plan")
    return desk.redirect(run_url(number))


async def discard(desk: DeskRequest) -> web.Response:
    """POST /desk/exchange/run/{run}/discard."""
    await with_run(desk, lambda session, run: runs.throw_away(session, desk.actor, run))
    return desk.redirect("/desk/exchange", "import_discarded")


async def undo(desk: DeskRequest) -> web.Response:
    """POST /desk/exchange/run/{run}/undo."""
    number = number_of(desk)

    def write(_: Session, run: ImportRunRow) -> None:
        desk.actor.need(Permission.PUBLISH, desk.municipality)
        run.content = {**run.content, "actor": desk.actor.id}

    await with_run(desk, write)
    await asyncio.to_thread(started, desk, number, "undo")
    return desk.redirect(run_url(number))
