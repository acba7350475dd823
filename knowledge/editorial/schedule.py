"""What is done by the clock: publishing and expiry. Safe to run in several processes at once: each record is locked while it is done."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knowledge.documents.models import MODELS
from knowledge.editorial import audit
from knowledge.editorial.actor import desk_itself
from knowledge.editorial.errors import DeskError
from knowledge.editorial.publish import checked_first, put_out, stored_facts, take_back
from knowledge.editorial.records import State, aware
from knowledge.editorial.references import names_seen
from knowledge.editorial.scope import Scope
from knowledge.editorial.sight import Sight
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import RecordRow
from knowledge.store.engine import begin_writing
from knowledge.store.tables import MunicipalityRow
from locales.catalogue import say

log = structlog.get_logger(__name__)
ACTOR = desk_itself("schedule")
_ORDER = list(MODELS)


def run_due(session: Session, now: datetime) -> list[str]:
    """Publish what is due and archive what has expired; commits after each record. Returns the keys that were done.

    A record that cannot be published (something it needs has gone) becomes a draft again with the reason as its note; one that cannot be
    archived stays, likewise. The note is in the city's language, as those of reviewers are.
    """
    due = select(RecordRow.id, RecordRow.kind, RecordRow.publish_at).where(or_(RecordRow.publish_at <= now, RecordRow.expire_at <= now))
    rows = session.execute(due).all()
    session.commit()
    done = []
    # What others point at comes first where several are published at the same moment.
    for key, _, _ in sorted(rows, key=lambda row: (str(row.publish_at or ""), _ORDER.index(row.kind))):
        begin_writing(session)
        record = session.get(RecordRow, key, with_for_update=True, populate_existing=True)
        if record is not None and _run(session, record, now):
            done.append(key)
        session.commit()
    return done


def _plan(session: Session, record: RecordRow) -> AuditRow | None:
    """The log's entry about who planned the publication, and with what else: the clock publishes records one by one."""
    rows = select(AuditRow).where(AuditRow.record == record.id, AuditRow.action == "schedule").order_by(AuditRow.id.desc()).limit(1)
    return session.scalar(rows)


def _run(session: Session, record: RecordRow, now: datetime) -> bool:
    publish_at, expire_at = aware(record.publish_at), aware(record.expire_at)
    try:
        if record.state == State.SCHEDULED and publish_at is not None and publish_at <= now:
            before, plan = record.published, _plan(session, record)
            put_out(session, record)
            if before is None and plan is not None:
                checked_first(session, record, plan.actor, aware(plan.at) or now)
            act = {"together": plan.detail["together"]} if plan is not None and plan.detail.get("together") else {}
            audit.log(session, ACTOR, record.municipality_id, "publish", record.id, number=record.newest, before=before, **act)
        elif expire_at is not None and expire_at <= now and record.published is not None:
            before, facts = record.published, stored_facts(session, record)
            take_back(session, record)
            audit.log(session, ACTOR, record.municipality_id, "expire", record.id, before=before, facts=facts)
        else:
            # Changed since it was planned: the draft is published when somebody says so anew.
            record.publish_at = None if publish_at is not None and publish_at <= now else record.publish_at
            record.expire_at = None if expire_at is not None and expire_at <= now else record.expire_at
            return False
    except DeskError as error:
        # Keys of records, names of fields: without them nobody who reads the log knows what to put right.
        named = {name: value for name, value in error.fields.items() if name != "record"}
        log.warning("schedule.refused", record=record.id, key=error.key, **named)
        told = _reason(session, record, error)
        # What a reviewer has written stays.
        record.review_note = f"{record.review_note}\n\n{told}" if record.review_note else told
        if record.state == State.SCHEDULED:
            record.state = State.DRAFT.value
        record.publish_at = record.expire_at = None
        audit.log(session, ACTOR, record.municipality_id, "schedule_failed", record.id, reason=error.key, **named)
    return True


def _reason(session: Session, record: RecordRow, error: DeskError) -> str:
    language = session.get_one(MunicipalityRow, record.municipality_id).source_language
    fields = dict(error.fields)
    for name in ("records", "fields"):
        found = fields.get(name)
        if isinstance(found, list):
            fields[name] = ", ".join(names_seen(_readers_sight(session, record), found, language))
    why = say(f"desk.error.{error.key.removeprefix('desk.')}", language, **fields)
    key = "desk.record.not_published" if record.state == State.SCHEDULED else "desk.record.not_archived"
    return say(key, language, reason=why.rstrip("."))


def _readers_sight(session: Session, record: RecordRow) -> Sight:
    """What all those see who read the note of `record`: the people of its organization do, too."""
    organizations = frozenset({record.organization_id}) if record.organization_id is not None else None
    return Sight(session, Scope(record.municipality_id, organizations))
