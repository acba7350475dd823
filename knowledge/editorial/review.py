"""Hand a draft to a reviewer, and send it back with words."""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError
from knowledge.editorial.records import State, get, hold_row
from knowledge.store.desk_tables import RecordRow


def submit(session: Session, actor: Actor, key: str) -> RecordRow:
    """Ask for a review of the newest revision."""
    record = get(session, actor, key, Permission.EDIT)
    hold_row(session, record)
    if record.state not in (State.DRAFT, State.ARCHIVED):
        raise DeskError("desk.not_a_draft", record=key, state=record.state)
    record.state = State.REVIEW.value
    record.review_note = None
    audit.log(session, actor, record.municipality_id, "submit", key, number=record.newest)
    return record


def send_back(session: Session, actor: Actor, key: str, note: str) -> RecordRow:
    """Back to draft, with what the reviewer wants changed. Also takes back a publication that was scheduled."""
    record = get(session, actor, key, Permission.PUBLISH)
    hold_row(session, record)
    if record.state not in (State.REVIEW, State.SCHEDULED):
        raise DeskError("desk.not_in_review", record=key, state=record.state)
    record.state = State.DRAFT.value
    record.publish_at = None
    record.review_note = note.strip()[:2000] or None
    audit.log(session, actor, record.municipality_id, "send_back", key, number=record.newest)
    return record
