"""BM25 over normalised, stemmed words, held in memory (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from knowledge.search.normalise import terms

K1 = 1.2
B = 0.75


class LexicalIndex:
    """Documents are added once; a query scores those that share a term with it."""

    def __init__(self, documents: Iterable[tuple[str, str, str]]) -> None:
        """`documents`: (id, language, text). The same id may come in several languages; the best language counts."""
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._ids: list[str] = []
        self._lengths: list[int] = []
        for document, language, text in documents:
            number = len(self._ids)
            found = terms(text, language)
            self._ids.append(document)
            self._lengths.append(len(found))
            for term, times in Counter(found).items():
                self._postings[term].append((number, times))
        self._average = sum(self._lengths) / len(self._lengths) if self._lengths else 1.0

    def search(self, query: str, languages: Iterable[str]) -> list[tuple[str, float]]:
        """(id, score), best first. The query is stemmed in each of `languages`, since people mix them."""
        scores: dict[int, float] = defaultdict(float)
        for term in {term for language in languages for term in terms(query, language)}:
            postings = self._postings.get(term, ())
            if not postings:
                continue
            weight = math.log(1 + (len(self._ids) - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, times in postings:
                long = 1 - B + B * self._lengths[number] / self._average
                scores[number] += weight * times * (K1 + 1) / (times + K1 * long)
        best: dict[str, float] = {}
        for number, score in scores.items():
            best[self._ids[number]] = max(score, best.get(self._ids[number], 0.0))
        return sorted(best.items(), key=lambda item: -item[1])
