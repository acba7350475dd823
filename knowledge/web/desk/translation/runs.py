"""Translators' files and machine translation: starting them, what would happen, how far they are, what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from aiohttp import web
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.domain.text import TranslationState
from knowledge.editorial import audit
from knowledge.editorial.coverage import coverage
from knowledge.editorial.errors import DeskError, NotFound
from knowledge.editorial.import_runs.runs import KEEP_FILES, KEEP_ITEMS
from knowledge.editorial.locked_words import locked_words
from knowledge.editorial.machine_texts import untranslated
from knowledge.editorial.records import now
from knowledge.editorial.translators_files import plan, units
from knowledge.exchange.xliff import XliffError, check_languages, export_xliff, read_xliff
from knowledge.replies.service_card import language_name
from knowledge.store.desk_tables import TranslationRunRow
from knowledge.store.tables import MunicipalityRow
from knowledge.web.desk.record.common import place_of, url_of
from knowledge.web.desk.records.unsaved import label
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.routing import error_words
from knowledge.web.desk.translation.board import language_of, list_url, own, wanted_of
from knowledge.web.desk.translation.running import BUSY, is_lost, start
from knowledge.web.desk.translation.service import has_translator
from locales.registry import base_code, direction, served

# How many units of each outcome the report shows; the file may have thousands.
SHOWN = 200
OUTCOMES = ("taken", "replaces", "outdated", "waiting", "not_allowed", "unknown", "unchanged")
_TYPE = "application/xliff+xml"


async def export(desk: DeskRequest) -> web.Response:
    """GET /desk/translations/{language}/export?kind=&state=: the texts of the list as XLIFF."""

    def work(session: Session) -> tuple[bytes, str]:
        found = own(desk, coverage(session, desk.municipality))
        code, wanted = language_of(desk, found), wanted_of(desk)
        keys = [one.key for one in found.most_needed(code, wanted.states, wanted.kind)]
        made = units(session, desk.municipality, keys, code, wanted.states)
        body = export_xliff(made, found.source_language, code, locked_words(session, desk.municipality))
        audit.log(session, desk.actor, desk.municipality, "export_xliff", language=code, units=len(made))
        return body, f"{desk.municipality}-{code}-{now():%Y-%m-%d}.xlf"

    body, name = await desk.run(work)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(body=body, content_type=_TYPE, headers=headers)


async def upload_form(desk: DeskRequest) -> web.Response:
    """GET /desk/translations/xliff."""
    return _upload_page(desk)


def _upload_page(desk: DeskRequest, *, status: int = 200, problem: str = "") -> web.Response:
    return desk.page("translation/upload.html", status=status, problem=problem)


async def upload(desk: DeskRequest) -> web.Response:
    """POST /desk/translations/xliff: read a file and show what would become of every unit. Nothing is written yet."""
    given = desk.form.get("file") if desk.form is not None else None
    if not isinstance(given, web.FileField) or not given.filename:
        return _upload_page(desk, status=422, problem=desk.say("desk.error.no_file"))
    data = given.file.read()
    try:
        number = await desk.run(lambda session: _plan_file(session, desk, data, PurePath(given.filename).name[:200]))
    except (XliffError, DeskError) as error:
        return _upload_page(desk, status=422, problem=error_words(desk, error))
    return desk.redirect(f"/desk/translations/run/{number}")


def _plan_file(session: Session, desk: DeskRequest, data: bytes, name: str) -> int:
    file = read_xliff(data)
    source = session.get_one(MunicipalityRow, desk.municipality).source_language
    check_languages(file, source)
    code = base_code(file.target_language)
    if code not in served() or code == source:
        raise DeskError("desk.no_language", language=file.target_language)
    made = plan(session, desk.actor, desk.municipality, file, code)
    numbers = Counter(line.outcome for line in made.lines)
    shown: dict[str, list[dict[str, Any]]] = {}
    for line in made.lines:
        if len(shown.setdefault(line.outcome, [])) < SHOWN or line.lost:
            shown[line.outcome].append(asdict(line))
    forget(session)
    row = _new(
        desk, "xliff", code, {"numbers": dict(numbers), "lines": shown, "fields": len(made.fields), "replacing": len(made.replacing)}
    )
    row.file_name, row.content = name, data
    session.add(row)
    session.flush()
    return row.id


def forget(session: Session) -> None:
    """Throw away files that nobody has gone on with, and old reports: both hold texts, of drafts, too."""
    run, moment = TranslationRunRow, now()
    old = (run.state != "done") & (run.at < moment - KEEP_FILES)
    session.execute(delete(run).where(old | (run.at < moment - KEEP_ITEMS)))


def _new(desk: DeskRequest, kind: str, code: str, report: dict[str, Any], state: str = "planned") -> TranslationRunRow:
    return TranslationRunRow(
        municipality_id=desk.municipality,
        user_id=desk.actor.id,
        author=desk.actor.name,
        kind=kind,
        language=code,
        report=report,
        state=state,
        at=now(),
        seen_at=now(),
    )


async def machine(desk: DeskRequest) -> web.Response:
    """POST /desk/translations/{language}/machine: have what the list shows as missing translated by the service."""
    if not has_translator(desk.settings):
        raise DeskError("translator.none")

    def work(session: Session) -> int:
        found = own(desk, coverage(session, desk.municipality))
        code, wanted = language_of(desk, found), wanted_of(desk)
        keys = [one.key for one in found.most_needed(code, (TranslationState.MISSING,), wanted.kind)]
        texts = untranslated(session, desk.actor, desk.municipality, code, keys)
        if not texts:
            raise DeskError("desk.nothing_missing")
        row = _new(desk, "machine", code, {"keys": keys}, "running")
        row.total = len(texts)
        session.add(row)
        session.flush()
        audit.log(session, desk.actor, desk.municipality, "machine_translate", language=code, texts=len(texts))
        return row.id

    number = await desk.run(work)
    start(desk.request.app, number, desk.actor)
    return desk.redirect(f"/desk/translations/run/{number}")


def city_of_run(session: Session, address: Mapping[str, str]) -> str | None:
    """The municipality of the run in the address."""
    return session.scalar(select(TranslationRunRow.municipality_id).where(TranslationRunRow.id == int(address["number"])))


def _row(session: Session, desk: DeskRequest) -> TranslationRunRow:
    row = session.get(TranslationRunRow, int(desk.request.match_info["number"]))
    # A file may hold drafts of what its owner alone may translate.
    if row is None or row.municipality_id != desk.municipality or row.user_id != desk.actor.id:
        raise NotFound("desk.no_run")
    return row


async def show_run(desk: DeskRequest) -> web.Response:
    """GET /desk/translations/run/{number}."""

    def work(session: Session) -> Mapping[str, Any]:
        row = _row(session, desk)
        place = place_of(session, desk)
        return {"run": row, "place": place, "lost_run": is_lost(row), "source_language": place.source_language}

    fields = await desk.run(work)
    run: TranslationRunRow = fields["run"]
    error = run.report.get("error")
    problem = error_words(desk, DeskError(error, **run.report.get("error_fields", {}))) if error else ""
    return desk.page(
        "translation/run.html",
        **fields,
        name=language_name(run.language, desk.language),
        direction=direction(run.language),
        source_direction=direction(fields["source_language"]),
        outcomes=OUTCOMES,
        problem=problem,
        field_label=lambda key, field: label(key.partition(":")[0], f"texts.{field}", desk.language),
        record_url=lambda key: url_of(key, f"translate/{run.language}"),
        back=list_url(run.language),
        shown=SHOWN,
    )


async def progress(desk: DeskRequest) -> web.Response:
    """GET /desk/translations/run/{number}/progress: for the page to look after it."""
    row = await desk.run(lambda session: _row(session, desk))
    return web.json_response(
        {"state": "lost" if is_lost(row) else row.state, "done": row.done, "total": row.total}, headers={"Cache-Control": "no-store"}
    )


async def go_on(desk: DeskRequest) -> web.Response:
    """POST /desk/translations/run/{number}: take over what was planned, or go on with what was stopped, interrupted, or failed."""

    def work(session: Session) -> tuple[int, bool]:
        row = _row(session, desk)
        session.refresh(row, with_for_update=True)
        if row.state == "done" or (row.state in BUSY and not is_lost(row)):
            raise DeskError("desk.run_busy")
        # Chosen once, before the beginning.
        replace = bool(desk.text("replace") or row.report.get("replace"))
        row.state, row.seen_at = "running", now()
        row.report = {name: value for name, value in row.report.items() if name not in ("error", "error_fields")} | {"replace": replace}
        if row.kind == "xliff":
            audit.log(session, desk.actor, desk.municipality, "import_xliff", language=row.language, file=row.file_name)
        return row.id, replace

    number, replace = await desk.run(work)
    start(desk.request.app, number, desk.actor, replace=replace)
    return desk.redirect(f"/desk/translations/run/{number}")


async def stop(desk: DeskRequest) -> web.Response:
    """POST /desk/translations/run/{number}/stop: end after the texts that are being worked on. What is written stays."""

    def work(session: Session) -> int:
        row = _row(session, desk)
        session.refresh(row, with_for_update=True)
        # It may have come to its end meanwhile: its page says so.
        if row.state == "running":
            row.state = "stopping"
        return row.id

    return desk.redirect(f"/desk/translations/run/{await desk.run(work)}")
