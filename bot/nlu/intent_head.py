"""The adapted encoder's own opinion: probabilities of all intents from a sentence vector of `knowledge.search.adapted_model`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.domain.records import CRISIS_TOPICS
from knowledge.search.adapted_model import ADAPTER


class IntentHead:
    """A linear layer that was trained together with the encoder; the temperature comes from training rows kept from both."""

    def __init__(self, labels: Sequence[str], weights: Any, bias: Any, temperature: float) -> None:
        self.labels = list(labels)
        self._weights = np.asarray(weights, dtype=np.float32)
        self._bias = np.asarray(bias, dtype=np.float32)
        self._temperature = temperature
        self._crisis = np.array([label in CRISIS_TOPICS for label in self.labels])

    @classmethod
    def load(cls, adapter: Path = ADAPTER) -> IntentHead:
        """The head in an adapter file."""
        with np.load(adapter, allow_pickle=False) as stored:
            labels = [str(label) for label in stored["head_labels"]]
            return cls(labels, stored["head_weights"], stored["head_bias"], float(stored["head_temperature"]))

    def probabilities(self, vectors: Any) -> Any:
        """Shape (n, number of labels), in the order of `labels`; `vectors` are the adapted model's queries, shape (n, 384)."""
        margins = (np.asarray(vectors, dtype=np.float32) @ self._weights.T + self._bias) * self._temperature
        chances = np.exp(margins - margins.max(axis=1, keepdims=True))
        return chances / chances.sum(axis=1, keepdims=True)

    def crisis(self, vectors: Any) -> Any:
        """Probability that a message speaks of a crisis of any kind, shape (n,)."""
        return self.probabilities(vectors)[:, self._crisis].sum(axis=1)


def blend(first: Any, second: Any, weight: float) -> Any:
    """Two opinions averaged in log space: `weight` is the second's share. Rows sum to 1."""
    logs = (1 - weight) * np.log(first + 1e-6) + weight * np.log(second + 1e-6)
    chances = np.exp(logs - logs.max(axis=1, keepdims=True))
    return chances / chances.sum(axis=1, keepdims=True)
