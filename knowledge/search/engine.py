"""One search over articles and services: lexical and semantic lists, fused by reciprocal rank (Cormack et al. 2009).

Vectors are computed in the background and cached by content; until they are there, and without an embedder, the lexical list serves alone.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from knowledge.domain.records import Knowledge
from knowledge.domain.text import Texts
from knowledge.search.embedder import Embedder, Vectors
from knowledge.search.lexical import LexicalIndex
from knowledge.search.vectors import VectorCache

_FUSION_CONSTANT = 60
_DEPTH = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `id` is ``article:<topic>:<audience>`` or ``service:<id>``; `similarity` is the cosine, None if not
    known; `lexical` tells whether it shares words with the question."""

    id: str
    score: float
    similarity: float | None
    lexical: bool


class SearchEngine:
    """The index of one version of one municipality's knowledge."""

    def __init__(self, knowledge: Knowledge, embedder: Embedder, cache: VectorCache) -> None:
        self._embedder = embedder
        self._documents = list(_documents(knowledge))
        self._lexical = LexicalIndex((document, language, text) for document, language, text, _ in self._documents)
        self._languages = {language for _, language, _, _ in self._documents}
        self._cache = cache
        self._matrix: Vectors | None = None
        self._ready = threading.Event()

    def prepare(self) -> None:
        """Compute the vectors that are not cached yet; runs in the background, in seconds to minutes."""
        if self._embedder.dimension == 0 or not self._documents:
            return
        self._matrix = self._cache.passages(self._embedder, [short for _, _, _, short in self._documents])
        self._ready.set()

    @property
    def semantic_ready(self) -> bool:
        """Whether the semantic list takes part."""
        return self._ready.is_set()

    def search(self, query: str, language: str, limit: int = 5) -> list[Hit]:
        """What is nearest to `query`, best first."""
        spoken = self._languages | {language}
        shared = [document for document, _ in self._lexical.search(query, spoken)[:_DEPTH]]
        lists = [shared]
        similarity = self._similarities(query)
        lists.append(sorted(similarity, key=lambda document: -similarity[document])[:_DEPTH])
        scores: dict[str, float] = defaultdict(float)
        for ranked in lists:
            for rank, document in enumerate(ranked):
                scores[document] += 1 / (_FUSION_CONSTANT + rank)
        best = sorted(scores, key=lambda document: -scores[document])[:limit]
        return [Hit(document, scores[document], similarity.get(document), document in shared) for document in best]

    def _similarities(self, query: str) -> dict[str, float]:
        if self._matrix is None:
            return {}
        cosines = self._matrix @ self._embedder.queries([query])[0]
        found: dict[str, float] = {}
        for (document, _, _, _), cosine in zip(self._documents, np.asarray(cosines), strict=True):
            found[document] = max(float(cosine), found.get(document, -1.0))
        return found


def _documents(knowledge: Knowledge) -> Iterable[tuple[str, str, str, str]]:
    """(id, language, text for words, short text for the vector) of every article and service in every language it has."""
    for article in knowledge.articles.values():
        yield from _by_language(f"article:{article.id}", article.texts, ("title", "answer", "steps", "documents"), ("title", "answer"))
    for service in knowledge.services.values():
        fields = ("name", "description", "eligibility")
        for document, language, text, short in _by_language(f"service:{service.id}", service.texts, fields, ("name", "description")):
            yield document, language, f"{text} {' '.join(service.also)}", short


def _by_language(document: str, texts: Texts, fields: tuple[str, ...], short: tuple[str, ...]) -> Iterable[tuple[str, str, str, str]]:
    bodies: dict[str, dict[str, str]] = defaultdict(dict)
    for name in fields:
        if name in texts:
            for language, body in texts[name].all_bodies():
                bodies[language][name] = body
    for language, found in bodies.items():
        yield document, language, " ".join(found.values()), ". ".join(found[name] for name in short if name in found)
