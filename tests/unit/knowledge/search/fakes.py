"""Stand-ins at the edge: an embedder that knows what a handful of words mean, and sessions on an empty database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from knowledge.search.embedder import Vectors
from knowledge.store.tables import Base

_MEANINGS = (("school", "schule", "مدرسة", "okul"), ("address", "adresse", "عنوان", "adres"), ("doctor", "arzt", "طبيب", "doktor"))


@dataclass
class WordEmbedder:
    """One dimension a meaning, and one for everything else; counts what it is asked to embed."""

    name: str = "words"
    dimension: int = len(_MEANINGS) + 1
    embedded: list[str] = field(default_factory=list)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return self.queries(texts)

    def _vector(self, text: str) -> Vectors:
        found = [float(any(word in text.lower() for word in words)) for words in _MEANINGS]
        vector = np.array([*found, 0.0 if any(found) else 1.0], dtype=np.float32)
        return vector / np.float32(np.linalg.norm(vector))


def memory_sessions() -> sessionmaker[Session]:
    """Sessions on a database in memory that has the tables."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    return sessionmaker(engine)


def broken_sessions() -> sessionmaker[Session]:
    """Sessions on a database without any tables: every statement fails."""
    return sessionmaker(create_engine("sqlite://"))
