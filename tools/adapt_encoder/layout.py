"""The engine's model file as numpy arrays, and its tokeniser again in Python (the engine does not give out token ids)."""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path

import numpy as np

BLOCK = 32
_Q4 = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


class ModelFile:
    """`tensors` maps a name to (is 4 bit, number of values, offset, bytes)."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        data = self.data
        assert data[:4] == b"E5S1"
        self.hidden, self.layers, self.heads, self.wide, self.vocabulary, self.positions, _ = struct.unpack_from("<7i", data, 8)
        at = 4 + 4 + 28 + 8
        pieces, self.bos, self.eos, self.pad, self.unknown = struct.unpack_from("<5i", data, at)
        (size,) = struct.unpack_from("<Q", data, at + 20)
        at += 28
        offsets = np.frombuffer(data, "<u4", pieces + 1, at)
        at += 4 * (pieces + 1)
        self.scores = np.frombuffer(data, "<f4", pieces, at)
        at += 4 * pieces
        blob = data[at : at + size]
        at += size
        self.pieces = {blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"): i for i in range(pieces) if i != self.unknown}
        count, length = struct.unpack_from("<iI", data, at)
        at += 8
        self.normal: dict[str, str] = {}
        cursor = at
        for _ in range(count):
            code, outs = struct.unpack_from("<IB", data, cursor)
            cursor += 5
            self.normal[chr(code)] = "".join(map(chr, struct.unpack_from(f"<{outs}I", data, cursor)))
            cursor += 4 * outs
        at += length
        (entries,) = struct.unpack_from("<i", data, at)
        at += 4
        self.tensors: dict[str, tuple[bool, int, int, int]] = {}
        for _ in range(entries):
            (length,) = struct.unpack_from("<H", data, at)
            name = data[at + 2 : at + 2 + length].decode()
            at += 2 + length
            kind, values, offset, size = struct.unpack_from("<BIQQ", data, at)
            at += 21
            self.tensors[name] = (kind == 1, values, offset, size)

    def plain(self, name: str) -> np.ndarray:
        """A float32 tensor, flat."""
        _, values, offset, _ = self.tensors[name]
        return np.frombuffer(self.data, "<f4", values, offset)

    def grid(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """(steps 0..15 of shape (blocks, 32), scales of shape (blocks,)) of a 4 bit tensor."""
        _, values, offset, _ = self.tensors[name]
        blocks = np.frombuffer(self.data, _Q4, values // BLOCK, offset)
        return np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1), blocks["scale"].astype(np.float32)

    def weights(self, name: str, inputs: int) -> np.ndarray:
        """A 4 bit tensor as float32, shape (outputs, inputs)."""
        steps, scales = self.grid(name)
        return ((steps.astype(np.float32) - 8) * scales[:, None]).reshape(-1, inputs)


class Tokeniser:
    """Unigram pieces by Viterbi, word by word (no piece crosses a space), as the engine does it."""

    def __init__(self, file: ModelFile) -> None:
        self._file = file
        self._longest = max(map(len, file.pieces))
        self._unknown_score = float(file.scores.min()) - 10
        self._scores = file.scores.tolist()
        self.word = lru_cache(maxsize=400_000)(self._word)

    def __call__(self, text: str, limit: int = 64) -> list[int]:
        normal = self._file.normal
        plain = "".join(normal.get(letter, letter) for letter in "query: " + text)
        ids = [self._file.bos]
        for word in plain.split(" "):
            if word:
                ids += self.word("▁" + word)
        if plain.endswith(" "):
            ids += self.word("▁")
        return [*ids[: limit - 1], self._file.eos]

    def _word(self, word: str) -> list[int]:
        size = len(word)
        best = [-1e30] * (size + 1)
        best[0] = 0.0
        back: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        pieces, scores = self._file.pieces, self._scores
        for start in range(size):
            if best[start] <= -1e29:
                continue
            for end in range(start + 1, min(size, start + self._longest) + 1):
                piece = pieces.get(word[start:end])
                if piece is not None and best[start] + scores[piece] > best[end]:
                    best[end], back[end] = best[start] + scores[piece], (piece, start)
            if best[start] + self._unknown_score > best[start + 1]:
                best[start + 1], back[start + 1] = best[start] + self._unknown_score, (self._file.unknown, start)
        found, at = [], size
        while at:
            piece, at = back[at]
            found.append(piece)
        return found[::-1]
