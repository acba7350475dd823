"""The topics and conversation acts, read from ``data/topics.yml``: the one list that articles, intents and answers share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

TOPICS_FILE = Path(__file__).resolve().parents[2] / "data" / "topics.yml"


@dataclass(frozen=True, slots=True)
class Topics:
    """Ids in the order of the file. `descriptions` are for editors and annotators, in English; `ages` are the first and the last year of
    life that a topic is about, where it is about some."""

    topics: tuple[str, ...]
    acts: tuple[str, ...]
    follow_ups: tuple[str, ...]
    descriptions: dict[str, str]
    ages: dict[str, tuple[int, int]]

    @property
    def all_intents(self) -> tuple[str, ...]:
        """Everything a message can be labelled with."""
        return self.topics + self.acts + self.follow_ups

    def domain_of(self, topic: str) -> str:
        """``"schools"`` for ``"schools.enrol"``."""
        return topic.partition(".")[0]


@cache
def load_topics(path: Path = TOPICS_FILE) -> Topics:
    """Read the list of topics.

    Raises OSError or yaml.YAMLError where the file is missing or broken: nothing can work without it.
    """
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    by_domain: dict[str, dict[str, str]] = document["topics"]
    acts: dict[str, str] = document["conversation"]
    follow_ups: dict[str, str] = document["follow_up"]
    descriptions = {topic: words for topics in by_domain.values() for topic, words in topics.items()} | acts | follow_ups
    return Topics(
        topics=tuple(topic for topics in by_domain.values() for topic in topics),
        acts=tuple(acts),
        follow_ups=tuple(follow_ups),
        descriptions=descriptions,
        ages={topic: (first, last) for topic, (first, last) in (document.get("ages") or {}).items()},
    )
