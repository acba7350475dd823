"""Bringing in: the files, and what kind of files they are."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.import_runs.files import unfolded
from knowledge.editorial.import_runs.runs import begin
from knowledge.editorial.import_runs.states import RunState
from knowledge.exchange.formats import READABLE
from knowledge.exchange.recognise import recognise
from knowledge.store.tables import MunicipalityRow
from knowledge.web.desk.exchange.common import background, run_url
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.sent_forms import LARGEST_FORM
from locales.registry import languages

# The problem of a file whose kind nobody can tell.
UNKNOWN = "desk.exchange.unknown"
MOST_FILES = 100
# What the form itself takes besides the files.
MOST_MEGABYTES = LARGEST_FORM // 1024 // 1024 - 2


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/exchange/import."""
    return await _page(desk)


async def _page(desk: DeskRequest, mistake: str = "", status: int = 200) -> web.Response:
    own = await desk.run(lambda session: session.get_one(MunicipalityRow, desk.municipality).source_language)
    return desk.page(
        "exchange/import.html",
        status,
        formats=READABLE,
        languages=languages(),
        megabytes=MOST_MEGABYTES,
        mistake=mistake,
        given={
            "format": desk.text("format"),
            "source_language": desk.text("source_language") or own,
            "reviewed": bool(desk.text("reviewed")),
        },
    )


async def take(desk: DeskRequest) -> web.Response:
    """POST /desk/exchange/import."""
    files = await asyncio.to_thread(_files, desk)
    mistake = _mistake(desk, files)
    if mistake:
        return await _page(desk, mistake, 400)
    chosen = desk.text("format")
    format = chosen if chosen in READABLE else await asyncio.to_thread(_recognised, files)

    def write(session: Session) -> int:
        run = begin(session, desk.actor, desk.municipality, files, format or READABLE[0], choices(desk))
        if format is None:
            # The files are kept: somebody says what they are, and nothing has to be chosen again.
            run.state = RunState.FAILED.value
            run.report = {"problem": {"key": UNKNOWN, "fields": {}}}
        return run.id

    number = await desk.run(write)
    if format is not None:
        await asyncio.to_thread(background(desk).start, number, "plan")
    return desk.redirect(run_url(number))


def choices(desk: DeskRequest) -> dict[str, Any]:
    """What was chosen about the languages of an Integreat export."""
    code = desk.text("source_language")
    return {"source_language": code if code in languages() else "", "machine": not desk.text("reviewed")}


def _files(desk: DeskRequest) -> list[tuple[str, bytes]]:
    """(name, content) of what was uploaded; a field without a file is none."""
    assert desk.form is not None
    return [(one.filename, one.file.read()) for one in desk.form.getall("files", []) if isinstance(one, web.FileField) and one.filename]


def _mistake(desk: DeskRequest, files: list[tuple[str, bytes]]) -> str:
    if not files:
        return desk.say("desk.exchange.choose_file")
    if len(files) > MOST_FILES:
        return desk.say("desk.exchange.too_many_files", most=MOST_FILES)
    empty = [name for name, body in files if not body]
    if empty:
        return desk.say("desk.exchange.empty_file", file=empty[0])
    return ""


def _recognised(files: list[tuple[str, bytes]]) -> str | None:
    with unfolded(files) as (paths, _):
        return recognise(paths)
