"""The published knowledge, held in memory; what has changed is read again when its version in the database has moved.

A database that fails after the first reading does not silence anybody: the last version read goes on answering. It does so, too, while
a large city is read anew.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knowledge.domain.errors import KnowledgeError, KnowledgeUnavailable
from knowledge.domain.records import Knowledge
from knowledge.store.changes import Stamp, changed_since, stamp
from knowledge.store.engine import begin_reading
from knowledge.store.reader import municipalities, read_changed, read_knowledge

log = structlog.get_logger(__name__)
# Below the two seconds in which an editor's change must be in the chat.
CHECK_SECONDS = 1.0
# Nobody waits while a city with more records than this is read from the beginning: that takes seconds.
_LARGE = 500


class Library:
    """Knowledge by municipality. Safe to use from several threads."""

    def __init__(self, sessions: Callable[[], Session], default: str | None = None) -> None:
        self._sessions = sessions
        self._configured = default
        self._found: str | None = None
        self._held: dict[str, Knowledge] = {}
        self._stamps: dict[str, Stamp] = {}
        self._checked: dict[str, float] = {}
        self._lock = threading.Lock()
        self._reading: set[str] = set()

    def default_municipality(self) -> str:
        """The municipality that answers where none is named.

        Raises KnowledgeUnavailable where there is none in the database, or the database does not answer.
        """
        if self._configured is not None:
            return self._configured
        if self._found is None:
            with self._sessions() as session:
                found = municipalities(session)
            if not found:
                raise KnowledgeUnavailable("knowledge.empty")
            self._found = found[0][0]
        return self._found

    def knowledge(self, municipality: str | None = None) -> Knowledge:
        """The present knowledge of a municipality, at most `CHECK_SECONDS` old.

        Raises KnowledgeUnavailable where it has never been read and cannot be read now, or has been removed.
        """
        if municipality is not None:
            return self._knowledge(municipality)
        name = self.default_municipality()
        try:
            return self._knowledge(name)
        except KnowledgeUnavailable:
            # The first municipality was removed from the database: another one may be the first now.
            if self.default_municipality() == name:
                raise
        return self._knowledge(self.default_municipality())

    def _knowledge(self, name: str) -> Knowledge:
        held = self._held.get(name)
        now = time.monotonic()
        if held is not None and now - self._checked[name] < CHECK_SECONDS:
            return held
        with self._lock:
            held = self._held.get(name)
            if held is not None and now - self._checked[name] < CHECK_SECONDS:
                return held
            try:
                held = self._refresh(name, held)
            except _Removed as error:
                # Gone, not out of reach: what the city has taken out must not be answered any longer.
                self._held.pop(name, None)
                self._stamps.pop(name, None)
                if self._found == name:
                    self._found = None
                raise KnowledgeUnavailable("knowledge.no_municipality", municipality=name) from error
            except (KnowledgeError, SQLAlchemyError) as error:
                if held is None:
                    if isinstance(error, KnowledgeError):
                        raise
                    raise KnowledgeUnavailable("knowledge.unavailable", reason=type(error).__name__) from error
                log.warning("knowledge.stale", municipality=name, reason=type(error).__name__)
            # In this order: who finds it held, without the lock, asks next when it was looked at.
            self._checked[name] = time.monotonic()
            self._held[name] = held
            return held

    def _refresh(self, name: str, held: Knowledge | None) -> Knowledge:
        if held is not None and name in self._reading:
            return held
        with self._sessions() as session:
            begin_reading(session)
            present = _present(session, name)
            if held is not None and present == self._stamps[name]:
                return held
            changed = None if held is None else changed_since(session, name, self._stamps[name], present)
            if held is not None and changed is not None:
                read = read_changed(session, held, present.version, changed)
            elif held is not None and _records(held) > _LARGE:
                self._reading.add(name)
                threading.Thread(target=self._read_behind, args=(name,), name="read-knowledge", daemon=True).start()
                return held
            else:
                read = read_knowledge(session, name)
            self._stamps[name] = present
            return read

    def _read_behind(self, name: str) -> None:
        """Read everything while the last version answers. What fails is tried again at the next look."""
        try:
            with self._sessions() as session:
                begin_reading(session)
                present = _present(session, name)
                read = read_knowledge(session, name)
            with self._lock:
                self._held[name], self._stamps[name] = read, present
        except (_Removed, KnowledgeError, SQLAlchemyError) as error:
            log.warning("knowledge.stale", municipality=name, reason=type(error).__name__)
        finally:
            self._reading.discard(name)


def _present(session: Session, name: str) -> Stamp:
    found = stamp(session, name)
    if found is None:
        raise _Removed(name)
    return found


def _records(knowledge: Knowledge) -> int:
    parts = (knowledge.organizations, knowledge.locations, knowledge.contacts, knowledge.services, knowledge.articles, knowledge.pages)
    return sum(map(len, parts))


class _Removed(Exception):
    """The database answers and does not have the municipality."""
