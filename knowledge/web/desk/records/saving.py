"""What happens when a form is sent: a row more or less, a search, saving. Whatever comes, what was typed is kept."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from pydantic import ValidationError

from knowledge.editorial import autosave
from knowledge.editorial.duplicates import Entered, Similar, similar
from knowledge.editorial.errors import Conflict, DeskError, NotAllowed
from knowledge.editorial.locks import release_lock
from knowledge.editorial.records import body, record_key, revision
from knowledge.editorial.save import create, save
from knowledge.editorial.slugs import free_id
from knowledge.store.desk_tables import RecordRow
from knowledge.store.tables import MunicipalityRow
from knowledge.web.desk.records.choices import RECORDS
from knowledge.web.desk.records.conflicts import conflict_page
from knowledge.web.desk.records.documents import checked, document_of
from knowledge.web.desk.records.fields import (
    MINOR,
    NOTE,
    SEEN,
    add_row,
    compact,
    first,
    from_form,
    move_up,
    remove_row,
)
from knowledge.web.desk.records.hours_field import not_settled
from knowledge.web.desk.records.problems import Link, form_checks
from knowledge.web.desk.records.shapes import all_fields, parts
from knowledge.web.desk.records.sheets import Sheet, record_url

SAVED, KEPT = "record_saved", "record_unchanged"


def take(sheet: Sheet) -> web.Response:
    """The answer to a form that was sent."""
    form = sheet.desk.form
    assert form is not None
    sheet.use(from_form(form))
    focus = _press(sheet, [name for name in form if ":" in name])
    if focus is not None:
        keep(sheet)
        return sheet.page(focus=focus)
    written = check(sheet)
    if sheet.problems:
        keep(sheet)
        return sheet.page(status=422)
    found = [] if _made_before(sheet, written) else _new_likenesses(sheet, written)
    if found:
        keep(sheet)
        return sheet.page(similar=found, banner="similar")
    return write(sheet, written)


def keep(sheet: Sheet) -> None:
    """As autosave does, for browsers without scripts."""
    autosave.keep(sheet.session, sheet.desk.actor, sheet.desk.municipality, sheet.form, sheet.kind, sheet.base, {**sheet.fields})


def _press(sheet: Sheet, buttons: list[str]) -> str | None:
    """Do what a button of the form asks for; the name of the field to go on with, None where it is to be saved."""
    for button in buttons:
        action, _, path = button.partition(":")
        fields, focus = sheet.fields, path
        if action == "add":
            focus = add_row(sheet.kind, fields, path) or ""
        elif action == "remove":
            fields = remove_row(sheet.kind, fields, path)
            focus = path.rpartition(".")[0]
        elif action == "up":
            fields = move_up(sheet.kind, fields, path)
        elif action != "find":
            continue
        sheet.use(fields)
        return focus
    return None


def check(sheet: Sheet) -> dict[str, Any]:
    """The canonical document that the form describes; problems are noted in the sheet."""
    sheet.use(compact(sheet.kind, sheet.fields, drop_blank=True))
    document = document_of(sheet.kind, sheet.fields, sheet.document, sheet.here, sheet.hours)
    automatic = sheet.kind != "article" and not sheet.existing and "id" not in document
    if automatic:
        document["id"] = "new"
    for name, understood in sheet.hours.found.items():
        key = not_settled(name, understood, sheet.fields)
        if key is not None:
            sheet.problems.add(name, key)
    for name, key in form_checks(sheet.kind, document, sheet.here.country):
        sheet.problems.add(name, key)
    _check_references(sheet)
    try:
        written = checked(sheet.kind, document)
    except ValidationError as error:
        sheet.problems.add_all(error)
        return document
    if automatic:
        del written["id"]
    return written


def _check_references(sheet: Sheet) -> None:
    """What was chosen has to be there."""
    for field in all_fields(parts(sheet.kind)):
        if field.options not in RECORDS:
            continue
        pattern = field.path.split("*")
        for name in list(sheet.fields):
            chosen = first(sheet.fields, name)
            if not chosen or not _fits(name, pattern):
                continue
            if chosen not in sheet.choices.records(field.options):
                sheet.problems.add(name, "choice")
            elif field.options == sheet.kind and sheet.record is not None and chosen == sheet.record.local_id:
                sheet.problems.add(name, "itself")


def _fits(name: str, pattern: list[str]) -> bool:
    """Whether a name is that of a field whose path, cut at its stars, is `pattern`."""
    if len(pattern) == 1:
        return name == pattern[0]
    middle = name[len(pattern[0]) : len(name) - len(pattern[1]) or None]
    return name.startswith(pattern[0]) and name.endswith(pattern[1]) and middle.isdigit()


def _new_likenesses(sheet: Sheet, written: dict[str, Any]) -> list[Similar]:
    """Records that resemble this one and that the editor has not been shown; only where the name or the address is new."""
    if sheet.kind == "article":
        return []  # one answer for each topic and audience: that is its identity
    entered = entered_of(written)
    if sheet.existing and entered == entered_of(sheet.document):
        return []
    besides = sheet.record.id if sheet.record else None
    found = similar(sheet.choices.sight, sheet.kind, entered, besides=besides)
    seen = set(first(sheet.fields, SEEN).split())
    return found if any(one.key not in seen for one in found) else []


def entered_of(document: dict[str, Any]) -> Entered:
    """What likenesses are looked for by."""
    texts = document.get("texts", {})
    return Entered(
        name=str(texts.get("name") or texts.get("title") or ""),
        also=tuple(document.get("also", ())),
        street=str(document.get("address", {}).get("street") or ""),
        locations=tuple(at["location"] for at in document.get("at", ()) if at.get("location")),
    )


def write(sheet: Sheet, written: dict[str, Any], *, base: int | None = None) -> web.Response:
    """Save; the next page."""
    note, minor = first(sheet.fields, NOTE) or None, bool(first(sheet.fields, MINOR))
    notice = SAVED
    try:
        if sheet.record is None:
            record = _create(sheet, written, note)
            if record is None:
                keep(sheet)
                return sheet.page(status=422)
        else:
            before = sheet.record.newest
            record = save(
                sheet.session,
                sheet.desk.actor,
                sheet.record.id,
                written,
                base=sheet.base if base is None else base,
                minor=minor,
                note=note[:500] if note else None,
            )
            notice = SAVED if record.newest != before else KEPT
    except Conflict:
        assert sheet.record is not None
        keep(sheet)
        if body(sheet.session, sheet.record) != written:
            return conflict_page(sheet, written)
        record = sheet.record  # sent twice, or two people of one mind
    except NotAllowed:
        keep(sheet)
        sheet.problems.add("organization", "not_yours")
        return sheet.page(status=422)
    autosave.discard(sheet.session, sheet.desk.actor, sheet.form)
    release_lock(sheet.session, sheet.desk.actor, record.id)
    stay = sheet.desk.text("_stay")
    return sheet.desk.redirect(record_url(sheet.kind, record.local_id, "edit" if stay else ""), notice)


def _create(sheet: Sheet, written: dict[str, Any], note: str | None) -> RecordRow | None:
    """The new record; None where its id is taken, with the problem noted in the sheet. The same form sent twice makes one record."""
    session, actor, municipality = sheet.session, sheet.desk.actor, sheet.desk.municipality
    # Whoever sends the same form at the same moment waits here.
    session.get_one(MunicipalityRow, municipality, with_for_update=True, populate_existing=True)
    document = dict(written)
    automatic = sheet.kind != "article" and "id" not in document
    made = _made_before(sheet, document)
    if made is not None:
        return made
    if automatic:
        document["id"] = free_id(
            str(document["texts"].get("name") or document["texts"].get("title") or _street(document)),
            sheet.kind,
            lambda local: session.get(RecordRow, record_key(sheet.kind, municipality, local)) is not None,
        )
    try:
        return create(session, actor, municipality, sheet.kind, document, note=note)
    except DeskError as error:
        if error.key != "desk.exists":
            raise
        name = "topic" if sheet.kind == "article" else "id"
        sheet.problems.add(name, "taken")
        key = record_key(sheet.kind, municipality, _wanted_id(sheet, document))
        called = sheet.choices.sight.names([key]).get(key)
        if called is not None:
            local = session.get_one(RecordRow, key).local_id
            sheet.problems.links.setdefault(name, []).append(Link(record_url(sheet.kind, local), called))
        return None


def _street(document: dict[str, Any]) -> str:
    return str(document.get("address", {}).get("street") or "")


def _wanted_id(sheet: Sheet, document: dict[str, Any]) -> str:
    if sheet.kind == "article":
        return f"{document['topic']}:{document.get('audience', 'everyone')}"
    texts = document["texts"]
    return document.get("id") or free_id(str(texts.get("name") or texts.get("title") or _street(document)), sheet.kind, lambda _: False)


def _made_before(sheet: Sheet, document: dict[str, Any]) -> RecordRow | None:
    """The record, where this person has made exactly it already: the same form was sent twice."""
    if sheet.existing:
        return None
    made = sheet.session.get(RecordRow, record_key(sheet.kind, sheet.desk.municipality, _wanted_id(sheet, document)))
    if made is None:
        return None
    beginning = revision(sheet.session, made, 1)
    same = beginning.author_id == sheet.desk.actor.id and {**beginning.body, "id": None} == {**document, "id": None}
    return made if same else None
