"""Rasa component: crises. What it finds becomes the intent, whatever the topic classifier said."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.safety_model import PERHAPS_THRESHOLD, THRESHOLD, SafetyFinding, find_crisis, perhaps_crisis
from bot.nlu.signals import load_signals
from bot.nlu.topic_classifier import CHANCES
from knowledge.config import PROJECT

SAFETY = "safety"
PERHAPS = "perhaps_safety"
UNTAUGHT_THRESHOLD = 0.75
UNTAUGHT_PERHAPS = 0.25


def taught_languages() -> frozenset[str]:
    """Languages with examples of topics."""
    return frozenset(path.name for path in (PROJECT / "data" / "nlu").iterdir() if path.is_dir())


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class SafetyDetector(GraphComponent):
    """See `find_crisis`; comes after the topic classifier. The phrases are read at the start: they need no training."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        self._signals = load_signals()
        self._taught = taught_languages()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's way to declare settings."""
        return {"threshold": THRESHOLD}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SafetyDetector:
        """Rasa's constructor."""
        return cls(float(config["threshold"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Not part of training."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Write ``safety`` and make its kind the intent."""
        for message in messages:
            topics = message.get(CHANCES)
            if topics is None:
                continue
            language = (message.get("language") or {}).get("code")
            # In a language nobody has given examples for, the probabilities mean little; phrases still count.
            threshold = self._threshold if language in self._taught else max(self._threshold, UNTAUGHT_THRESHOLD)
            finding = find_crisis(message.get(TEXT), topics, self._signals, threshold)
            if finding is not None:
                message.set(SAFETY, _output(finding), add_to_output=True)
                message.set(INTENT, {"name": finding.kind, "confidence": 1.0}, add_to_output=True)
                continue
            perhaps = perhaps_crisis(topics, PERHAPS_THRESHOLD if language in self._taught else UNTAUGHT_PERHAPS)
            if perhaps is not None:
                message.set(PERHAPS, _output(perhaps), add_to_output=True)
        return messages


def _output(finding: SafetyFinding) -> dict[str, Any]:
    return {"kind": finding.kind, "by": finding.by, "probability": round(finding.probability, 4)}
