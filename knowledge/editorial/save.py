"""Save what an editor wrote as a new revision. Nothing that readers see changes by it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from knowledge.documents.canonical import canonical, parse, title
from knowledge.documents.changes import changed_fields
from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import Conflict, DeskError
from knowledge.editorial.records import State, body, get, hold_row, now, organization_of, record_key
from knowledge.store.desk_tables import RecordRow, RevisionRow
from knowledge.store.tables import MunicipalityRow


def create(session: Session, actor: Actor, municipality: str, kind: str, document: dict[str, Any], *, note: str | None = None) -> RecordRow:
    """A new record as a draft.

    Raises pydantic.ValidationError where a rule is broken, DeskError("desk.exists") where the id is taken.
    """
    written = canonical(parse(kind, document))
    owner = organization_of(kind, municipality, written)
    # Organizations are the city's to name; everything else may be made by the people of the organization it belongs to.
    actor.need(Permission.EDIT, municipality, owner if kind != "organization" else None)
    local = written.get("id") or f"{written['topic']}:{written.get('audience', 'everyone')}"
    key = record_key(kind, municipality, local)
    # Two people who take the same free id at once: the row of the municipality makes the second wait for the first and see its record.
    session.get_one(MunicipalityRow, municipality, with_for_update=True)
    if session.get(RecordRow, key, populate_existing=True) is not None:
        raise DeskError("desk.exists", record=key)
    record = RecordRow(
        id=key,
        municipality_id=municipality,
        kind=kind,
        local_id=local,
        name=title(kind, written),
        organization_id=owner,
        state=State.DRAFT.value,
        newest=0,
        published=None,
        changed_at=now(),
        changed_by=actor.name,
        responsible_id=actor.id,
    )
    session.add(record)
    session.flush()
    add_revision(session, actor, record, written, note=note)
    audit.log(session, actor, municipality, "create", key)
    return record


def save(
    session: Session, actor: Actor, key: str, document: dict[str, Any], *, base: int, minor: bool = False, note: str | None = None
) -> RecordRow:
    """A new revision of `key`, written on top of revision `base`. Saving what is there already changes nothing.

    Raises pydantic.ValidationError where a rule is broken, Conflict where somebody else has saved since `base`.
    """
    record = get(session, actor, key, Permission.EDIT)
    # Two saves in the same moment: the second one waits here and then sees the first one's number.
    hold_row(session, record)
    written = canonical(parse(record.kind, document))
    owner = organization_of(record.kind, record.municipality_id, written)
    if owner != record.organization_id:
        actor.need(Permission.EDIT, record.municipality_id, owner)
    if record.newest != base:
        raise Conflict("desk.changed_meanwhile", record=key, base=base, newest=record.newest, by=record.changed_by)
    before = body(session, record)
    if before == written:
        return record
    if _identity(before) != _identity(written):
        raise DeskError("desk.identity", record=key)
    add_revision(session, actor, record, written, minor=minor, note=note)
    record.state = State.DRAFT.value
    record.publish_at = None
    audit.log(session, actor, record.municipality_id, "save", key, fields=changed_fields(before, written), minor=minor)
    return record


def _identity(document: dict[str, Any]) -> tuple[object, ...]:
    """An id is a record's name for others; a topic and an audience are an article's. They do not change."""
    return document.get("id"), None if "id" in document else (document.get("topic"), document.get("audience", "everyone"))


def add_revision(
    session: Session,
    actor: Actor,
    record: RecordRow,
    document: dict[str, Any],
    *,
    minor: bool = False,
    note: str | None = None,
    restored_from: int | None = None,
) -> RevisionRow:
    """Append a revision to `record` and bring what lists show up to date."""
    record.newest += 1
    row = RevisionRow(
        record_id=record.id,
        number=record.newest,
        body=document,
        minor=minor,
        note=note,
        author_id=actor.id,
        author=actor.name,
        at=now(),
        restored_from=restored_from,
    )
    session.add(row)
    record.name = title(record.kind, document)
    record.organization_id = organization_of(record.kind, record.municipality_id, document)
    record.changed_at = row.at
    record.changed_by = actor.name
    session.flush()
    return row
