"""Makes Rasa's domain and rules from ``data/topics.yml``: each topic is an intent that leads to the one action that answers any topic.

So a new topic is a line in that list, some examples and an article, and no code.
"""

from __future__ import annotations

from typing import Any

import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter

from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.topics import Topics, load_topics


class TopicsImporter(RasaFileImporter):
    """Rasa's importer of files, with the topics added."""

    def get_domain(self) -> Domain:
        """The domain of the files and of the topics."""
        return super().get_domain().merge(Domain.from_dict(topics_domain(load_topics())))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The rules of the files and of the topics."""
        steps = YAMLStoryReader().read_from_parsed_yaml(topics_rules(load_topics()))
        return super().get_stories(exclusion_percentage).merge(StoryGraph(steps))


def action_of(intent: str) -> str:
    """The action that a topic or follow-up leads to."""
    if intent.startswith("follow_up."):
        return "action_follow_up"
    return "action_safety" if intent in CRISIS_TOPICS else "action_answer"


def topics_domain(topics: Topics) -> dict[str, Any]:
    """Intents and actions, as a domain in Rasa's form."""
    names = (*topics.topics, *topics.follow_ups)
    return {
        "version": "3.1",
        "intents": [{name: {"use_entities": []}} for name in names],
        "actions": sorted({action_of(name) for name in names}),
    }


def topics_rules(topics: Topics) -> dict[str, Any]:
    """A rule a topic, in Rasa's form."""
    rules = [{"rule": name, "steps": [{"intent": name}, {"action": action_of(name)}]} for name in (*topics.topics, *topics.follow_ups)]
    return dict(yaml.safe_load(yaml.safe_dump({"version": "3.1", "rules": rules})))
