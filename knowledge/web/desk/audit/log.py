"""The page of the log, and the same as a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Permission
from knowledge.editorial.audit import AuditQuery, search
from knowledge.store.account_tables import AuditRow, UserRow
from knowledge.store.desk_tables import RecordRow
from knowledge.web.desk.audit.words import Entry, actions, entry
from knowledge.web.desk.authors import desk_names_like
from knowledge.web.desk.home.todo import page_number
from knowledge.web.desk.record.common import place_of
from knowledge.web.desk.request import DeskRequest

PAGE_SIZE = 50
MOST_IN_A_FILE = 50_000
FILTERS = ("person", "action", "record", "since", "until")
_COLUMNS = ("at", "person", "action", "record", "detail")


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/audit."""
    given = {name: desk.request.query.get(name, "").strip()[:200] for name in FILTERS}
    query, wrong = _query(given, desk.language)
    page = page_number(desk)

    def work(session: Session) -> tuple[list[Entry], bool, str]:
        desk.actor.need(Permission.AUDIT, desk.municipality)
        place = place_of(session, desk)
        rows, more = search(session, desk.municipality, replace(query, zone=place.zone), page=page, size=PAGE_SIZE)
        names = _names(session, rows)
        return [entry(row, names, place, desk.language) for row in rows], more, place.source_language

    entries, more, source_language = await desk.run(work)
    kept = {name: value for name, value in given.items() if value and name not in wrong}
    return desk.page(
        "audit/log.html",
        entries=entries,
        source_language=source_language,
        given=given,
        wrong=wrong,
        actions=actions(desk.language),
        page=page,
        more=more,
        searched=bool(kept),
        earlier=_address(kept, page + 1),
        later=_address(kept, page - 1),
        file=f"/desk/audit.csv?{urlencode(kept)}",
    )


async def download(desk: DeskRequest) -> web.Response:
    """GET /desk/audit.csv: what the filters find, up to `MOST_IN_A_FILE` entries, newest first."""
    query, _ = _query({name: desk.request.query.get(name, "").strip()[:200] for name in FILTERS}, desk.language)

    def work(session: Session) -> str:
        desk.actor.need(Permission.AUDIT, desk.municipality)
        place = place_of(session, desk)
        rows, more = search(session, desk.municipality, replace(query, zone=place.zone), size=MOST_IN_A_FILE)
        names = _names(session, rows)
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow([desk.say(f"desk.audit.column.{name}") for name in _COLUMNS])
        for row in rows:
            one = entry(row, names, place, desk.language)
            writer.writerow([_plain(text) for text in (one.iso, one.who, one.action, one.record, one.detail)])
        if more:
            writer.writerow([desk.say("desk.audit.file_cut", number=MOST_IN_A_FILE)])
        return file.getvalue()

    text = await desk.run(work)
    headers = {"Content-Disposition": 'attachment; filename="log.csv"', "Cache-Control": "no-store"}
    # The mark at the beginning tells Excel that it is UTF-8.
    return web.Response(body=("\ufeff" + text).encode(), content_type="text/csv", charset="utf-8", headers=headers)


def _names(session: Session, rows: Sequence[AuditRow]) -> dict[str, str]:
    """Names of the records and people that entries are about, or that stand in their details."""
    keys = {row.record for row in rows if row.record} | {f"organization:{row.detail.get('organization')}" for row in rows}
    # Of what kept a planned publication from happening.
    keys |= {str(key) for row in rows for key in row.detail.get("records", ())}
    people = {key.partition(":")[2] for key in keys if key.startswith("user:")} | {str(row.detail.get("user")) for row in rows}
    numbers = [int(one) for one in people if one.isdecimal()]
    found = {key: name for key, name in session.execute(select(RecordRow.id, RecordRow.name).where(RecordRow.id.in_(keys)))}
    return found | {f"user:{id}": name for id, name in session.execute(select(UserRow.id, UserRow.name).where(UserRow.id.in_(numbers)))}


def _plain(text: str) -> str:
    """Spreadsheets take such a beginning for a formula: somebody's name must not become one."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _query(given: Mapping[str, str], language: str) -> tuple[AuditQuery, list[str]]:
    """(what to look for, names of fields that are no days: those are left out)."""
    days: dict[str, date | None] = {}
    wrong = []
    for name in ("since", "until"):
        try:
            days[name] = date.fromisoformat(given[name]) if given[name] else None
        except ValueError:
            days[name] = None
            wrong.append(name)
    itself = desk_names_like(given["person"], language)
    return AuditQuery(given["person"], given["action"], given["record"], days["since"], days["until"], itself=itself), wrong


def _address(kept: Mapping[str, str], page: int) -> str:
    return "/desk/audit?" + urlencode({**kept, **({"page": str(page)} if page > 1 else {})})
