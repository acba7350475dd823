"""Whether a message speaks of a crisis: signals, a classifier of its own, and the topic's probabilities; any of them suffices.

To miss a crisis is far worse than to show emergency numbers once too often, so the threshold is low; messages that look dangerous and
are not ("dying of hunger") are trained against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.signals import Signals
from bot.nlu.vectorizer import MixedFeatures
from knowledge.domain.records import CRISIS_TOPICS

_SEED = 7
# Share of ordinary training messages (by cross-validation) that may be taken for a crisis.
_FALSE_ALARMS = 0.004
_FOLDS = 3


@dataclass(frozen=True, slots=True)
class SafetyFinding:
    """A crisis of `kind` (a topic id), found by `by` (signal or classifier), with its probability."""

    kind: str
    by: str
    probability: float


class SafetyModel:
    """A crisis against everything else; which kind it is, the topics say."""

    def __init__(self, signals: Signals) -> None:
        self.signals = signals
        self.features = MixedFeatures()
        self._weights: Any = None
        self._bias = 0.0
        self._slope = 1.0
        self._offset = 0.0
        self.threshold = 0.5

    def train(self, texts: Sequence[str], labels: Sequence[str], vectors: Any) -> SafetyModel:
        """Learn from all examples; margins of rows held out in turn are calibrated into probabilities and give the threshold."""
        crisis = np.asarray([label in CRISIS_TOPICS for label in labels])
        matrix = self.features.fit(texts, vectors).transform(texts, vectors)
        margins = np.zeros(len(crisis))
        for fit, held in StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED).split(matrix, crisis):
            margins[held] = _machine().fit(matrix[fit], crisis[fit]).decision_function(matrix[held])
        scale = LogisticRegression(C=1e3).fit(margins.reshape(-1, 1), crisis)
        self._slope, self._offset = float(scale.coef_[0, 0]), float(scale.intercept_[0])
        self.threshold = float(self._probability(np.quantile(margins[~crisis], 1 - _FALSE_ALARMS)))
        machine = _machine().fit(matrix, crisis)
        self._weights, self._bias = machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
        return self

    def _probability(self, margin: Any) -> Any:
        return 1 / (1 + np.exp(-(self._slope * margin + self._offset)))

    def probabilities(self, texts: Sequence[str], vectors: Any) -> Any:
        """Probability of a crisis for each text, shape (n,)."""
        return self._probability(np.asarray(self.features.transform(texts, vectors) @ self._weights) + self._bias)

    def detect(self, text: str, vector: Any, topics: Mapping[str, float]) -> SafetyFinding | None:
        """The crisis in `text`, None for an ordinary message. `topics` are the topic classifier's probabilities."""
        chance = float(self.probabilities([text], vector.reshape(1, -1))[0])
        likely = max(CRISIS_TOPICS, key=lambda kind: topics.get(kind, 0.0))
        signal = self.signals.kind(text)
        if signal is not None:
            # A phrase shows that it is serious; the whole message knows better of what kind.
            return SafetyFinding(likely if topics.get(likely, 0.0) > 0.5 else signal, "signal", max(chance, 0.9))
        if chance >= self.threshold:
            return SafetyFinding(likely, "classifier", chance)
        return None


def _machine() -> LinearSVC:
    return LinearSVC(C=0.6, class_weight={True: 2.0, False: 1.0}, random_state=_SEED)
