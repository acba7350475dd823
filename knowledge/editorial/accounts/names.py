"""Names of what a role is held in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.store.desk_tables import RecordRow
from knowledge.store.texts import newest_texts


def municipality_name(session: Session, id: str) -> str:
    """The name of a municipality as it writes itself."""
    found = newest_texts(session, f"municipality:{id}").get("name")
    return found.body if found is not None and found.body else id


def organization_name(session: Session, key: str) -> str:
    """The name of an organization, or its key where the record is gone."""
    found = session.get(RecordRow, f"organization:{key}")
    return found.name if found is not None else key
