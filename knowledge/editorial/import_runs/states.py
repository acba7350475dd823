"""What a run can be."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from knowledge.editorial.records import aware
from knowledge.store.desk_tables import ImportRunRow


class RunState(StrEnum):
    """State of a run. `INTERRUPTED` is never stored: it is a busy one whose process is gone."""

    READING = "reading"
    TOPICS = "topics"  # pages wait for somebody to confirm their topics
    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"
    INTERRUPTED = "interrupted"


BUSY = (RunState.READING, RunState.RUNNING, RunState.UNDOING)
# From here the same files can be read once more.
AGAIN = (RunState.TOPICS, RunState.PLANNED, RunState.FAILED, RunState.CANCELLED, RunState.INTERRUPTED)


def state_of(run: ImportRunRow, moment: datetime) -> RunState:
    """The state as people see it at `moment` (UTC)."""
    state = RunState(run.state)
    alive = aware(run.alive_until)
    if state in BUSY and (alive is None or alive <= moment):
        return RunState.INTERRUPTED
    return state
