"""Noting questions in the background: whoever asked is answered first, and is answered all the same where the database fails."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from datetime import date

import structlog
from sqlalchemy.orm import Session

from knowledge.editorial.questions.keeping import note
from knowledge.store.engine import begin_writing

log = structlog.get_logger(__name__)
_ROOM = 500


class Notebook:
    """Takes questions at once and writes them one after the other in a thread of its own, which starts with the first one."""

    def __init__(self, sessions: Callable[[], Session]) -> None:
        self._sessions = sessions
        self._waiting: queue.Queue[tuple[str, str, str | None, date]] = queue.Queue(_ROOM)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, municipality: str, text: str, language: str | None, day: date) -> None:
        """Note a question. Returns at once and never raises; where more wait than there is room for, it is not noted."""
        try:
            self._waiting.put_nowait((municipality, text, language, day))
        except queue.Full:
            log.warning("questions.full")
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._write, name="questions", daemon=True)
                self._thread.start()

    def drain(self) -> None:
        """Wait until everything is written: for tests, and for a process that ends."""
        self._waiting.join()

    def _write(self) -> None:
        while True:
            municipality, text, language, day = self._waiting.get()
            try:
                with self._sessions() as session, session.begin():
                    begin_writing(session)
                    note(session, municipality, text, language, day)
            except Exception as error:
                # Its class only: an error of the database may quote what was to be written.
                log.warning("questions.not_noted", error=type(error).__name__)
            finally:
                self._waiting.task_done()
