"""The page on which two versions of a record are put together, field by field."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from knowledge.editorial import autosave
from knowledge.editorial.records import aware, body
from knowledge.web.desk.records.documents import checked, fields_of
from knowledge.web.desk.records.fields import MINOR, NOTE, first
from knowledge.web.desk.records.merging import MINE, THEIRS, clash, merged
from knowledge.web.desk.records.sheets import Sheet
from knowledge.web.desk.records.wording import Wording


def conflict_page(sheet: Sheet, mine: dict[str, Any], *, forgotten: frozenset[str] = frozenset()) -> web.Response:
    """Somebody else has saved since the form was opened: what they changed beside what is in the form. `forgotten`: fields for which a
    choice is missing."""
    record = sheet.record
    assert record is not None
    theirs = body(sheet.session, record)
    found = clash(sheet.document, theirs, mine)
    wording = Wording(sheet.kind, sheet.choices, sheet.today)
    return sheet.desk.page(
        "records/conflict.html",
        status=409,
        sheet=sheet,
        fmt=sheet.formats,
        kind=sheet.kind,
        name=record.name,
        by=record.changed_by,
        at=aware(record.changed_at),
        both=[wording.side_by_side(one) for one in found.both],
        only_theirs=[wording.side_by_side(one) for one in found.only_theirs],
        only_mine=[wording.side_by_side(one) for one in found.only_mine],
        mine=json.dumps(mine, ensure_ascii=False),
        newest=record.newest,
        forgotten=forgotten,
        chosen={one.path: sheet.desk.text(f"choose.{one.path}") for one in found.both},
        minor=bool(first(sheet.fields, MINOR)),
        note=first(sheet.fields, NOTE),
        source_language=sheet.municipality.source_language,
    )


def take_choices(sheet: Sheet) -> tuple[dict[str, Any], int] | web.Response:
    """What was chosen on that page: the merged document and the revision that it stands on, or a page to go on with.

    `sheet` is opened on the revision that my words were written on.
    """
    desk, record = sheet.desk, sheet.record
    assert record is not None and desk.form is not None
    sheet.fields = {name: [desk.text(name)] for name in (MINOR, NOTE) if desk.text(name)}
    try:
        mine = checked(sheet.kind, json.loads(desk.text("_mine")))
        newest = int(desk.text("_newest"))
    except (ValueError, ValidationError):  # not sent by our page
        return desk.redirect(sheet.url)
    if newest != record.newest:  # a third one was faster: what they chose between is no longer what is there
        return conflict_page(sheet, mine)
    theirs = body(sheet.session, record, newest)
    chosen = {one.path: desk.text(f"choose.{one.path}") for one in clash(sheet.document, theirs, mine).both}
    forgotten = frozenset(path for path, side in chosen.items() if side not in (MINE, THEIRS))
    if forgotten:
        return conflict_page(sheet, mine, forgotten=forgotten)
    document = merged(sheet.document, theirs, mine, chosen)
    try:
        return checked(sheet.kind, document), newest
    except ValidationError as error:
        # Each half is right and both together are not: back to the form, on their revision, with everything in it.
        sheet.document, sheet.base, sheet.hours.base = theirs, newest, theirs
        note = sheet.fields
        sheet.use({**fields_of(sheet.kind, document, desk.language), **note})
        sheet.problems.add_all(error)
        autosave.keep(sheet.session, desk.actor, desk.municipality, sheet.form, sheet.kind, newest, {**sheet.fields})
        return sheet.page(status=422)
