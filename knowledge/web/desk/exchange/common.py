"""What the pages of a run share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.errors import DeskError, NotFound
from knowledge.editorial.import_runs.runs import get_run
from knowledge.store.desk_tables import ImportRunRow
from knowledge.web.desk.exchange.background import BACKGROUND, Background
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.request import DeskRequest

Result = TypeVar("Result")
RUN = r"/desk/exchange/run/{run:\d{1,9}}"


def number_of(desk: DeskRequest) -> int:
    """The number of the run in the address.

    Raises NotFound for an address that has none.
    """
    found = whole(desk.request.match_info["run"])
    if found is None:
        raise NotFound("desk.exchange.no_run")
    return found


def city_of_run(session: Session, address: Mapping[str, str]) -> str | None:
    """The municipality of the run in the address."""
    return session.scalar(select(ImportRunRow.municipality_id).where(ImportRunRow.id == whole(address["run"])))


def run_url(number: int, query: str = "") -> str:
    """The page of a run."""
    return f"/desk/exchange/run/{number}{f'?{query}' if query else ''}"


def background(desk: DeskRequest) -> Background:
    """Where imports are worked at."""
    return desk.request.app[BACKGROUND]


def check_seen(desk: DeskRequest, run: ImportRunRow) -> None:
    """A page names the reading that it shows: the lines of another one may have the same numbers.

    Raises DeskError("desk.exchange.not_now") where the files were read anew since the page was made.
    """
    if desk.text("made") not in ("", run.plan.get("made")):
        raise DeskError("desk.exchange.not_now")


async def with_run(desk: DeskRequest, work: Callable[[Session, ImportRunRow], Result]) -> Result:
    """Do `work` with the run in the address, within one transaction."""
    number = number_of(desk)
    return await desk.run(lambda session: work(session, get_run(session, desk.actor, desk.municipality, number)))


def started(desk: DeskRequest, number: int, what: str) -> None:
    """Begin to work at a run.

    Raises DeskError("desk.exchange.not_now") where somebody is at it already, or it is in another state by now.
    """
    if not background(desk).start(number, what):
        raise DeskError("desk.exchange.not_now")


def number_in(text: str) -> int:
    """A page number of an address; 1 where it is none."""
    return whole(text) or 1
