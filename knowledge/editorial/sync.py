"""Give every published record its place at the desk: after an import in our own format, and for what was there before the desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import canonical, parse, title
from knowledge.documents.from_records import documents
from knowledge.editorial.actor import Actor, desk_itself
from knowledge.editorial.records import State, now, organization_of, record_key
from knowledge.editorial.save import add_revision
from knowledge.store.desk_tables import RecordRow, RevisionRow
from knowledge.store.reader import municipalities, read_knowledge

# Set by one click beside the revisions: a difference in them alone is no new revision.
FACTS_OF_THE_DAY = ("capacity", "closed", "checked_on")


def sync(session: Session, municipality: str, actor: Actor) -> int:
    """Write a revision for each published record that differs from what the desk knows as published; returns how many.

    A draft that somebody is writing stays the newest revision's state only where nothing new came in; otherwise the imported words are
    the newest revision, and the draft is one step back in the history. The caller commits.
    """
    session.flush()
    known = {row.id: row for row in session.scalars(select(RecordRow).where(RecordRow.municipality_id == municipality))}
    bodies = _published_bodies(session, municipality)
    written = 0
    present = set()
    for kind, group in documents(read_knowledge(session, municipality)).items():
        for local, raw in group.items():
            key = record_key(kind, municipality, local)
            present.add(key)
            document = canonical(parse(kind, raw))
            record = known.get(key)
            if record is None:
                record = _new(municipality, kind, local, document, actor)
                session.add(record)
                session.flush()
            else:
                _newer_check(record, document)
                if key in bodies and _lasting(bodies[key]) == _lasting(document):
                    continue
            row = add_revision(session, actor, record, document)
            row.published_at = row.at
            record.published = row.number
            record.state = State.PUBLISHED.value
            record.publish_at = record.review_note = None
            written += 1
    for key, record in known.items():
        if record.published is not None and key not in present:
            record.published = record.review_note = None
            record.state = State.ARCHIVED.value
    session.flush()
    return written


def _newer_check(record: RecordRow, document: dict[str, Any]) -> None:
    checked = document.get("checked_on")
    if checked and (record.checked_on is None or record.checked_on < date.fromisoformat(checked)):
        record.checked_on = date.fromisoformat(checked)


def _lasting(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in FACTS_OF_THE_DAY}


def _new(municipality: str, kind: str, local: str, document: dict[str, Any], actor: Actor) -> RecordRow:
    return RecordRow(
        id=record_key(kind, municipality, local),
        municipality_id=municipality,
        kind=kind,
        local_id=local,
        name=title(kind, document),
        organization_id=organization_of(kind, municipality, document),
        state=State.PUBLISHED.value,
        newest=0,
        published=None,
        changed_at=now(),
        changed_by=actor.name,
        checked_on=parse(kind, document).dict().get("checked_on"),
    )


def _published_bodies(session: Session, municipality: str) -> dict[str, dict[str, Any]]:
    rows = session.execute(
        select(RecordRow.id, RevisionRow.body)
        .join(RevisionRow, (RevisionRow.record_id == RecordRow.id) & (RevisionRow.number == RecordRow.published))
        .where(RecordRow.municipality_id == municipality)
    )
    return {row.id: row.body for row in rows}


def sync_new(session: Session) -> None:
    """`sync` for every municipality that the desk does not know yet. The caller commits."""
    known = set(session.scalars(select(RecordRow.municipality_id).distinct()))
    for municipality, _ in municipalities(session):
        if municipality not in known:
            sync(session, municipality, desk_itself("import"))
