"""Put the newest revision before the readers, or take a record away from them. The chat has it within its next look (a second)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.config import CHECKED_KINDS
from knowledge.documents.canonical import parse
from knowledge.documents.models import Document
from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError
from knowledge.editorial.links.addresses import forget_others
from knowledge.editorial.pending import release, revive
from knowledge.editorial.records import State, get, hold_row, now, revision
from knowledge.editorial.references import unpublished, used_by
from knowledge.editorial.verify import show_checked
from knowledge.store import tables as t
from knowledge.store.changes import touch
from knowledge.store.desk_tables import RecordRow, RevisionRow
from knowledge.store.document_writer import TABLES, DocumentWriter
from knowledge.store.texts import write_texts


def publish(
    session: Session, actor: Actor, key: str, *, at: datetime | None = None, expire_at: datetime | None = None, together: str | None = None
) -> RecordRow:
    """Publish the newest revision now, or at a moment to come; `expire_at` archives it by itself. `together` names the act for the log,
    where several records are published by one.

    Raises DeskError("desk.needs") where it points at records that are not public, with their keys in `records`, "desk.no_district" where
    its district is unknown, and "desk.not_valid" where it breaks a rule that is newer than the revision.
    """
    # SQLite keeps no time zone: what is stored is UTC.
    at, expire_at = (moment.astimezone(UTC) if moment else None for moment in (at, expire_at))
    record = get(session, actor, key, Permission.PUBLISH)
    hold_row(session, record)
    if expire_at is not None and expire_at <= (at or now()):
        raise DeskError("desk.expires_too_early", record=key)
    record.expire_at = expire_at
    act = {"together": together} if together else {}
    if at is not None and at > now():
        record.state = State.SCHEDULED.value
        record.publish_at = at
        audit.log(session, actor, record.municipality_id, "schedule", key, number=record.newest, at=at.isoformat(), **act)
        return record
    before = record.published
    put_out(session, record)
    if before is None and actor.id is not None:
        checked_first(session, record, actor.name, now())
    audit.log(session, actor, record.municipality_id, "publish", key, number=record.newest, before=before, **act)
    return record


def checked_first(session: Session, record: RecordRow, name: str, moment: datetime) -> None:
    """Who publishes a record for the first time, or plans it, has read it: nobody has to check it the next day."""
    if record.checked_on is None and record.kind in CHECKED_KINDS:
        zone = ZoneInfo(session.get_one(t.MunicipalityRow, record.municipality_id).timezone)
        record.checked_on, record.checked_by = moment.astimezone(zone).date(), name
        show_checked(session, record, record.checked_on)


def put_out(session: Session, record: RecordRow, *, number: int | None = None, facts: dict[str, Any] | None = None) -> list[str]:
    """Write the newest revision (or revision `number`) into the published tables; returns the names of the texts that changed.

    `facts` are facts of the day that count whatever the revision says (None: there is none). Permission and log are the caller's.
    """
    wanted = revision(session, record, number)
    missing = unpublished(session, record.kind, record.municipality_id, wanted.body)
    if missing:
        raise DeskError("desk.needs", record=record.id, records=missing)
    first = record.published is None
    body = {**with_facts_of_the_day(session, record, wanted.body), **(facts or {})}
    document = _checked(session, record, {name: value for name, value in body.items() if value is not None})
    DocumentWriter(session, record.municipality_id).write(record.kind, [document])
    language = session.get_one(t.MunicipalityRow, record.municipality_id).source_language
    minor = _only_minor(session, record, wanted)
    changed = write_texts(session, record.municipality_id, record.id, document.texts, language, minor=minor)
    forget_others(session, record.id, wanted.body)
    revive(session, record, changed)
    release(session, record)
    wanted.published_at = now()
    record.published = wanted.number
    record.state = State.PUBLISHED.value if wanted.number == record.newest else State.DRAFT.value
    record.publish_at = None
    record.review_note = None
    checked = getattr(document, "checked_on", None)
    if checked:
        record.checked_on = max(record.checked_on, checked) if record.checked_on else checked
    if first and record.checked_on is not None:
        # It was public before, and somebody has checked it since the revision was written: readers are told so again.
        show_checked(session, record, record.checked_on)
    touch(session, record.municipality_id, [record.id])
    return changed


def _checked(session: Session, record: RecordRow, body: dict[str, Any]) -> Document:
    try:
        document = parse(record.kind, body)
    except ValidationError as error:
        fields = [".".join(map(str, one["loc"])) for one in error.errors()]
        raise DeskError("desk.not_valid", record=record.id, fields=fields) from error
    district = getattr(document, "district", None)
    if district and session.get(t.DistrictRow, f"{record.municipality_id}/{district}") is None:
        raise DeskError("desk.no_district", record=record.id, district=district)
    return document


def with_facts_of_the_day(session: Session, record: RecordRow, written: dict[str, Any]) -> dict[str, Any]:
    """`written`, with capacity, closure and checked date as they are now, unless somebody has written others.

    They are set by one click beside the revisions, so a draft that was begun earlier carries old ones.
    """
    if record.published is None:
        return written
    live = live_facts(session, record)
    last = revision(session, record, record.published).body
    kept = {name: value for name, value in live.items() if written.get(name) == last.get(name)}
    return {**{name: value for name, value in written.items() if name not in kept}, **{k: v for k, v in kept.items() if v is not None}}


def live_facts(session: Session, record: RecordRow) -> dict[str, Any]:
    """What readers see now of the facts that are set by one click, as a document has them; None where there is nothing."""
    key = f"{record.municipality_id}/{record.local_id}"
    if record.kind == "service":
        row = session.get_one(t.ServiceRow, key)
        capacity = {"state": row.capacity_state, "wait_days": row.capacity_wait_days, "as_of": row.capacity_as_of}
        closed = {"since": row.closed_since, "until": row.closed_until} if row.closed_since else None
        return {"capacity": capacity, "closed": closed, "checked_on": row.assured_date}
    if record.kind == "article":
        return {"checked_on": session.get_one(t.ArticleRow, key).checked_on}
    if record.kind == "page":
        return {"checked_on": session.get_one(t.PageRow, key).checked_on}
    return {}


def stored_facts(session: Session, record: RecordRow) -> dict[str, Any]:
    """`live_facts` as JSON has them; none where nothing is published."""
    if record.published is None:
        return {}
    found: dict[str, Any] = json.loads(json.dumps(live_facts(session, record), default=str))
    return found


def _only_minor(session: Session, record: RecordRow, wanted: RevisionRow) -> bool:
    """Whether every revision between the published one and this one was minor: one real change in between ages the translations."""
    if record.published is None:
        return False
    first, last = sorted((record.published, wanted.number))
    numbers = RevisionRow.number
    between = select(RevisionRow.minor).where(RevisionRow.record_id == record.id, numbers > first, numbers <= last)
    flags = session.scalars(between).all()
    return all(flags) if flags else wanted.minor


def archive(session: Session, actor: Actor, key: str) -> RecordRow:
    """Take the record away from the readers; its revisions stay, and it can be published again.

    Raises DeskError("desk.in_use") where public records point at it.
    """
    record = get(session, actor, key, Permission.PUBLISH)
    hold_row(session, record)
    before, facts = record.published, stored_facts(session, record)
    take_back(session, record)
    audit.log(session, actor, record.municipality_id, "archive", key, before=before, facts=facts)
    return record


def take_back(session: Session, record: RecordRow) -> None:
    """Delete the record's published rows. Permission and log are the caller's."""
    users = used_by(session, record.kind, record.municipality_id, record.local_id)
    if users:
        raise DeskError("desk.in_use", record=record.id, records=users)
    table = TABLES[record.kind]
    session.execute(delete(table).where(table.id == f"{record.municipality_id}/{record.local_id}"))
    session.expire_all()
    record.published = None
    record.state = State.ARCHIVED.value
    record.publish_at = None
    record.expire_at = None
    record.review_note = None
    touch(session, record.municipality_id, [record.id])
