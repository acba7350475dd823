"""Rasa component: names of places, services, languages, days and ages in the message, as entities."""

from __future__ import annotations

from functools import cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.router import FALLBACK
from bot.nlu.safety_detector import SAFETY
from knowledge.bootstrap import make_library
from knowledge.config import load_settings
from knowledge.domain.errors import KnowledgeError
from knowledge.search.linking import Link, NameLinker
from knowledge.store.library import Library


@cache
def _library() -> Library:
    return make_library(load_settings())


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class KnowledgeLinker(GraphComponent):
    """Brings its matchers along when the knowledge base has a new version; needs no training."""

    def __init__(self) -> None:
        # By municipality; None: languages and days, which are known without a database.
        self._linkers: dict[str | None, NameLinker] = {None: NameLinker(None)}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> KnowledgeLinker:
        """Rasa's constructor."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Not part of training."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the names as entities."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text or text.startswith("/"):
                continue
            municipality = (message.get("metadata") or {}).get("municipality")
            found = [_entity(link) for link in self._current(municipality).link(text)]
            message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
            if any(one["entity"] == "service" for one in found) and _unanswered(message):
                # Somebody names a service that the examples have never heard of: an editor may have published it a second ago.
                message.set(INTENT, {"name": "find_service", "confidence": 1.0}, add_to_output=True)
        return messages

    def _current(self, municipality: str | None) -> NameLinker:
        try:
            knowledge = _library().knowledge(municipality)
        except KnowledgeError:
            return self._linkers[None]
        name = knowledge.municipality.id
        if name not in self._linkers:
            self._linkers[name] = NameLinker(knowledge)
        self._linkers[name].update(knowledge)
        return self._linkers[name]


def _unanswered(message: Message) -> bool:
    return (message.get(INTENT) or {}).get("name") in (FALLBACK, "out_of_scope") and not message.get(SAFETY)


def _entity(link: Link) -> dict[str, Any]:
    return {
        "entity": link.kind,
        "value": link.value,
        "start": link.start,
        "end": link.end,
        "extractor": "KnowledgeLinker",
    }
