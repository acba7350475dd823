"""The first page: what can be brought in and taken out, and the imports there were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Permission
from knowledge.editorial.import_runs.runs import list_runs
from knowledge.editorial.import_runs.states import state_of
from knowledge.editorial.records import aware
from knowledge.exchange.formats import WRITABLE
from knowledge.exchange.kinds import KINDS
from knowledge.web.desk.exchange.common import number_in, run_url
from knowledge.web.desk.exchange.wording import town_of
from knowledge.web.desk.request import DeskRequest


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/exchange."""
    return await page(desk)


async def page(desk: DeskRequest, mistake: str = "", status: int = 200) -> web.Response:
    """The page; `mistake` is what was wrong with the choice of what to take out."""
    number = number_in(desk.request.query.get("page", ""))
    importing = desk.may(Permission.IMPORT)

    def read(session: Session) -> dict[str, Any]:
        town = town_of(session, desk)
        found, more = list_runs(session, desk.municipality, page=number) if importing else ((), False)
        moment = datetime.now(UTC)
        runs = [(run, state_of(run, moment).value, run_url(run.id), aware(run.at)) for run in found]
        return {"runs": runs, "more": more, "town": town, "fmt": town.fmt}

    fields = await desk.run(read)
    return desk.page(
        "exchange/home.html",
        status,
        importing=importing,
        formats=WRITABLE,
        kinds=KINDS,
        page=number,
        mistake=mistake,
        given=_given(desk),
        **fields,
    )


def _given(desk: DeskRequest) -> dict[str, Any]:
    """What was chosen before, to be shown again beside a mistake."""
    if desk.form is None:
        return {"format": WRITABLE[0], "kinds": set(KINDS), "private": False}
    return {"format": desk.text("format"), "kinds": set(desk.form.getall("kind", [])), "private": bool(desk.text("private"))}
