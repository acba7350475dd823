"""BM25 over normalised, stemmed words, held in memory (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75)."""

from __future__ import annotations

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable

from knowledge.search.normalise import terms

K1 = 1.2
B = 0.75


class LexicalIndex:
    """Documents come and go; a query scores those that share a term with it. Safe to use from several threads."""

    def __init__(self) -> None:
        # Term -> number of the text -> how often.
        self._postings: dict[str, dict[int, int]] = defaultdict(dict)
        # Number -> (document, length, its terms).
        self._texts: dict[int, tuple[str, int, tuple[str, ...]]] = {}
        self._numbers: dict[str, list[int]] = defaultdict(list)
        self._next = 0
        self._length = 0
        self._lock = threading.Lock()

    def put(self, document: str, texts: Iterable[tuple[str, str]]) -> None:
        """Hold `texts` (language, text) as `document`, in the place of what it had; none: it goes. The best of them counts."""
        found = [terms(text, language) for language, text in texts]
        with self._lock:
            self._remove(document)
            for one in found:
                self._add(document, one)

    def _add(self, document: str, found: list[str]) -> None:
        number, self._next = self._next, self._next + 1
        counted = Counter(found)
        self._texts[number] = (document, len(found), tuple(counted))
        self._numbers[document].append(number)
        self._length += len(found)
        for term, times in counted.items():
            self._postings[term][number] = times

    def _remove(self, document: str) -> None:
        for number in self._numbers.pop(document, ()):
            _, length, found = self._texts.pop(number)
            self._length -= length
            for term in found:
                postings = self._postings[term]
                del postings[number]
                if not postings:
                    del self._postings[term]

    def search(self, query: str, languages: Iterable[str]) -> list[tuple[str, float]]:
        """(id, score), best first. The query is stemmed in each of `languages`, since people mix them."""
        wanted = {term for language in languages for term in terms(query, language)}
        with self._lock:
            scores = self._scores(wanted)
        return sorted(scores.items(), key=lambda item: -item[1])

    def _scores(self, wanted: Iterable[str]) -> dict[str, float]:
        scores: dict[int, float] = defaultdict(float)
        average = self._length / len(self._texts) if self._length else 1.0
        for term in wanted:
            postings = self._postings.get(term)
            if not postings:
                continue
            weight = math.log(1 + (len(self._texts) - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, times in postings.items():
                long = 1 - B + B * self._texts[number][1] / average
                scores[number] += weight * times * (K1 + 1) / (times + K1 * long)
        best: dict[str, float] = {}
        for number, score in scores.items():
            document = self._texts[number][0]
            best[document] = max(score, best.get(document, 0.0))
        return best
