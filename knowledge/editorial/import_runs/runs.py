"""Runs as rows: begin one, find it, start it again, throw it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError, NotFound
from knowledge.editorial.import_runs.claims import LEASE
from knowledge.editorial.import_runs.states import AGAIN, BUSY, RunState, state_of
from knowledge.editorial.records import now
from knowledge.exchange.formats import READABLE
from knowledge.store.desk_tables import ImportFileRow, ImportItemRow, ImportRunRow

# Files that nobody has gone on with, and lines of a report that nobody looks at any more.
KEEP_FILES, KEEP_ITEMS = timedelta(days=30), timedelta(days=180)
MOST_AT_ONCE = 3
_LONGEST_NAME = 200


def begin(
    session: Session, actor: Actor, municipality: str, files: Sequence[tuple[str, bytes]], format: str, choices: Mapping[str, Any]
) -> ImportRunRow:
    """A new run with its files (name, content), to be read next.

    Raises DeskError("desk.exchange.busy") where too many are being worked at.
    """
    actor.need(Permission.IMPORT, municipality)
    moment = now()
    busy = select(ImportRunRow).where(ImportRunRow.municipality_id == municipality, ImportRunRow.state.in_([one.value for one in BUSY]))
    if sum(state_of(run, moment) in BUSY for run in session.scalars(busy)) >= MOST_AT_ONCE:
        raise DeskError("desk.exchange.busy")
    forget(session)
    names = ", ".join(name for name, _ in files)
    run = ImportRunRow(
        municipality_id=municipality,
        user_id=actor.id,
        author=actor.name,
        format=format,
        file_name=names if len(names) <= _LONGEST_NAME else f"{names[: _LONGEST_NAME - 1]}…",
        content=dict(choices),
        plan={},
        report={},
        state=RunState.READING.value,
        alive_until=moment + LEASE,
        at=moment,
    )
    session.add(run)
    session.flush()
    session.add_all(ImportFileRow(run_id=run.id, name=name[:_LONGEST_NAME], body=body) for name, body in files)
    audit.log(session, actor, municipality, "import_begin", None, run=run.id, format=format, files=len(files))
    session.flush()
    return run


def get_run(session: Session, actor: Actor, municipality: str, number: int) -> ImportRunRow:
    """The run `number` of the municipality.

    Raises NotFound where there is none here, NotAllowed without the permission to import.
    """
    actor.need(Permission.IMPORT, municipality)
    run = session.get(ImportRunRow, number)
    if run is None or run.municipality_id != municipality:
        raise NotFound("desk.exchange.no_run")
    return run


def list_runs(session: Session, municipality: str, *, page: int = 1, size: int = 20) -> tuple[Sequence[ImportRunRow], bool]:
    """(runs of a page, newest first; whether there are more)."""
    rows = select(ImportRunRow).where(ImportRunRow.municipality_id == municipality).order_by(ImportRunRow.id.desc())
    found = session.scalars(rows.offset((page - 1) * size).limit(size + 1)).all()
    return found[:size], len(found) > size


def read_again(session: Session, actor: Actor, run: ImportRunRow, *, format: str | None = None, **choices: Any) -> None:
    """Read the files of `run` once more, as another format or with other choices; what was decided about the same changes is kept.

    Raises DeskError("desk.exchange.not_now") for a run that is being worked at or is done, DeskError("desk.exchange.files_gone") where
    its files were thrown away in the meantime.
    """
    actor.need(Permission.IMPORT, run.municipality_id)
    if state_of(run, now()) not in AGAIN or (format is not None and format not in READABLE):
        raise DeskError("desk.exchange.not_now")
    if session.scalar(select(ImportFileRow.id).where(ImportFileRow.run_id == run.id).limit(1)) is None:
        raise DeskError("desk.exchange.files_gone")
    run.content = {**run.content, **choices}
    run.format = format or run.format
    run.state = RunState.READING.value
    run.worker, run.alive_until, run.report = None, now() + LEASE, {}
    run.done = run.total = 0
    session.flush()


def cancel(session: Session, actor: Actor, run: ImportRunRow) -> bool:
    """Stop what is being done; False where it was too late. Nothing that was under way is written after this."""
    actor.need(Permission.IMPORT, run.municipality_id)
    stopped = update(ImportRunRow).where(
        ImportRunRow.id == run.id, ImportRunRow.state.in_([RunState.READING.value, RunState.RUNNING.value])
    )
    fields = {"state": RunState.CANCELLED.value, "worker": None, "alive_until": None, "phase": "", "ended_at": now()}
    if session.connection().execute(stopped.values(**fields)).rowcount != 1:
        return False
    audit.log(session, actor, run.municipality_id, "import_cancel", None, run=run.id)
    session.flush()
    return True


def throw_away(session: Session, actor: Actor, run: ImportRunRow) -> None:
    """Delete a run that has not written anything.

    Raises DeskError("desk.exchange.not_now") for another one: its report stays.
    """
    actor.need(Permission.IMPORT, run.municipality_id)
    if state_of(run, now()) not in AGAIN or run.state == RunState.UNDOING:
        raise DeskError("desk.exchange.not_now")
    session.delete(run)
    session.flush()


def forget(session: Session) -> None:
    """Throw away files that nobody has gone on with, and the lines of old reports; the numbers stay."""
    moment = now()
    old = select(ImportRunRow.id).where(ImportRunRow.at < moment - KEEP_FILES)
    session.execute(delete(ImportFileRow).where(ImportFileRow.run_id.in_(old)))
    older = select(ImportRunRow.id).where(ImportRunRow.at < moment - KEEP_ITEMS)
    session.execute(delete(ImportItemRow).where(ImportItemRow.run_id.in_(older)))
