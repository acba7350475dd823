"""Makes Rasa's domain from ``data/topics.yml``: each topic is an intent that triggers the one action that answers any topic.

So a new topic is a line in that list, some examples and an article, and no code.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter

from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.topics import Topics, load_topics


class TopicsImporter(RasaFileImporter):
    """Rasa's importer of files, with the topics added to the domain."""

    def get_domain(self) -> Domain:
        """The domain of the files and of the topics."""
        return super().get_domain().merge(Domain.from_dict(topics_domain(load_topics())))


def topics_domain(topics: Topics) -> dict[str, Any]:
    """Intents with the action that each triggers, as a domain in Rasa's form."""
    intents: list[Any] = []
    for topic in topics.topics:
        action = "action_safety" if topic in CRISIS_TOPICS else "action_answer"
        intents.append({topic: {"triggers": action, "use_entities": []}})
    intents += [{name: {"triggers": "action_follow_up", "use_entities": []}} for name in topics.follow_ups]
    return {"version": "3.1", "intents": intents, "actions": ["action_answer", "action_follow_up", "action_safety"]}
