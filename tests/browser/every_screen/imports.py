"""Imports in every state, made without a browser."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from knowledge.editorial.import_runs.claims import Hold
from knowledge.editorial.import_runs.runs import begin, read_again
from knowledge.editorial.import_runs.states import RunState
from knowledge.editorial.import_runs.working import do, take
from knowledge.editorial.records import now
from knowledge.store.desk_tables import ImportRunRow
from tests.browser.desk_pages import DeskServer
from tests.browser.every_screen.city import OFFICE
from tests.integration.desk.people import CITY
from tests.unit.knowledge.exchange.integreat.pages import a_page, in_languages

COLUMNS = ("id", "revision", "organization", "name", "topics", "fees", "phones")
# The state in which a run stands -> its number, for the addresses of screens.
NAMES = ("planned", "undone", "done", "topics", "pages", "busy", "interrupted", "failed", "cancelled", "unknown")
RUNS = {name: number for number, name in enumerate(NAMES, 1)}


def table(new: str = "Fahrradcafé") -> bytes:
    """A list of services with a change, one that was changed at the desk since, a new one and two wrong ones."""
    given = {"organization": "stadt-ankerstadt", "topics": "language.courses"}
    rows = (
        {**given, "id": OFFICE, "revision": "1", "name": "Bürgerbüro Altstadt", "fees": "Zehn Euro."},
        {**given, "id": "education-package", "name": "Bildung und Teilhabe", "fees": "Zwei Euro."},
        {**given, "name": new},
        {**given, "name": "Lesekreis im Haus der Kulturen, mit einem langen Namen", "topics": "nothing"},
        {**given, "name": "Nähstube", "phones": "abc"},
    )
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, delimiter=";", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def guide() -> list[tuple[str, bytes]]:
    """A small export of another city's guide, in two languages."""
    german = [
        a_page("gesundheit", number=1, content="", available_languages=in_languages(en="staying-well")),
        a_page("gesundheit/zahnarzt", number=2, available_languages=in_languages(en="staying-well/teeth")),
        a_page("gesundheit/zahnarzt/notdienst", number=3),
        a_page("wohnen", number=4),
    ]
    english = [a_page("staying-well", language="en", number=21, content="", available_languages=in_languages(de="gesundheit"))]
    return [(f"musterstadt-{code}.json", json.dumps(rows).encode()) for code, rows in (("de", german), ("en", english))]


def fill_imports(server: DeskServer) -> None:
    """A run in each state of `RUNS`, in that order."""
    for name in RUNS:
        files = [("angebote-2026.csv", table("Schachclub" if name == "done" else "Fahrradcafé"))]
        format, content = ("integreat", guide()) if name in ("topics", "pages") else ("csv", files)
        number = _begin(server, content, format)
        assert number == RUNS[name]
        if name in ("done", "undone"):
            _write(server, number)
        if name == "undone":
            _work(server, number, "undo")
        if name == "pages":
            _confirm_topics(server, number)
            _write(server, number)
    _set(server, RUNS["busy"], RunState.RUNNING, alive=True)
    _set(server, RUNS["interrupted"], RunState.RUNNING)
    _set(server, RUNS["cancelled"], RunState.CANCELLED)
    _set(server, RUNS["failed"], RunState.FAILED, problem="import.too_large")
    _set(server, RUNS["unknown"], RunState.FAILED, problem="desk.exchange.unknown")


def _begin(server: DeskServer, files: Sequence[tuple[str, bytes]], format: str) -> int:
    administrator = server.actor("administrator")
    choices = {"source_language": "de", "machine": True} if format == "integreat" else {}
    number = int(server.do(lambda session: begin(session, administrator, CITY, files, format, choices).id))
    _work(server, number, "plan")
    return number


def _work(server: DeskServer, number: int, what: str) -> None:
    sessions = server.database.sessions
    token = take(sessions, number, what)
    assert token is not None, f"run {number} cannot {what}"
    do(sessions, number, what, Hold(sessions, number, token))


def _confirm_topics(server: DeskServer, number: int) -> None:
    administrator = server.actor("administrator")
    server.do(lambda session: read_again(session, administrator, session.get_one(ImportRunRow, number), topics=True))
    _work(server, number, "plan")


def _write(server: DeskServer, number: int) -> None:
    administrator = server.actor("administrator")

    def choose(session: Session) -> None:
        run = session.get_one(ImportRunRow, number)
        run.content = {**run.content, "publish": True, "actor": administrator.id}

    server.do(choose)
    _work(server, number, "write")


def _set(server: DeskServer, number: int, state: RunState, *, alive: bool = False, problem: str = "") -> None:
    def work(session: Session) -> None:
        run = session.get_one(ImportRunRow, number)
        run.state, run.phase, run.done, run.total = state.value, "writing", 40, 100
        run.alive_until = now() + timedelta(hours=1) if alive else None
        run.worker = "somebody" if alive else None
        if problem:
            run.report = {"problem": {"key": problem, "fields": {}}}

    server.do(work)
