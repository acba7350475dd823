"""The pages of the forms: a new record, a record that is there, what was typed and not saved, a record that somebody else has open."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial import autosave
from knowledge.editorial.actor import Permission
from knowledge.editorial.errors import NotAllowed
from knowledge.editorial.locks import Holder, acquire, release_lock
from knowledge.editorial.records import aware, body
from knowledge.store.desk_tables import AutosaveRow, RecordRow
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.records.conflicts import take_choices
from knowledge.web.desk.records.documents import fields_of
from knowledge.web.desk.records.fields import Fields, first, same
from knowledge.web.desk.records.saving import take, write
from knowledge.web.desk.records.sheets import Sheet, list_url, may_create, name_field, open_new, open_record, record_url
from knowledge.web.desk.records.unsaved import typed_words
from knowledge.web.desk.request import DeskRequest


def _kind(desk: DeskRequest) -> str:
    return desk.request.match_info["kind"]


def _local(desk: DeskRequest) -> str:
    return desk.request.match_info["id"]


def _raw(row: AutosaveRow) -> Fields:
    return {name: [str(one) for one in (value if isinstance(value, list) else [value])] for name, value in row.fields.items()}


async def new(desk: DeskRequest) -> web.Response:
    """GET /desk/records/{kind}/new: an empty form, or one that was begun (``?form=``)."""
    kind = _kind(desk)
    if not may_create(desk, kind):
        raise NotAllowed("desk.not_allowed", permission=Permission.EDIT.value)

    def work(session: Session) -> web.Response:
        sheet = open_new(desk, session, kind, desk.request.query.get("form", ""))
        kept = autosave.find(session, desk.actor, sheet.form)
        sheet.use(_raw(kept) if kept is not None else _beginning(sheet))
        begun = [
            row
            for row in autosave.unfinished(session, desk.actor, desk.municipality)
            if row.form.startswith(f"new:{kind}:") and row is not kept
        ]
        others = [(row, first(_raw(row), name_field(kind)), aware(row.at)) for row in begun]
        return sheet.page(unfinished=others, banner="resumed" if kept is not None else "")

    return await desk.run(work)


def _beginning(sheet: Sheet) -> Fields:
    """What a new form has in it: a name looked for in vain, a topic that has no answer, one's own organization."""
    query = sheet.desk.request.query
    fields: Fields = {name_field(sheet.kind): [query.get("name", "")]}
    if sheet.kind == "article":
        fields |= {"topic": [query.get("topic", "")], "audience": ["everyone"], "source.level": ["city"]}
    if sheet.kind == "service":
        fields |= {"audience": ["everyone"], "topics": [query.get("topic", "")]}
    if sheet.kind in ("service", "article"):
        fields["checked_on"] = [sheet.today.isoformat()]
    if sheet.kind in ("service", "contact"):
        own = {one.organization for one in sheet.desk.actor.memberships if one.municipality == sheet.desk.municipality}
        if len(own) == 1 and (only := own.pop()) is not None:
            fields["organization"] = [only.partition("/")[2]]
    return fields


async def create_new(desk: DeskRequest) -> web.Response:
    """POST /desk/records/{kind}/new."""
    kind = _kind(desk)
    if not may_create(desk, kind):
        raise NotAllowed("desk.not_allowed", permission=Permission.EDIT.value)
    return await desk.run(lambda session: take(open_new(desk, session, kind, desk.text("_form").rpartition(":")[2])))


async def edit(desk: DeskRequest) -> web.Response:
    """GET /desk/record/{kind}/{id}/edit."""

    def work(session: Session) -> web.Response:
        sheet = open_record(desk, session, _kind(desk), _local(desk))
        assert sheet.record is not None
        kept = autosave.find(session, desk.actor, sheet.form)
        saved = fields_of(sheet.kind, sheet.document, desk.language)
        if kept is not None and same(sheet.kind, _raw(kept), saved):
            autosave.discard(session, desk.actor, sheet.form)
            kept = None
        holder = acquire(session, desk.actor, sheet.record.id)
        if holder is not None:
            return _locked_page(sheet, sheet.record, holder, kept is not None)
        if kept is not None and desk.request.query.get("typed") != "yes":
            return _typed_page(sheet, kept)
        if kept is not None:
            sheet = open_record(desk, session, sheet.kind, _local(desk), kept.base)
            sheet.use(_raw(kept))
            return sheet.page(banner="resumed")
        sheet.use(saved)
        return sheet.page()

    # The lock is taken.
    return await desk.run(work, writing=True)


def _locked_page(sheet: Sheet, record: RecordRow, holder: Holder, typed: bool) -> web.Response:
    """Somebody else has the record open."""
    return sheet.desk.page(
        "records/locked.html",
        fmt=sheet.formats,
        kind=record.kind,
        name=record.name,
        holder=holder.name,
        since=holder.since,
        typed=typed,
        edit_url=record_url(record.kind, record.local_id, "edit"),
        record_url=record_url(record.kind, record.local_id),
    )


def _typed_page(sheet: Sheet, kept: AutosaveRow) -> web.Response:
    """Words that were typed and not saved, beside those that they were written on: go on with them, or throw them away."""
    record = sheet.record
    assert record is not None
    saved = fields_of(sheet.kind, body(sheet.session, record, kept.base), sheet.desk.language)
    return sheet.desk.page(
        "records/typed.html",
        fmt=sheet.formats,
        kind=sheet.kind,
        name=record.name,
        at=aware(kept.at),
        words=typed_words(sheet.kind, saved, _raw(kept), sheet.choices),
        newer=record.newest != kept.base,
        by=record.changed_by,
        edit_url=record_url(sheet.kind, record.local_id, "edit"),
        form=sheet.form,
        source_language=sheet.municipality.source_language,
    )


async def save_edit(desk: DeskRequest) -> web.Response:
    """POST /desk/record/{kind}/{id}/edit: the form, or the choices between two versions."""

    def work(session: Session) -> web.Response:
        sheet = open_record(desk, session, _kind(desk), _local(desk), whole(desk.text("_base")))
        if not desk.text("_mine"):
            return take(sheet)
        chosen = take_choices(sheet)
        return chosen if isinstance(chosen, web.Response) else write(sheet, chosen[0], base=chosen[1])

    return await desk.run(work)


async def take_over(desk: DeskRequest) -> web.Response:
    """POST /desk/record/{kind}/{id}/take-over: the other's page goes read-only; what they have typed stays theirs."""

    def work(session: Session) -> str:
        sheet = open_record(desk, session, _kind(desk), _local(desk))
        acquire(session, desk.actor, sheet.form, take_over=True)
        return sheet.url

    return desk.redirect(await desk.run(work))


async def discard(desk: DeskRequest) -> web.Response:
    """POST /desk/records/{kind}/discard: throw away what was typed into one form."""
    kind, form = _kind(desk), desk.text("form")

    def work(session: Session) -> str:
        autosave.discard(session, desk.actor, form)
        if form.startswith("new:"):
            return f"{list_url(kind)}/new"
        sheet = open_record(desk, session, kind, form.partition("/")[2])
        release_lock(session, desk.actor, form)
        return sheet.url if not desk.text("leave") else record_url(kind, form.partition("/")[2])

    return desk.redirect(await desk.run(work), "typed_discarded")
