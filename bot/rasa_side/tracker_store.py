"""Rasa's SQL tracker store, with what a city needs of it: erasure, retention, and no loss while the database cannot be written."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa
import structlog
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger(__name__)
# Conversations kept in memory while the database refuses them; beyond that the oldest are given up, so that memory stays bounded.
MOST_PENDING = 2_000


class DeskTrackerStore(SQLTrackerStore):
    """A conversation that cannot be stored goes on in memory and is written when the database takes it again."""

    def __init__(self, domain: Any = None, host: str | None = None, event_broker: Any = None, **kwargs: Any) -> None:
        self._pending: dict[str, DialogueStateTracker] = {}
        super().__init__(domain=domain, host=host, event_broker=event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the new events, or keep the conversation until that is possible."""
        try:
            await super().save(tracker)
        except SQLAlchemyError as error:
            if tracker.sender_id not in self._pending:
                log.warning("conversations.not_stored", reason=type(error).__name__)
            self._pending[tracker.sender_id] = tracker
            while len(self._pending) > MOST_PENDING:
                del self._pending[next(iter(self._pending))]
            return
        self._pending.pop(tracker.sender_id, None)
        if self._pending:
            await self.flush()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation; the one in memory where it is ahead of the database."""
        held = self._pending.get(sender_id)
        if held is not None:
            return held
        return await super().retrieve(sender_id)

    async def flush(self) -> int:
        """Write what waits in memory; returns how many conversations still wait."""
        for sender_id, tracker in list(self._pending.items()):
            try:
                await super().save(tracker)
            except SQLAlchemyError:
                break
            self._pending.pop(sender_id, None)
        return len(self._pending)

    async def erase(self, sender_id: str) -> int:
        """Delete a conversation; returns the number of events deleted."""
        self._pending.pop(sender_id, None)
        with self.session_scope() as session:
            deleted = session.execute(sa.delete(self.SQLEvent).where(self.SQLEvent.sender_id == sender_id)).rowcount
            session.commit()
        return int(deleted)

    async def purge(self, days: int) -> int:
        """Delete whole conversations whose last event is older than `days`; returns how many.

        Whole ones, since a conversation with its beginning cut off could no longer be understood by Rasa.
        """
        limit = time.time() - days * 86_400
        table = self.SQLEvent
        with self.session_scope() as session:
            old = (
                session.execute(sa.select(table.sender_id).group_by(table.sender_id).having(sa.func.max(table.timestamp) < limit))
                .scalars()
                .all()
            )
            for start in range(0, len(old), 500):
                session.execute(sa.delete(table).where(table.sender_id.in_(old[start : start + 500])))
            session.commit()
        return len(old)
