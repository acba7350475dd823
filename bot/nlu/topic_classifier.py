"""Rasa component: the topic of a message, as its intent, with the ranking."""

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

from bot.nlu.age import weigh_by_age
from bot.nlu.sentence_embedder import VECTOR, encoder
from bot.nlu.signals import SAFETY_FOLDER, load_ordinary
from bot.nlu.topic_model import TopicModel
from knowledge.domain.topics import load_topics
from knowledge.search.ages import find_ages

RANKING = "intent_ranking"
# All probabilities, for the components after this one; not in the output, which is stored with the conversation.
CHANCES = "intent_chances"
_FILE = "topics.joblib"
_SHOWN = 8


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class TopicClassifier(GraphComponent):
    """See `TopicModel`."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: TopicModel | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model or TopicModel()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> TopicClassifier:
        """Rasa's constructor for training."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> TopicClassifier:
        """Rasa's constructor for serving."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, joblib.load(Path(folder) / _FILE))

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str:
        """Examples that are read here and not by Rasa."""
        return safety_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples with an intent."""
        texts, labels = training_rows(training_data)
        self._model.train(texts, labels)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model, Path(folder) / _FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in training needs the prediction."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and its ranking."""
        for message in messages:
            vector = message.get(VECTOR)
            if vector is None:
                continue
            text = message.get(TEXT)
            ages = [one.years for one in find_ages(text)]
            chances = weigh_by_age(self._model.ranking(text, vector, encoder()[1]), ages, load_topics().ages)
            ranking = [{"name": name, "confidence": chance} for name, chance in chances[:_SHOWN]]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(RANKING, ranking, add_to_output=True)
            message.set(CHANCES, dict(chances))
        return messages


def training_rows(training_data: TrainingData) -> tuple[list[str], list[str]]:
    """(texts, intents): Rasa's examples, and the ordinary messages that look dangerous."""
    rows = [(one.get(TEXT), one.get(INTENT)) for one in training_data.intent_examples if one.get(TEXT)]
    rows += [(one.text, one.topic) for one in load_ordinary()]
    return [text for text, _ in rows], [label for _, label in rows]


def safety_fingerprint() -> str:
    """Content of the safety files."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(SAFETY_FOLDER.glob("*.yml")))
