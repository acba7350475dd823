"""What has changed in what is public: written with each change, read by the processes that hold the knowledge in memory.

Each change names the version before it. A process from whose version no such chain leads to the present one (another release wrote,
everything was imported anew) reads the whole city again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.store.tables import MunicipalityRow, PublishedChangeRow

_BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
# Versions grow with the seconds, so this is about an hour: processes look every second, and one that was stopped begins anew.
_KEPT = 3600
# To read more records than this one by one takes as long as to read them all.
MOST_RECORDS = 300


class Stamp(NamedTuple):
    """Which version it is. The number alone does not tell: a city that is removed and imported again may come to one it has had."""

    version: int
    changed_at: datetime


def stamp(session: Session, municipality_id: str) -> Stamp | None:
    """The present version; None where there is no such municipality."""
    row = select(MunicipalityRow.version, MunicipalityRow.changed_at).where(MunicipalityRow.id == municipality_id)
    found = session.execute(row).one_or_none()
    return Stamp(*found) if found else None


def touch(session: Session, municipality_id: str, records: Iterable[str] | None = None) -> None:
    """Raise the version, so that every process reads again within a second what has changed.

    `records` (``"service:ankerstadt/rathaus"``) are all that have changed, been added or taken away; None where it may be anything.
    """
    session.flush()
    # Held until the end of the transaction: versions come in the order in which they can be read. "Key share" is what each row that names
    # its municipality has taken already: of two transactions that have written such rows, neither waits for the other one's.
    row = session.get_one(MunicipalityRow, municipality_id, with_for_update={"key_share": True}, populate_existing=True)
    before = Stamp(row.version, row.changed_at)
    row.changed_at = datetime.now(UTC)
    # By the clock, so that a municipality that is removed and imported again does not come back with a version it has had.
    row.version = max(before.version + 1, int((row.changed_at - _BEGINNING).total_seconds()))
    keys = None if records is None else sorted(set(records))
    if keys is not None and len(keys) > MOST_RECORDS:
        keys = None
    own = PublishedChangeRow.municipality_id == municipality_id
    session.execute(delete(PublishedChangeRow).where(own, PublishedChangeRow.version < row.version - _KEPT))
    session.add(
        PublishedChangeRow(
            municipality_id=municipality_id, before=before.version, before_at=before.changed_at, version=row.version, records=keys
        )
    )
    session.flush()


def changed_since(session: Session, municipality_id: str, held: Stamp, present: Stamp) -> set[str] | None:
    """Records that were changed after `held` and up to `present`; None where that cannot be told, or there are too many."""
    row = PublishedChangeRow
    own = (row.municipality_id == municipality_id, row.version > held.version, row.version <= present.version)
    found: set[str] = set()
    reached: tuple[int, datetime | None] = held
    for before, before_at, version, records in session.execute(
        select(row.before, row.before_at, row.version, row.records).where(*own).order_by(row.version)
    ):
        if before != reached[0] or reached[1] not in (None, before_at) or records is None:
            return None
        found.update(records)
        # Within the chain the numbers are enough: a removed city takes its log along.
        reached = (version, None)
    return found if reached == (present.version, None) and len(found) <= MOST_RECORDS else None
