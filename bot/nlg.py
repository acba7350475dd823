"""Rasa's NLG on our catalogues: an ``utter_<key>`` is looked up as ``<key>`` in the person's language."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from locales.catalogue import words
from locales.registry import base_code


class CatalogueNaturalLanguageGenerator(TemplatedNaturalLanguageGenerator):
    """Derived from Rasa's templated class because only its children are told when a new model is loaded."""

    def __init__(self, endpoint_config: Any = None, domain: Any = None) -> None:
        super().__init__(domain.responses if domain is not None else {})

    async def generate(self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any) -> dict[str, Any] | None:
        """The words for `utter_action`; an action names the language in `kwargs`, since what it just stored is not visible yet."""
        language = base_code(kwargs.get("language")) or conversation_language(tracker)
        fields = {name: value for name, value in kwargs.items() if isinstance(value, str | int | float)}
        fields.pop("language", None)
        found = words(utter_action.removeprefix("utter_"), language, **fields)
        return {"text": found.body, "language": found.language}


def conversation_language(tracker: DialogueStateTracker) -> str:
    """What was chosen, else what was spoken, else what the channel says, else English."""
    slots = tracker.current_slot_values()
    metadata = (tracker.latest_message.metadata or {}) if tracker.latest_message else {}
    message = (tracker.latest_message.parse_data or {}).get("language") if tracker.latest_message else None
    for code in (slots.get("language_choice"), (message or {}).get("code"), slots.get("language"), metadata.get("language_hint")):
        known = base_code(code)
        if known:
            return known
    return "en"
