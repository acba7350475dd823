"""Ids: from a cell, or made out of a name, always the same one from the same words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from knowledge.exchange.tables.cells import CellValue
from knowledge.exchange.tables.values import Context, as_text

MOST = 79
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,78}")
_PAIRS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "å": "aa", "ł": "l", "đ": "d", "ı": "i", "þ": "th"}
)


def slug(words: str) -> str:
    """``"buergerbuero-mitte"`` for ``"Bürgerbüro Mitte"``; stable, so that the same name is the same record at the next import.

    Where letters would be lost (other scripts, or too many of them), a short digest of the words keeps different names apart.
    """
    lowered = " ".join(unicodedata.normalize("NFC", words).casefold().split())
    latin = unicodedata.normalize("NFKD", lowered.translate(_PAIRS))
    kept = "".join(letter for letter in latin if not unicodedata.combining(letter))
    plain = re.sub(r"[^a-z0-9_.]+", "-", kept).strip("-_.")
    lost = any(letter.isalnum() and not letter.isascii() for letter in kept)
    if plain and not lost and len(plain) <= MOST:
        return plain
    digest = hashlib.sha256(lowered.encode()).hexdigest()[:8]
    return f"{plain[: MOST - 9].strip('-_.')}-{digest}".lstrip("-")


def as_id(value: CellValue) -> str:
    """The id that a cell names: itself where it can be one, else its `slug` ("A 4711" is "a-4711")."""
    text = as_text(value)
    return text if _PLAIN.fullmatch(text) else slug(text)


@dataclass(frozen=True)
class Reference:
    """The id of another record. Whether there is one is seen when the import is planned."""

    empty: Any = None

    def read(self, value: CellValue, context: Context) -> str:
        return as_id(value)

    def write(self, value: Any) -> CellValue:
        return None if value is None else str(value)
