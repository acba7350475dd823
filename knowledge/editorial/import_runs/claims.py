"""One process at a time works at a run.

Whoever works at one holds a token that stands in its row, and renews its lease. All that ends the work says "if I still hold it", the
writing of the import itself, too, in the same transaction. So a run that was cancelled, or taken over because its process seemed dead,
leaves nothing behind, and two processes never write the same one.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from knowledge.editorial.errors import DeskError
from knowledge.editorial.import_runs.states import RunState
from knowledge.editorial.imports.outcome import Cancelled
from knowledge.editorial.records import now
from knowledge.store.desk_tables import ImportRunRow
from knowledge.store.engine import begin_writing

# After this time without a sign of life a process is taken for dead.
LEASE = timedelta(seconds=30)
# While it writes, a process cannot give one on SQLite: nobody else writes then. Longer than the longest import takes.
WRITING_LEASE = timedelta(seconds=120)
_BEAT_SECONDS = 5.0
_TELL_SECONDS = 0.5


class Lost(DeskError):
    """The run is somebody else's by now, or was cancelled. Nothing may be written."""

    def __init__(self) -> None:
        super().__init__("desk.exchange.lost")


def claim(sessions: sessionmaker[Session], run: int, of: Sequence[RunState], to: RunState, **values: Any) -> str | None:
    """The token of the claim; None where the run is in no state of `of`, or another process is at it."""
    token = secrets.token_hex(8)
    with sessions() as session, session.begin():
        begin_writing(session)
        free = or_(ImportRunRow.worker.is_(None), ImportRunRow.alive_until.is_(None), ImportRunRow.alive_until < now())
        wanted = update(ImportRunRow).where(ImportRunRow.id == run, ImportRunRow.state.in_([one.value for one in of]), free)
        fields = {"state": to.value, "worker": token, "alive_until": now() + LEASE, "done": 0, "total": 0, **values}
        moved = session.connection().execute(wanted.values(**fields))
        return token if moved.rowcount == 1 else None


class Hold:
    """The hold of a process on a run, renewed in the background while it lasts. `stopped` tells that somebody here wants it to end.

    `phase`, `done` and `total` are how far it is, for this process's own pages; the row has them for the others.
    """

    def __init__(self, sessions: sessionmaker[Session], run: int, token: str, stopped: Callable[[], bool] = lambda: False) -> None:
        self.sessions = sessions
        self.run = run
        self.token = token
        self.phase, self.done, self.total = "", 0, 0
        self._stopped = stopped
        self._lost = False
        self._quiet = False
        self._told = 0.0
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._keep_alive, name=f"import-{run}", daemon=True)

    def __enter__(self) -> Hold:
        self._beat.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._beat.join()

    def progress(self, phase: str) -> Callable[[int, int], None]:
        """To be called with (done, total) often. Raises Cancelled or Lost where the work is to end."""

        def tell(done: int, total: int) -> None:
            self.phase, self.done, self.total = phase, done, total
            if self._stopped():
                raise Cancelled
            if self._lost:
                raise Lost
            moment = time.monotonic()
            if moment - self._told >= _TELL_SECONDS:
                self._told = moment
                if not self._quiet:
                    self._renew()

        return tell

    def quiet(self) -> None:
        """From here on nothing is written beside the import's own transaction: on SQLite it would wait for itself."""
        with self.sessions() as session:
            self._quiet = session.get_bind().dialect.name == "sqlite"
        self._renew(WRITING_LEASE.total_seconds() if self._quiet else LEASE.total_seconds())
        if self._lost:
            raise Lost

    def finish(self, session: Session, state: RunState, **values: Any) -> None:
        """Let go of the run, within the caller's transaction.

        Raises Lost where it is not held any longer: the caller rolls back then.
        """
        mine = update(ImportRunRow).where(ImportRunRow.id == self.run, ImportRunRow.worker == self.token)
        fields = {"state": state.value, "worker": None, "alive_until": None, "phase": "", **values}
        if session.connection().execute(mine.values(**fields)).rowcount != 1:
            raise Lost

    def _keep_alive(self) -> None:
        while not self._ended.wait(_BEAT_SECONDS):
            if not self._quiet:
                self._renew()

    def _renew(self, seconds: float | None = None) -> None:
        lease = timedelta(seconds=seconds) if seconds else LEASE
        mine = update(ImportRunRow).where(ImportRunRow.id == self.run, ImportRunRow.worker == self.token)
        fields = {"alive_until": now() + lease, "phase": self.phase, "done": self.done, "total": self.total}
        try:
            with self.sessions() as session, session.begin():
                begin_writing(session)
                if session.connection().execute(mine.values(**fields)).rowcount != 1:
                    self._lost = True
        except SQLAlchemyError:
            return  # somebody else is writing for long: the next sign of life will do
