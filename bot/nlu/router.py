"""Rasa component: the last word on a message's intent, where the classifiers leave a doubt.

- too little probability: ``nlu_fallback``, which is searched for and offered as a choice, never guessed;
- a day alone ("next monday", "sat?") after an answer asks when the places of that answer are open;
- a follow-up ("which documents?") without anything to follow becomes the topic it means on its own.
A crisis is never touched.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.safety_detector import SAFETY
from bot.nlu.topic_classifier import RANKING
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.search.days import only_a_day

FALLBACK = "nlu_fallback"
ROUTING = "routing"
# What a follow-up means where nothing came before; the others are asked about. "Where?" and "when?" stay what they are: their action knows
# the names in the message, and looks for the place or asks what it is about.
ALONE = {"follow_up.documents": "registration.documents", "follow_up.where": "follow_up.where", "follow_up.when": "follow_up.when"}


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class Router(GraphComponent):
    """`threshold` is the probability below which a topic is not answered without asking."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's way to declare settings."""
        return {"threshold": 0.3}

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> Router:
        """Rasa's constructor."""
        return cls(float(config["threshold"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Not part of training."""
        return training_data

    def process(self, messages: list[Message], tracker: DialogueStateTracker = None) -> list[Message]:  # as Rasa compares it
        """Settle the intent."""
        for message in messages:
            ranking = message.get(RANKING)
            if not ranking or message.get(SAFETY):
                continue
            name, chance = ranking[0]["name"], ranking[0]["confidence"]
            settled = self.settle(name, chance, has_topic=_topic(tracker) is not None, a_day=only_a_day(message.get(TEXT) or ""))
            if settled != name:
                message.set(ROUTING, {"from": name}, add_to_output=True)
                message.set(INTENT, {"name": settled, "confidence": chance if settled != FALLBACK else 1 - chance}, add_to_output=True)
        return messages

    def settle(self, name: str, chance: float, *, has_topic: bool, a_day: bool = False) -> str:
        """The intent to act on; `a_day`: the message names a day and nothing else."""
        if a_day and has_topic and name not in CRISIS_TOPICS:
            return "follow_up.when"
        if chance < self._threshold:
            return FALLBACK
        if name.startswith("follow_up.") and not has_topic:
            return ALONE.get(name, FALLBACK)
        return name


def _topic(tracker: DialogueStateTracker | None) -> str | None:
    slot = tracker.slots.get("topic") if tracker is not None else None
    return slot.value if slot is not None else None
