"""Whether a message speaks of a crisis: signals, a classifier of its own, and the topic's probabilities; any of them suffices.

To miss a crisis is far worse than to show emergency numbers once too often, so the thresholds are low; messages that look dangerous and
are not ("dying of hunger") are trained against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.nlu.signals import Signals
from bot.nlu.vectorizer import MixedFeatures
from knowledge.domain.records import CRISIS_TOPICS

NONE = "none"
_SEED = 7
# Share of ordinary training messages (by cross-validation) that may be taken for a crisis.
_FALSE_ALARMS = 0.002


@dataclass(frozen=True, slots=True)
class SafetyFinding:
    """A crisis of `kind` (a topic id), found by `by` (signal, classifier or topic)."""

    kind: str
    by: str
    probability: float


class SafetyModel:
    """Six kinds of crisis against everything else."""

    def __init__(self, signals: Signals) -> None:
        self.signals = signals
        self.features = MixedFeatures()
        self._machine: Any = None
        self._threshold = 0.5

    def train(self, texts: Sequence[str], labels: Sequence[str], vectors: Any) -> SafetyModel:
        """Learn from all examples; labels that are no crisis count as ordinary."""
        kinds = np.asarray([label if label in CRISIS_TOPICS else NONE for label in labels])
        matrix = self.features.fit(texts, vectors).transform(texts, vectors)
        chance = np.zeros(len(kinds))
        for fit, held in StratifiedKFold(4, shuffle=True, random_state=_SEED).split(matrix, kinds):
            machine = _machine().fit(matrix[fit], kinds[fit])
            chance[held] = 1 - machine.predict_proba(matrix[held])[:, list(machine.classes_).index(NONE)]
        self._threshold = float(np.clip(np.quantile(chance[kinds == NONE], 1 - _FALSE_ALARMS), 0.15, 0.85))
        self._machine = _machine().fit(matrix, kinds)
        return self

    def detect(self, text: str, vector: Any, topics: Mapping[str, float]) -> SafetyFinding | None:
        """The crisis in `text`, None for an ordinary message. `topics` are the topic classifier's probabilities."""
        row = self._machine.predict_proba(self.features.transform([text], vector.reshape(1, -1)))[0]
        chances = dict(zip(self._machine.classes_, (float(p) for p in row), strict=True))
        crisis = 1 - chances.pop(NONE)
        likely = max(chances, key=lambda kind: chances[kind] + topics.get(kind, 0.0))
        signal = self.signals.kind(text)
        if signal is not None:
            sure = crisis > 0.5 and likely != signal and chances[likely] > 0.5
            return SafetyFinding(likely if sure else signal, "signal", max(crisis, 0.9))
        if crisis >= self._threshold:
            return SafetyFinding(likely, "classifier", crisis)
        return None


def _machine() -> LogisticRegression:
    return LogisticRegression(C=30.0, max_iter=300, solver="liblinear", random_state=_SEED)
