"""Which topic or act a message is about: two opinions, each good where the other is weak, and what people have written before.

The letters: a linear classifier over n-grams, trained from the examples at every `newcomer train`. It knows what was just added.
The meaning: the head of the adapted sentence encoder (`bot.nlu.intent_head`), which also understands words that no example has.
A message that is one of the examples, but for accents, capitals and punctuation, means what the example means: short ones come again
and again ("ich bin krank"), and an editor who adds one can rely on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.svm import LinearSVC

from bot.nlu.intent_head import IntentHead, blend
from bot.nlu.vectorizer import MessageFeatures
from knowledge.search.normalise import words

# Share of the meaning: where the truth of the training rows kept from both opinions is most likely.
MEANING_SHARE = 0.7
# What remains for the two opinions where a message is one of the examples: its author may have meant it otherwise.
DOUBT = 0.1
_CALIBRATION_SHARE = 0.12
_SEED = 7


class TopicModel:
    """Linear support vectors, one against the rest, with calibrated probabilities, blended with the encoder's head."""

    def __init__(self) -> None:
        self.features = MessageFeatures()
        self.labels: list[str] = []
        self._weights: Any = None
        self._bias: Any = None
        self._temperature = 1.0
        # Message in plain form -> its label; without those that stand under several.
        self._examples: dict[str, str] = {}

    def train(self, texts: Sequence[str], labels: Sequence[str]) -> TopicModel:
        """Learn the letters from `texts`; a temperature on rows held back makes margins into probabilities."""
        matrix = self.features.fit_transform(texts)
        names = np.asarray(labels)
        self.labels = sorted(set(labels))
        split = StratifiedShuffleSplit(1, test_size=_CALIBRATION_SHARE, random_state=_SEED)
        fit, held = next(split.split(matrix, names))
        self._set(_support_vectors().fit(matrix[fit], names[fit]))
        self._temperature = _best_temperature(self._margins(matrix[held]), [self.labels.index(name) for name in names[held]])
        self._set(_support_vectors().fit(matrix, names))
        self._examples = _unambiguous(zip(map(_plain, texts), labels, strict=True))
        return self

    def _set(self, machine: LinearSVC) -> None:
        order = [list(machine.classes_).index(label) for label in self.labels]
        self._weights = np.ascontiguousarray(machine.coef_[order].T, dtype=np.float32)
        self._bias = machine.intercept_[order].astype(np.float32)

    def _margins(self, matrix: Any) -> Any:
        return np.asarray(matrix @ self._weights) + self._bias

    def probabilities(self, texts: Sequence[str], vectors: Any, head: IntentHead | None) -> Any:
        """Shape (n, number of labels), in the order of `labels`; each row sums to 1. Without a head, the letters alone."""
        letters = _softmax(self._margins(self.features.transform(texts)) * self._temperature)
        if head is None or vectors.shape[1] == 0:
            return letters
        return blend(letters, self._in_own_order(head, head.probabilities(vectors), letters), MEANING_SHARE)

    def _in_own_order(self, head: IntentHead, meaning: Any, letters: Any) -> Any:
        """The head's opinion in the order of `labels`; about a label it does not know it agrees with the letters."""
        places = {label: place for place, label in enumerate(head.labels)}
        columns = [meaning[:, places[one]] if one in places else letters[:, place] for place, one in enumerate(self.labels)]
        found = np.stack(columns, axis=1)
        return found / found.sum(axis=1, keepdims=True)

    def ranking(self, text: str, vector: Any, head: IntentHead | None) -> list[tuple[str, float]]:
        """(label, probability), most probable first."""
        row = self.probabilities([text], vector.reshape(1, -1), head)[0]
        known = self._examples.get(_plain(text))
        if known is not None:
            row = row * DOUBT
            row[self.labels.index(known)] += 1 - DOUBT
        return [(self.labels[i], float(row[i])) for i in np.argsort(-row)]


def _plain(text: str) -> str:
    return " ".join(words(text))


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for plain, label in pairs:
        found.setdefault(plain, set()).add(label)
    return {plain: next(iter(labels)) for plain, labels in found.items() if plain and len(labels) == 1}


def _support_vectors() -> LinearSVC:
    return LinearSVC(C=0.5, random_state=_SEED)


def _softmax(margins: Any) -> Any:
    shifted = np.exp(margins - margins.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def _best_temperature(margins: Any, truth: Sequence[int]) -> float:
    """The factor on the margins that makes the held-back labels most likely (Guo et al. 2017)."""
    rows = np.arange(len(truth))

    def loss(factor: float) -> float:
        return float(-np.log(_softmax(margins * factor)[rows, truth] + 1e-9).mean())

    return float(minimize_scalar(loss, bounds=(0.5, 20.0), method="bounded").x)
