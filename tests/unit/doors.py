"""The door to the knowledge with nothing behind it: one version, or none, at a moment that the test chooses."""

from __future__ import annotations

from datetime import UTC, datetime

from knowledge.api import WARN_DAYS, KnowledgeApi
from knowledge.domain.errors import KnowledgeUnavailable
from knowledge.domain.records import Knowledge
from knowledge.search.embedder import NoEmbedder
from tests.unit.knowledge.search.fakes import memory_sessions

NOON = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)  # Monday, 12:00 in Berlin


class Shelf:
    """In the place of the library: holds one version of the knowledge, which a test may exchange; None: it cannot be read."""

    def __init__(self, held: Knowledge | None) -> None:
        self.held = held

    def knowledge(self, municipality: str | None = None) -> Knowledge:
        """What is held."""
        if self.held is None:
            raise KnowledgeUnavailable("test")
        return self.held


def door(held: Knowledge | Shelf | None, now: datetime = NOON, *, warn_days: int = WARN_DAYS) -> KnowledgeApi:
    """The door to `held`; without meanings of words, only the words count in a search."""
    shelf = held if isinstance(held, Shelf) else Shelf(held)
    return KnowledgeApi(shelf, NoEmbedder(), memory_sessions(), clock=lambda: now, warn_days=warn_days)
