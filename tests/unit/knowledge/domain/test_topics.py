"""The list of topics is a contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.topics import load_topics
from locales.safety_texts import KINDS


def test_topics_acts_and_follow_ups_are_told_apart_and_have_distinct_ids() -> None:
    topics = load_topics()
    assert len(set(topics.all_intents)) == len(topics.all_intents)
    assert set(topics.descriptions) == set(topics.all_intents)


def test_a_topic_carries_its_domain() -> None:
    topics = load_topics()
    assert topics.domain_of("schools.enrol") == "schools"
    assert {"registration", "schools", "health", "housing", "safety"} <= {topics.domain_of(one) for one in topics.topics}


def test_crisis_topics_are_topics_and_have_fixed_texts() -> None:
    assert set(CRISIS_TOPICS) <= set(load_topics().topics)
    assert set(CRISIS_TOPICS) == set(KINDS)


def test_nothing_works_without_the_list(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        load_topics(tmp_path / "nowhere.yml")
