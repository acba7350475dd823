"""Rasa component: the last word on a message's intent, where the classifiers leave a doubt.

- too little probability: ``nlu_fallback``, which is searched for and offered as a choice, never guessed;
- a day alone ("next monday", "sat?") after an answer asks when the places of that answer are open;
- a follow-up ("which documents?") without anything to follow becomes the topic it means on its own;
- within a talk, few words are rather about the last answer than something new: several follow-ups that share the probability are one.
A crisis is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
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
# The same the other way round: "hangi belgeler" within a talk about child benefit is about that, if a follow-up is at all likely.
_WITHIN = {topic: follow_up for follow_up, topic in ALONE.items() if topic != follow_up}
_FEW_WORDS = 3
_AT_ALL_LIKELY = 0.02
# "Does somebody speak Arabic there?" asks for people, "can we speak Arabic?" for the language; the latter is never taken for a search.
_FOR_PEOPLE = 0.2


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
            text, topic = message.get(TEXT) or "", _topic(tracker)
            if topic is not None:
                chances = {one["name"]: one["confidence"] for one in ranking}
                settled = self.settle_within(name, chances, text, in_crisis=topic in CRISIS_TOPICS)
            else:
                settled = self.settle(name, chance, has_topic=False)
            if settled != name:
                message.set(ROUTING, {"from": name}, add_to_output=True)
                message.set(INTENT, {"name": settled, "confidence": chance if settled != FALLBACK else 1 - chance}, add_to_output=True)
        return messages

    def settle_within(self, name: str, chances: Mapping[str, float], text: str, *, in_crisis: bool = False) -> str:
        """The intent to act on within a talk about a topic, where `name` is the likeliest of `chances`. In a crisis, what is in doubt stays
        so: the steps to take are the answer then."""
        if name in CRISIS_TOPICS:
            return self.settle(name, chances[name], has_topic=True)
        if only_a_day(text):
            return "follow_up.when"
        if name == "change_language" and chances.get("find_service", 0) >= _FOR_PEOPLE:
            return "find_service"
        follow_up = _WITHIN.get(name)
        if follow_up and len(text.split()) <= _FEW_WORDS and chances.get(follow_up, 0) >= _AT_ALL_LIKELY:
            return follow_up
        chance = chances[name]
        if name.startswith("follow_up.") and not in_crisis:
            chance = sum(each for one, each in chances.items() if one.startswith("follow_up."))
        return self.settle(name, chance, has_topic=True)

    def settle(self, name: str, chance: float, *, has_topic: bool) -> str:
        """The intent to act on."""
        if chance < self._threshold:
            return FALLBACK
        if name.startswith("follow_up.") and not has_topic:
            return ALONE.get(name, FALLBACK)
        return name


def _topic(tracker: DialogueStateTracker | None) -> str | None:
    slot = tracker.slots.get("topic") if tracker is not None else None
    return slot.value if slot is not None else None
