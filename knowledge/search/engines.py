"""The search of each municipality, brought along with its knowledge without keeping anybody waiting."""

from __future__ import annotations

import threading

from knowledge.domain.records import Knowledge
from knowledge.search.embedder import Embedder
from knowledge.search.engine import SearchEngine
from knowledge.search.vectors import VectorCache

# So many texts take a few tenths of a second to index.
_AT_ONCE = 50


class SearchEngines:
    """One engine for each municipality. Safe to use from several threads."""

    def __init__(self, embedder: Embedder, vectors: VectorCache) -> None:
        self._embedder = embedder
        self._vectors = vectors
        self._held: dict[str, SearchEngine] = {}
        self._updating: set[str] = set()
        self._lock = threading.Lock()

    def of(self, knowledge: Knowledge) -> SearchEngine:
        """The engine for `knowledge`; after an import of many records, for some seconds, that of the version before."""
        name = knowledge.municipality.id
        held = self._held.get(name)
        if held is not None and held.knowledge is knowledge:
            return held
        with self._lock:
            held = self._held.get(name)
            if held is None:
                held = self._held[name] = SearchEngine(knowledge, self._embedder, self._vectors)
            elif held.knowledge is not knowledge and name not in self._updating and not _older(knowledge, held.knowledge):
                few = len(held.changed(knowledge)) <= _AT_ONCE
                if few:
                    held.update(knowledge)
                else:
                    self._updating.add(name)
                threading.Thread(target=self._follow, args=(name, held, None if few else knowledge), name="search", daemon=True).start()
        return held

    def _follow(self, name: str, engine: SearchEngine, knowledge: Knowledge | None) -> None:
        if knowledge is not None:
            try:
                engine.update(knowledge)
            finally:
                self._updating.discard(name)
        engine.prepare()


def _older(one: Knowledge, other: Knowledge) -> bool:
    """Whether `one` was read before `other`: somebody who began to be answered a moment ago must not take the index back for all."""
    return one.loaded_at is not None and other.loaded_at is not None and one.loaded_at < other.loaded_at
