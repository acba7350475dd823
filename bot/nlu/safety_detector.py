"""Rasa component: crises. What it finds becomes the intent, whatever the topic classifier said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.safety_model import SafetyModel
from bot.nlu.sentence_embedder import VECTOR, embed_for_training, embedder
from bot.nlu.signals import load_signals
from bot.nlu.topic_classifier import RANKING, safety_fingerprint, training_rows

SAFETY = "safety"
_FILE = "safety.joblib"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class SafetyDetector(GraphComponent):
    """See `SafetyModel`; comes after the topic classifier."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: SafetyModel | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model or SafetyModel(load_signals())

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SafetyDetector:
        """Rasa's constructor for training."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> SafetyDetector:
        """Rasa's constructor for serving. The phrases are read anew: they need no training."""
        with model_storage.read_from(resource) as folder:
            model: SafetyModel = joblib.load(Path(folder) / _FILE)
        model.signals = load_signals()
        return cls(model_storage, resource, model)

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str:
        """The embedder, and the safety files."""
        return embedder().name + safety_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the six kinds against everything else."""
        texts, labels = training_rows(training_data)
        self._model.train(texts, labels, embed_for_training(texts))
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model, Path(folder) / _FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in training needs the finding."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Write ``safety`` and make its kind the intent."""
        for message in messages:
            vector = message.get(VECTOR)
            if vector is None:
                continue
            topics = {row["name"]: row["confidence"] for row in message.get(RANKING) or []}
            finding = self._model.detect(message.get(TEXT), vector, topics)
            if finding is not None:
                output = {"kind": finding.kind, "by": finding.by, "probability": round(finding.probability, 4)}
                message.set(SAFETY, output, add_to_output=True)
                message.set(INTENT, {"name": finding.kind, "confidence": 1.0}, add_to_output=True)
        return messages
