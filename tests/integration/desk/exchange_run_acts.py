"""What the tests of runs do again and again: one that is ready to be written, working at it, stopping it, a process that is gone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from knowledge.editorial.import_runs.claims import Hold
from knowledge.editorial.import_runs.working import do, take
from knowledge.editorial.records import now
from knowledge.store.desk_tables import ImportRunRow
from knowledge.web.desk.exchange.background import BACKGROUND, Background
from tests.integration.desk.exchange_acts import (
    number_of,
    planned,
)
from tests.integration.desk.people import Desk, Person

ROWS = 300


def table(rows: int = ROWS) -> bytes:
    """New services."""
    lines = [f"angebot-{n};Angebot {n};offene-hand;language.courses;Wir helfen." for n in range(rows)]
    return "\n".join(["id;name;organization;topics;description", *lines]).encode()


async def ready(desk: Desk, person: Person, rows: int = ROWS) -> str:
    """A run that only needs to be written: published at once, by `person`."""
    url = await planned(person, [("services.csv", table(rows))])

    def choose(session: Session) -> None:
        run = session.get_one(ImportRunRow, number_of(url))
        run.content = {**run.content, "publish": True}

    desk.do(choose)
    return url


def background(desk: Desk) -> Background:
    """The background of the desk's server."""
    app = desk.server.app
    assert app is not None
    return app[BACKGROUND]


class Stopper:
    """Says stop at the `after`-th time that it is asked during `phase`."""

    def __init__(self, phase: str, after: int = 1) -> None:
        self.phase, self.after = phase, after
        self.hold: Hold | None = None

    def __call__(self) -> bool:
        if self.hold is not None and self.hold.phase == self.phase:
            self.after -= 1
        return self.after <= 0


def work(desk: Desk, url: str, what: str, stopper: Stopper | None = None) -> None:
    """Do the work of a run here and now."""
    number = number_of(url)
    token = take(desk.database.sessions, number, what)
    assert token is not None
    hold = Hold(desk.database.sessions, number, token, stopper or (lambda: False))
    if stopper is not None:
        stopper.hold = hold
    do(desk.database.sessions, number, what, hold)


def expire(desk: Desk, url: str) -> None:
    """As if the process that works at the run had died a while ago."""
    past = now() - timedelta(seconds=1)
    desk.do(lambda session: session.execute(update(ImportRunRow).where(ImportRunRow.id == number_of(url)).values(alive_until=past)))
