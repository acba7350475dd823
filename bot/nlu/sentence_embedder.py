"""Rasa component: the sentence vector of a message, for the classifiers after it. Works without an embedder (vectors of no dimension)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.example_vectors import example_vectors
from knowledge.config import load_settings
from knowledge.search.embedder import Embedder, Vectors, make_embedder

VECTOR = "sentence_vector"


@cache
def embedder() -> Embedder:
    """The embedder of this process, made when first needed."""
    return make_embedder(load_settings().embeddings)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER], is_trainable=False)
class SentenceEmbedder(GraphComponent):
    """Adds the vector as a property that stays inside the pipeline."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SentenceEmbedder:
        """Rasa's constructor."""
        embedder()  # load the weights at the start, not at the first message
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The classifiers embed what they learn from themselves, with the cache on disk."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """One vector a message."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text and not text.startswith("/"):
                message.set(VECTOR, embedder().queries([text])[0])
        return messages


def embed_for_training(texts: Sequence[str]) -> Vectors:
    """Vectors of all training texts, shape (n, dimension)."""
    return example_vectors(embedder(), texts)
