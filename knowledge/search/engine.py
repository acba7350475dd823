"""One search over articles and services: lexical and semantic lists, fused by reciprocal rank (Cormack et al. 2009).

Vectors are computed in the background and cached by content; until they are there, and without an embedder, the lexical list serves alone.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.domain.records import Article, Knowledge, Service
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


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Vectors of one version: a row of `matrix` for each of `documents`, which come once for each language."""

    knowledge: Knowledge
    documents: tuple[str, ...]
    matrix: Vectors


class SearchEngine:
    """The index of one municipality's knowledge, brought along from version to version. Safe to use from several threads."""

    def __init__(self, knowledge: Knowledge, embedder: Embedder, cache: VectorCache) -> None:
        self._embedder = embedder
        self._cache = cache
        self._lexical = LexicalIndex()
        self._records: dict[str, Article | Service] = {}
        # Document -> language -> short text for the vector.
        self._short: dict[str, dict[str, str]] = {}
        self._meaning: _Meaning | None = None
        self._lock = threading.Lock()
        self._preparing = threading.Lock()
        self.knowledge = knowledge
        self.update(knowledge)

    def changed(self, knowledge: Knowledge) -> list[str]:
        """Documents that are others in `knowledge` than here, or are only in one of the two."""
        new = _records(knowledge)
        return [one for one in {**self._records, **new} if self._records.get(one) is not new.get(one)]

    def update(self, knowledge: Knowledge) -> None:
        """Bring the words along. The vectors follow with `prepare`; until then those of the version before serve."""
        with self._lock:
            new = _records(knowledge)
            for document in self.changed(knowledge):
                texts = list(_texts(new[document])) if document in new else []
                self._lexical.put(document, [(language, text) for language, text, _ in texts])
                self._short[document] = {language: short for language, _, short in texts}
                if not texts:
                    del self._short[document]
            self._records = new
            self.knowledge = knowledge

    def prepare(self) -> None:
        """Compute the vectors that are not cached yet; runs in the background, in seconds to minutes."""
        if self._embedder.dimension == 0:
            return
        with self._preparing:
            if self.semantic_ready:
                return
            with self._lock:
                knowledge = self.knowledge
                pairs = [(document, short) for document, texts in self._short.items() for short in texts.values()]
            if pairs:
                matrix = self._cache.passages(self._embedder, [short for _, short in pairs])
                self._meaning = _Meaning(knowledge, tuple(document for document, _ in pairs), matrix)

    @property
    def semantic_ready(self) -> bool:
        """Whether the semantic list takes part, with the words of the present version."""
        return self._meaning is not None and self._meaning.knowledge is self.knowledge

    def search(self, query: str, language: str, limit: int = 5) -> list[Hit]:
        """What is nearest to `query`, best first."""
        there = self._records
        spoken = {code for texts in list(self._short.values()) for code in texts} | {language}
        shared = [document for document, _ in self._lexical.search(query, spoken) if document in there][:_DEPTH]
        lists = [shared]
        similarity = {document: cosine for document, cosine in self._similarities(query).items() if document in there}
        lists.append(sorted(similarity, key=lambda document: -similarity[document])[:_DEPTH])
        scores: dict[str, float] = defaultdict(float)
        for ranked in lists:
            for rank, document in enumerate(ranked):
                scores[document] += 1 / (_FUSION_CONSTANT + rank)
        best = sorted(scores, key=lambda document: -scores[document])[:limit]
        return [Hit(document, scores[document], similarity.get(document), document in shared) for document in best]

    def _similarities(self, query: str) -> dict[str, float]:
        meaning = self._meaning
        if meaning is None:
            return {}
        cosines = meaning.matrix @ self._embedder.queries([query])[0]
        found: dict[str, float] = {}
        for document, cosine in zip(meaning.documents, np.asarray(cosines), strict=True):
            found[document] = max(float(cosine), found.get(document, -1.0))
        return found


def _records(knowledge: Knowledge) -> dict[str, Article | Service]:
    articles: Mapping[str, Article | Service] = {f"article:{one.id}": one for one in knowledge.articles.values()}
    return {**articles, **{f"service:{one.id}": one for one in knowledge.services.values()}}


def _texts(record: Article | Service) -> Iterator[tuple[str, str, str]]:
    """(language, text for words, short text for the vector) in every language that the record has."""
    if isinstance(record, Article):
        yield from _by_language(record.texts, ("title", "answer", "steps", "documents"), ("title", "answer"))
        return
    for language, text, short in _by_language(record.texts, ("name", "description", "eligibility"), ("name", "description")):
        yield language, f"{text} {' '.join(record.also)}", short


def _by_language(texts: Texts, fields: tuple[str, ...], short: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    bodies: dict[str, dict[str, str]] = defaultdict(dict)
    for name in fields:
        if name in texts:
            for language, body in texts[name].all_bodies():
                bodies[language][name] = body
    for language, found in bodies.items():
        yield language, " ".join(found.values()), ". ".join(found[name] for name in short if name in found)
