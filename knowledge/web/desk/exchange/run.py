"""The page of a run: how far it is, what would happen, what has happened."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.domain.topics import load_topics
from knowledge.editorial.errors import NotFound
from knowledge.editorial.import_runs import items
from knowledge.editorial.import_runs.states import BUSY, RunState, state_of
from knowledge.editorial.records import aware
from knowledge.exchange.formats import READABLE
from knowledge.exchange.tables.cells import guard
from knowledge.exchange.tables.csv_writer import separator_for
from knowledge.store.desk_tables import ImportFileRow, ImportRunRow
from knowledge.web.desk.exchange import topics
from knowledge.web.desk.exchange.common import background, number_in, run_url, with_run
from knowledge.web.desk.exchange.upload import UNKNOWN
from knowledge.web.desk.exchange.wording import Words, problem_words, town_of
from knowledge.web.desk.records.unsaved import label
from knowledge.web.desk.request import DeskRequest
from locales.catalogue import LAST_RESORT, catalogue, say
from locales.registry import languages

# Outcomes of a report that are told by themselves, in the order in which a person looks at them.
_OUTCOMES = ("written", "overtaken", "kept", "needs", "left_out", "undone", "edited", "in_use")


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of the page: its address, its name and how long it is."""

    name: str
    label: str
    number: int
    url: str


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/exchange/run/{run}."""

    def read(session: Session, run: ImportRunRow) -> web.Response:
        state = state_of(run, datetime.now(UTC))
        shared = _shared(session, desk, run, state)
        if state in BUSY:
            return desk.page("exchange/busy.html", **shared, **_progress(desk, run))
        if state is RunState.TOPICS:
            return desk.page("exchange/topics.html", **shared, **topics.view(session, desk, run))
        if state is RunState.PLANNED:
            return desk.page("exchange/plan.html", **shared, **_plan(session, desk, run))
        if state in (RunState.DONE, RunState.UNDONE):
            return desk.page("exchange/report.html", **shared, **_report(session, desk, run))
        return desk.page("exchange/stopped.html", **shared)

    return await with_run(desk, read)


def _shared(session: Session, desk: DeskRequest, run: ImportRunRow, state: RunState) -> dict[str, Any]:
    town = town_of(session, desk)
    return {
        "run": run,
        "state": state.value,
        "url": run_url(run.id),
        "at": aware(run.at),
        "town": town,
        "fmt": town.fmt,
        "problem": problem_words(run.report.get("problem"), desk.language),
        "unknown": (run.report.get("problem") or {}).get("key") == UNKNOWN,
        "formats": READABLE,
        "languages": languages(),
        "files": session.scalar(select(func.count()).select_from(ImportFileRow).where(ImportFileRow.run_id == run.id)) or 0,
    }


def _progress(desk: DeskRequest, run: ImportRunRow) -> dict[str, Any]:
    """What this process knows of its own work is newer than the row."""
    live = background(desk).live(run.id)
    phase, done, total = (live.phase, live.done, live.total) if live is not None else (run.phase, run.done, run.total)
    return {
        "phase": desk.say(f"desk.exchange.phase.{phase or 'waiting'}"),
        "done": done,
        "total": total,
        "percent": done * 100 // total if total else 0,
    }


async def progress(desk: DeskRequest) -> web.Response:
    """GET /desk/exchange/run/{run}/progress: for the page's script."""

    def read(_: Session, run: ImportRunRow) -> dict[str, Any]:
        busy = state_of(run, datetime.now(UTC)) in BUSY
        found = _progress(desk, run)
        count = desk.say("desk.exchange.count", done=found["done"], total=found["total"]) if found["total"] else ""
        return {"busy": busy, "phase": found["phase"], "percent": found["percent"], "total": found["total"], "count": count}

    return web.json_response(await with_run(desk, read), headers={"Cache-Control": "no-store"})


def _tabs(desk: DeskRequest, run: ImportRunRow, counts: Mapping[str, int], prefix: str) -> list[Tab]:
    return [
        Tab(name, desk.say(f"{prefix}.{name}"), number, run_url(run.id, urlencode({"show": name})))
        for name, number in counts.items()
        if number
    ]


def _chosen(desk: DeskRequest, tabs: list[Tab]) -> str:
    wanted = desk.request.query.get("show", "")
    names = [tab.name for tab in tabs]
    return wanted if wanted in names else next(iter(names), "")


def _plan(session: Session, desk: DeskRequest, run: ImportRunRow) -> dict[str, Any]:
    counts = items.counts(session, run.id)
    ordered = {name: counts.get(name, 0) for name in (*items.RECORDS, *items.LINES)}
    tabs = _tabs(desk, run, ordered, "desk.exchange.section")
    section = _chosen(desk, tabs)
    decided = items.decided(session, run.id)
    taken = sum(decision == items.TAKE for _, decision in decided.values())
    left = sum(decision == items.LEAVE_OUT for _, decision in decided.values())
    return {
        "tabs": tabs,
        "section": section,
        "unchanged": run.plan.get("counts", {}).get("unchanged", 0),
        "writes": ordered["create"] + ordered["update"] - left + taken,
        "kept": ordered["conflict"] - taken,
        "left": left,
        "publish": run.content.get("publish"),
        "unchosen": "choose" in desk.request.query,
        "figures": run.plan.get("figures", {}),
        "missing": [_missing(one, desk.language) for one in run.plan.get("missing", ())],
        "missing_gone": bool(run.content.get("missing_gone")),
        "has_topics": bool(counts.get(items.TOPICS)),
        **_list(session, desk, run, section, ordered.get(section, 0)),
    }


def _missing(told: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A file that is missing, with what it would have held as the forms call it."""
    known = catalogue(LAST_RESORT)
    groups = ((f"desk.group.{path}", kind, path) for kind, path in told["held"])
    held = dict.fromkeys(say(group, language) if group in known else label(kind, path, language) for group, kind, path in groups)
    return {"file": told["file"], "held": ", ".join(held), "records": told["records"]}


def _report(session: Session, desk: DeskRequest, run: ImportRunRow) -> dict[str, Any]:
    counts, found = items.counts(session, run.id), items.outcomes(session, run.id)
    ordered = {name: found.get(name, 0) for name in _OUTCOMES} | {name: counts.get(name, 0) for name in items.LINES}
    tabs = _tabs(desk, run, ordered, "desk.exchange.outcome")
    pages = counts.get(items.TOPICS, 0)
    if pages:
        tabs.insert(1, Tab(items.TOPICS, desk.say("desk.exchange.outcome.topic"), pages, run_url(run.id, "show=topic")))
    section = _chosen(desk, tabs)
    number = pages if section == items.TOPICS else ordered.get(section, 0)
    known = load_topics()
    return {
        "tabs": tabs,
        "section": section,
        "numbers": run.report.get("numbers", {}),
        "undo": run.report.get("undo"),
        "publish": run.report.get("publish"),
        "figures": run.plan.get("figures", {}),
        "gone": not counts and bool(run.plan.get("counts")),
        "topic_names": {one: desk.say(f"topic.{one}") for one in known.topics},
        "can_undo": run.state == RunState.DONE and bool(found.get("written")),
        "may_edit": desk.may_anywhere("edit"),
        **_list(session, desk, run, section, number),
    }


def _list(session: Session, desk: DeskRequest, run: ImportRunRow, section: str, number: int) -> dict[str, Any]:
    """One page of a list, as records or as lines."""
    pages = max(1, -(-number // items.PAGE_SIZE))
    page = min(number_in(desk.request.query.get("page", "")), pages)
    words = Words(session, desk.municipality, desk.language, run.id)
    by_outcome = section in _OUTCOMES
    rows = items.page_of(session, run.id, section, page, by_outcome=by_outcome) if section else []
    shown = [words.line(row) if section in items.LINES else words.item(row) for row in rows]
    return {"rows": shown, "raw": rows, "page": page, "pages": pages, "as_lines": section in items.LINES}


async def lines(desk: DeskRequest) -> web.Response:
    """GET /desk/exchange/run/{run}/lines/{section}: everything that was left out, as CSV for whoever made the file."""
    section = desk.request.match_info["section"]
    if section not in items.LINES:
        raise NotFound("desk.exchange.no_run")

    def read(session: Session, run: ImportRunRow) -> bytes:
        words = Words(session, desk.municipality, desk.language, run.id)
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=separator_for(town_of(session, desk).source_language))
        writer.writerow([desk.say(f"desk.exchange.column.{name}") for name in ("file", "row", "column", "record", "reason")])
        for row in items.every(session, run.id, section):
            one = words.line(row)
            writer.writerow([guard(value) for value in (one.file, one.row, one.column, one.name, one.reason)])
        return text.getvalue().encode("utf-8-sig")

    body = await with_run(desk, read)
    name = f"{section}-{desk.request.match_info['run']}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)
