"""Vectors of the training examples, so that nobody waits minutes for what does not change.

They come from three places, in this order: ``data/embeddings`` (in the repository, 8 bit a number), the folder for what is written, and the
embedder itself. `newcomer train --keep-vectors` writes the repository's files anew.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.config import PROJECT, load_settings
from knowledge.search.embedder import Embedder, Vectors, make_embedder

KEPT = PROJECT / "data" / "embeddings"
_SHARDS = 16
_BATCH = 250
# Components of these vectors stay within a quarter; a step is then about a fortieth of their spread.
_STEPS = 127 / 0.25


def example_vectors(model: Embedder, texts: Sequence[str]) -> Vectors:
    """Vectors of `texts`, shape (n, dimension); what is not known is computed, with a progress line, and kept."""
    if model.dimension == 0:
        return model.queries(texts)
    known = _read(KEPT / model.name) | _read(_own_folder(model))
    keys = [key_of(text) for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        known |= _compute(model, missing)
        write(_own_folder(model), known)
    return np.stack([known[key] for key in keys]).astype(np.float32) / np.float32(_STEPS)


def key_of(text: str) -> int:
    """A number for a text: the first eight bytes of its SHA-256."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def keep(model: Embedder, texts: Sequence[str]) -> None:
    """Write the repository's files for exactly `texts`."""
    example_vectors(model, texts)
    known = _read(KEPT / model.name) | _read(_own_folder(model))
    write(KEPT / model.name, {key: known[key] for key in sorted({key_of(text) for text in texts})})


def write(folder: Path, known: Mapping[int, npt.NDArray[np.int8]]) -> None:
    """Write vectors as shards below a megabyte each; a broken write leaves the old shard."""
    folder.mkdir(parents=True, exist_ok=True)
    for shard in range(_SHARDS):
        keys = [key for key in known if key % _SHARDS == shard]
        partial = folder / f"{shard:02}.partial.npz"
        vectors = np.stack([known[key] for key in keys]) if keys else np.zeros((0, 0), dtype=np.int8)
        np.savez(partial, keys=np.array(keys, dtype=np.uint64), vectors=vectors)
        partial.replace(folder / f"{shard:02}.npz")


def _own_folder(model: Embedder) -> Path:
    return load_settings().var / "embeddings" / model.name


def _read(folder: Path) -> dict[int, npt.NDArray[np.int8]]:
    found: dict[int, npt.NDArray[np.int8]] = {}
    for path in sorted(folder.glob("??.npz")):
        with np.load(path, allow_pickle=False) as stored:
            found |= dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    return found


def _compute(model: Embedder, missing: Mapping[int, str]) -> dict[int, npt.NDArray[np.int8]]:
    """In as many processes as there are cores: the engine's own threads gain less."""
    pending = list(missing.items())
    batches = [pending[start : start + _BATCH] for start in range(0, len(pending), _BATCH)]
    found: dict[int, npt.NDArray[np.int8]] = {}
    cores = min(os.cpu_count() or 1, len(batches))
    if cores == 1:
        for batch in batches:
            found |= _embed(model, batch)
        return found
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        for part in pool.imap_unordered(_embed_in_worker, batches):
            found |= part
            print(f"  reading examples: {len(found)} of {len(pending)}", flush=True)
    return found


_worker_model: Embedder | None = None


def _embed_in_worker(batch: list[tuple[int, str]]) -> dict[int, npt.NDArray[np.int8]]:
    global _worker_model
    if _worker_model is None:
        _worker_model = make_embedder(True)
    return _embed(_worker_model, batch)


def _embed(model: Embedder, batch: Sequence[tuple[int, str]]) -> dict[int, npt.NDArray[np.int8]]:
    vectors = model.queries([text for _, text in batch])
    return {key: np.clip(np.round(vector * _STEPS), -127, 127).astype(np.int8) for (key, _), vector in zip(batch, vectors, strict=True)}
