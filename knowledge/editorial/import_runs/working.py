"""Doing the work of a run in this process: claim it, do it, and say in its row how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from knowledge.domain.errors import KnowledgeError
from knowledge.editorial.import_runs.claims import Hold, Lost, claim
from knowledge.editorial.import_runs.planning import make_plan
from knowledge.editorial.import_runs.states import RunState
from knowledge.editorial.import_runs.undoing import undo_run
from knowledge.editorial.import_runs.writing import write_run
from knowledge.editorial.imports.outcome import Cancelled
from knowledge.editorial.records import now
from knowledge.store.desk_tables import ImportRunRow
from knowledge.store.engine import begin_writing

log = structlog.get_logger(__name__)
_Work = Callable[[sessionmaker[Session], int, Hold], None]
# What is done -> (from which states, the state meanwhile, the work, the state after a failure).
WORK: Mapping[str, tuple[Sequence[RunState], RunState, _Work, RunState]] = {
    "plan": ((RunState.READING,), RunState.READING, make_plan, RunState.FAILED),
    "write": ((RunState.PLANNED,), RunState.RUNNING, write_run, RunState.FAILED),
    # Half an undo there is not: where it fails, the import is as done as before.
    "undo": ((RunState.DONE, RunState.UNDOING), RunState.UNDOING, undo_run, RunState.DONE),
}


def take(sessions: sessionmaker[Session], number: int, what: str, **values: Any) -> str | None:
    """The token for doing `what` ("plan", "write", "undo"); None where another process is at it, or the run is in another state."""
    of, to, _, _ = WORK[what]
    return claim(sessions, number, of, to, **values)


def do(sessions: sessionmaker[Session], number: int, what: str, hold: Hold) -> None:
    """Do `what` with a run that was taken. Never raises: how it ended is in the run's row."""
    _, _, work, failed = WORK[what]
    try:
        with hold:
            work(sessions, number, hold)
    except (Cancelled, Lost):
        _let_go(sessions, hold)
    except KnowledgeError as error:
        _fail(sessions, hold, failed, error.key, dict(error.fields))
    except SQLAlchemyError as error:
        log.error("import.database", run=number, work=what, error=type(error).__name__)
        _fail(sessions, hold, failed, "desk.internal", {})
    except Exception as error:
        log.error("import.failed", run=number, work=what, error=type(error).__name__, exc_info=True)
        _fail(sessions, hold, failed, "desk.internal", {})


def _fail(sessions: sessionmaker[Session], hold: Hold, state: RunState, key: str, fields: dict[str, Any]) -> None:
    problem = {"key": key, "fields": {name: str(value) for name, value in fields.items()}}
    try:
        with sessions() as session, session.begin():
            begin_writing(session)
            run = session.get_one(ImportRunRow, hold.run)
            hold.finish(session, state, report={**run.report, "problem": problem}, ended_at=now())
    except (Lost, SQLAlchemyError):
        return  # cancelled in the same moment, or no database: the lease runs out, and the run counts as interrupted


def _let_go(sessions: sessionmaker[Session], hold: Hold) -> None:
    """The process ends and the work is not done: the run counts as interrupted at once."""
    mine = update(ImportRunRow).where(ImportRunRow.id == hold.run, ImportRunRow.worker == hold.token)
    try:
        with sessions() as session, session.begin():
            begin_writing(session)
            session.connection().execute(mine.values(worker=None, alive_until=None))
    except SQLAlchemyError:
        return
