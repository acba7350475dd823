"""The work of imports in threads of this process, so that pages answer while it is done."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field

from aiohttp import web
from sqlalchemy.orm import Session, sessionmaker

from knowledge.editorial.import_runs.claims import Hold
from knowledge.editorial.import_runs.working import do, take
from knowledge.web.desk.keys import SESSIONS

_ENDING_SECONDS = 20.0


@dataclass
class _Live:
    hold: Hold
    stop: threading.Event
    thread: threading.Thread


@dataclass
class Background:
    """What this process works at. `start`, `stop` and `live` may be called from any thread."""

    sessions: sessionmaker[Session]
    _closing: threading.Event = field(default_factory=threading.Event)
    _live: dict[int, _Live] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, run: int, what: str) -> bool:
        """Begin to do `what` ("plan", "write", "undo"); False where somebody is at it already, or the run is in another state."""
        token = take(self.sessions, run, what)
        if token is None:
            return False
        stop = threading.Event()
        hold = Hold(self.sessions, run, token, lambda: stop.is_set() or self._closing.is_set())
        thread = threading.Thread(target=self._work, args=(run, what, hold), name=f"import-{run}-{what}", daemon=True)
        with self._lock:
            self._live[run] = _Live(hold, stop, thread)
        thread.start()
        return True

    def _work(self, run: int, what: str, hold: Hold) -> None:
        try:
            do(self.sessions, run, what, hold)
        finally:
            with self._lock:
                found = self._live.get(run)
                if found is not None and found.hold is hold:
                    del self._live[run]

    def live(self, run: int) -> Hold | None:
        """How far this process is with the run; None where it does not work at it."""
        found = self._live.get(run)
        return found.hold if found is not None else None

    def stop(self, run: int) -> None:
        """Ask the work at the run to end; it takes effect at the next record."""
        found = self._live.get(run)
        if found is not None:
            found.stop.set()

    def wait(self, run: int, seconds: float) -> bool:
        """Whether the work at the run is over within this time."""
        found = self._live.get(run)
        if found is not None:
            found.thread.join(seconds)
        return run not in self._live

    def close(self) -> None:
        """End all work: what is not written is not written, and its runs count as interrupted."""
        self._closing.set()
        for found in list(self._live.values()):
            found.thread.join(_ENDING_SECONDS)


BACKGROUND: web.AppKey[Background] = web.AppKey("desk_imports", Background)


def prepare(app: web.Application) -> None:
    """Give the application its background, which ends with it."""
    app[BACKGROUND] = Background(app[SESSIONS])

    async def close(app: web.Application) -> None:
        await asyncio.to_thread(app[BACKGROUND].close)

    app.on_shutdown.append(close)
