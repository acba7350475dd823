"""Work by the clock that only one process may do at a time: a row in the database says who is at it, and when it was last done."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.editorial.records import aware
from knowledge.store.desk_tables import JobRow
from knowledge.store.engine import begin_writing

# After this time a process that has claimed a job is taken for dead.
LEASE = timedelta(hours=1)


def claim(
    session: Session, name: str, now: datetime, *, every: timedelta, first: timedelta = timedelta(0), lease: timedelta = LEASE
) -> bool:
    """Whether this process is to do the job now: it is due, and nobody else is at it. Commits, so that the others see it.

    A job that was never done before is due after `first`.
    """
    begin_writing(session)
    row = session.get(JobRow, name, with_for_update=True, populate_existing=True)
    if row is None:
        try:
            with session.begin_nested():
                session.add(JobRow(name=name, held_until=now + (first or lease)))
            session.commit()
            return not first
        except IntegrityError:  # another process has begun in the same moment
            session.rollback()
            return False
    held, done = aware(row.held_until), aware(row.done_at)
    mine = (held is None or held <= now) and (done is None or now - done >= every)
    if mine:
        row.held_until = now + lease
    session.commit()
    return mine


def renew(session: Session, name: str, now: datetime, *, lease: timedelta = LEASE) -> None:
    """Whoever is at the job still is: some take longer than a lease. Commits."""
    begin_writing(session)
    session.execute(update(JobRow).where(JobRow.name == name, JobRow.held_until.is_not(None)).values(held_until=now + lease))
    session.commit()


def finish(session: Session, name: str, now: datetime) -> None:
    """The job is done; it is due again after its time. Commits."""
    begin_writing(session)
    row = session.get_one(JobRow, name)
    row.done_at, row.held_until = now, None
    session.commit()


def fail(session: Session, name: str, now: datetime, *, pause: timedelta) -> None:
    """The job went wrong; it is tried again after `pause`, by whatever process. Commits."""
    begin_writing(session)
    session.get_one(JobRow, name).held_until = now + pause
    session.commit()
