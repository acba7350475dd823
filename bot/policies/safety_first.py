"""A policy above all others: a message in which a crisis was found is answered with the crisis reply, whatever is going on.

Rules alone would do for an idle conversation, but a form or a pending choice could swallow the message; this cannot happen here.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

ACTION = "action_safety"
# Rasa's rule policy has 6; the higher number wins between equally sure policies.
PRIORITY = 100


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class SafetyFirst(Policy):
    """Predicts `ACTION` right after a message with a crisis, and then to listen."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's way to declare settings."""
        return {"priority": PRIORITY}

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> SafetyFirst:
        """There is nothing to load."""
        return cls(config, model_storage, resource, execution_context)

    def train(self, training_trackers: Any, domain: Domain, **kwargs: Any) -> Resource:
        """Nothing is learnt: there is one rule."""
        return self._resource

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None = None, **kwargs: Any
    ) -> PolicyPrediction:
        """Sure of itself in a crisis, silent otherwise."""
        chances = self._default_predictions(domain)
        message = tracker.latest_message
        if message is not None and (message.parse_data or {}).get("safety"):
            chances[domain.index_for_action("action_listen" if _answered(tracker) else ACTION)] = 1.0
            return self._prediction(chances, is_no_user_prediction=_answered(tracker))
        return self._prediction(chances)


def _answered(tracker: DialogueStateTracker) -> bool:
    """Whether the crisis reply to the latest message was already given."""
    last = tracker.get_last_event_for(ActionExecuted, action_names_to_exclude=["action_listen", "action_extract_slots"])
    return last is not None and tracker.latest_action_name == ACTION
