"""Vectors of published texts, kept in memory and in the database, by content: a text is embedded once, whoever asks."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

import numpy as np
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knowledge.search.embedder import Embedder, Vectors, content_key
from knowledge.store.tables import EmbeddingRow

_BATCH = 16


class VectorCache:
    """Reads and writes the table `embedding`; a database that cannot be written costs time, nothing else."""

    def __init__(self, sessions: Callable[[], Session]) -> None:
        self._sessions = sessions
        self._known: dict[str, Vectors] = {}

    def passages(self, embedder: Embedder, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`, shape (n, dimension); what is new is computed and kept."""
        keys = [content_key(embedder, text) for text in texts]
        self._read([key for key in dict.fromkeys(keys) if key not in self._known])
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        pending = list(missing.items())
        for start in range(0, len(pending), _BATCH):
            batch = pending[start : start + _BATCH]
            vectors = embedder.passages([text for _, text in batch])
            fresh = {key: vector for (key, _), vector in zip(batch, vectors, strict=True)}
            self._known.update(fresh)
            self._write(fresh)
        return np.stack([self._known[key] for key in keys]) if keys else np.zeros((0, embedder.dimension), dtype=np.float32)

    def _read(self, keys: Sequence[str]) -> None:
        try:
            with self._sessions() as session:
                for start in range(0, len(keys), 500):
                    for row in session.scalars(select(EmbeddingRow).where(EmbeddingRow.key.in_(keys[start : start + 500]))):
                        self._known[row.key] = np.frombuffer(base64.b64decode(row.vector), dtype="<f2").astype(np.float32)
        except SQLAlchemyError:
            return

    def _write(self, fresh: dict[str, Vectors]) -> None:
        try:
            with self._sessions() as session:
                for key, vector in fresh.items():
                    session.merge(EmbeddingRow(key=key, vector=base64.b64encode(vector.astype("<f2").tobytes()).decode()))
                session.commit()
        except SQLAlchemyError:
            return
