"""The published knowledge, held in memory and read again when its version in the database has moved.

A database that fails after the first reading does not silence anybody: the last version read goes on answering.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knowledge.domain.errors import KnowledgeError, KnowledgeUnavailable
from knowledge.domain.records import Knowledge
from knowledge.store.reader import municipalities, read_knowledge
from knowledge.store.tables import MunicipalityRow

log = structlog.get_logger(__name__)
# Below the two seconds in which an editor's change must be in the chat.
CHECK_SECONDS = 1.0


class Library:
    """Knowledge by municipality. Safe to use from several threads."""

    def __init__(self, sessions: Callable[[], Session], default: str | None = None) -> None:
        self._sessions = sessions
        self._default = default
        self._held: dict[str, Knowledge] = {}
        self._checked: dict[str, float] = {}
        self._lock = threading.Lock()

    def default_municipality(self) -> str:
        """The municipality that answers where none is named.

        Raises KnowledgeUnavailable where there is none in the database, or the database does not answer.
        """
        if self._default is None:
            with self._sessions() as session:
                found = municipalities(session)
            if not found:
                raise KnowledgeUnavailable("knowledge.empty")
            self._default = found[0][0]
        return self._default

    def knowledge(self, municipality: str | None = None) -> Knowledge:
        """The present knowledge of a municipality, at most `CHECK_SECONDS` old.

        Raises KnowledgeUnavailable where it has never been read and cannot be read now.
        """
        name = municipality or self.default_municipality()
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
            except (KnowledgeError, SQLAlchemyError) as error:
                if held is None:
                    if isinstance(error, KnowledgeError):
                        raise
                    raise KnowledgeUnavailable("knowledge.unavailable", reason=type(error).__name__) from error
                log.warning("knowledge.stale", municipality=name, reason=type(error).__name__)
            self._held[name] = held
            self._checked[name] = time.monotonic()
            return held

    def _refresh(self, name: str, held: Knowledge | None) -> Knowledge:
        with self._sessions() as session:
            version = session.scalar(select(MunicipalityRow.version).where(MunicipalityRow.id == name))
            if held is not None and version == held.version:
                return held
            return read_knowledge(session, name)
