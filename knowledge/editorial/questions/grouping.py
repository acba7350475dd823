"""Which questions mean the same, in whatever languages they were asked.

By meaning: sentence vectors, from which the mean vector of their language is taken away, since two questions of one language are near
to one another for that alone. The means come from the training examples. On the questions in tests/unit/knowledge/editorial/questions.yml
(15 subjects, 6 languages) 86 of 100 pairs that are put together belong together, and of 100 that belong together 63 are.
Without vectors: by the words that two questions of one language share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from knowledge.config import PROJECT
from knowledge.search.embedder import Embedder, Vectors
from knowledge.search.normalise import terms

# Cosine, after the language's mean is taken away, from which two questions mean the same.
SAME_MEANING = 0.40
# Share of the words in common (of the shorter question's) from which two questions of one language ask for the same.
SAME_WORDS = 0.6
_EXAMPLES = PROJECT / "data" / "nlu"
_EXAMPLES_A_LANGUAGE = 80


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the group it belongs to; None: not yet put into one."""

    id: int
    text: str
    language: str
    group: int | None = None


@dataclass
class Grouper:
    """Puts questions into groups. Keeps vectors in memory only: they are as private as the questions."""

    embedder: Embedder
    examples: Path = _EXAMPLES
    _means: dict[str, Vectors | None] = field(default_factory=dict)
    _vectors: dict[tuple[str, str], Vectors] = field(default_factory=dict)

    def assign(self, questions: Sequence[Question]) -> dict[int, int]:
        """Question id -> group id, for those that have no group yet. A group is named by its first question."""
        # Forget what has been erased.
        asked = {(one.language, one.text) for one in questions}
        self._vectors = {key: vector for key, vector in self._vectors.items() if key in asked}
        if not any(one.group is None for one in questions):
            return {}
        return self._by_meaning(questions) if self.embedder.dimension else _by_words(questions)

    def _by_meaning(self, questions: Sequence[Question]) -> dict[int, int]:
        sums: dict[int, Vectors] = {}
        for one in questions:
            if one.group is not None:
                sums[one.group] = sums.get(one.group, 0) + self._vector(one)
        found: dict[int, int] = {}
        for one in questions:
            if one.group is not None:
                continue
            vector, group = self._vector(one), one.id
            if sums:
                names = list(sums)
                centres = np.stack([sums[name] for name in names])
                nearness = centres @ vector / np.maximum(np.linalg.norm(centres, axis=1), 1e-9)
                if nearness.max() >= SAME_MEANING:
                    group = names[int(nearness.argmax())]
            sums[group] = sums.get(group, 0) + vector
            found[one.id] = group
        return found

    def _vector(self, question: Question) -> Vectors:
        key = (question.language, question.text)
        known = self._vectors.get(key)
        if known is None:
            vector = self.embedder.queries([question.text])[0] - self._mean(question.language)
            known = self._vectors[key] = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
        return known

    def _mean(self, language: str) -> Vectors:
        """The mean of what is asked in `language`; for one that has no examples, the mean over all that have."""
        mean = self._own_mean(language)
        if mean is not None:
            return mean
        others = [one for code in sorted(self._languages()) if (one := self._own_mean(code)) is not None]
        return np.mean(others, axis=0) if others else np.zeros(self.embedder.dimension, dtype=np.float32)

    def _own_mean(self, language: str) -> Vectors | None:
        if language not in self._means:
            rows = examples(self.examples / language)
            self._means[language] = self.embedder.queries(rows).mean(axis=0) if rows else None
        return self._means[language]

    def _languages(self) -> Iterable[str]:
        return (path.name for path in self.examples.iterdir() if path.is_dir()) if self.examples.is_dir() else ()


def examples(folder: Path) -> list[str]:
    """Some of a language's training examples, spread over all of them."""
    rows = [
        line.strip().removeprefix("- ")
        for path in sorted(folder.glob("*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("    - ") and "](" not in line
    ]
    return rows[:: max(1, len(rows) // _EXAMPLES_A_LANGUAGE)][:_EXAMPLES_A_LANGUAGE]


def _by_words(questions: Sequence[Question]) -> dict[int, int]:
    known = [(one, frozenset(terms(one.text, one.language))) for one in questions if one.group is not None]
    found: dict[int, int] = {}
    for one in questions:
        if one.group is not None:
            continue
        words = frozenset(terms(one.text, one.language))
        best, group = 0.0, one.id
        for other, others in known:
            least = min(len(words), len(others))
            if other.language == one.language and least and len(words & others) / least > best:
                best, nearest = len(words & others) / least, other
                if best >= SAME_WORDS:
                    group = nearest.group if nearest.group is not None else found[nearest.id]
        found[one.id] = group
        known.append((one, words))
    return found
