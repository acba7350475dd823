"""Two opinions on a message: the letters, learnt here, and the meaning, from the encoder's head; one without the other works too."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.intent_head import IntentHead
from bot.nlu.safety_model import find_crisis, perhaps_crisis
from bot.nlu.signals import Signals
from bot.nlu.topic_model import TopicModel

WORDS = {"doctor": "need a doctor for my back", "flat": "looking for a small flat to rent", "school": "my child wants to go to school"}
TOPICS = {"doctor": "health.doctor", "flat": "housing.search", "school": "schools.enrol"}


@pytest.fixture(scope="module")
def model() -> TopicModel:
    rows = [(f"{words} {number} {word}", TOPICS[word]) for word, words in WORDS.items() for number in range(20)]
    return TopicModel().train([text for text, _ in rows], [label for _, label in rows])


def head_for(label: str, labels: list[str]) -> IntentHead:
    """A head that sees `label` in any vector."""
    weights = np.zeros((len(labels), 2))
    weights[labels.index(label)] = 10.0
    return IntentHead(labels, weights, np.zeros(len(labels)), temperature=1.0)


def test_without_an_encoder_the_letters_decide(model: TopicModel) -> None:
    ranking = model.ranking("i need a doctr", np.zeros(0), None)
    assert ranking[0][0] == "health.doctor"
    assert sum(chance for _, chance in ranking) == pytest.approx(1)


def test_a_message_that_is_an_example_means_what_the_example_means(model: TopicModel) -> None:
    head = head_for("housing.search", model.labels)
    ranking = model.ranking("Need a DOCTOR, for my back 3 doctor!", np.ones(2), head)
    assert ranking[0][0] == "health.doctor" and ranking[0][1] >= 0.9
    assert sum(chance for _, chance in ranking) == pytest.approx(1)


def test_an_example_of_two_topics_decides_nothing() -> None:
    rows = [(f"{words} {number}", TOPICS[word]) for word, words in WORDS.items() for number in range(20)]
    both = TopicModel().train(
        [text for text, _ in rows] + ["papers"] * 2, [label for _, label in rows] + ["health.doctor", "schools.enrol"]
    )
    assert both.ranking("papers", np.zeros(0), None)[0][1] < 0.9


def test_the_meaning_helps_where_no_word_is_known(model: TopicModel) -> None:
    head = head_for("schools.enrol", model.labels)
    assert model.ranking("zzz", np.ones(2), head)[0][0] == "schools.enrol"


def test_a_topic_that_the_head_has_never_heard_of_can_still_win(model: TopicModel) -> None:
    head = head_for("schools.enrol", [label for label in model.labels if label != "housing.search"])
    chances = dict(model.ranking("looking for a small flat to rent flat", np.zeros(2), head))
    assert max(chances, key=lambda label: chances[label]) == "housing.search"


NOTHING = Signals({}, [])


def test_crisis_topics_count_together() -> None:
    chances = {"safety.violence": 0.2, "safety.danger": 0.15, "legal.advice": 0.65}
    found = find_crisis("...", chances, NOTHING, threshold=0.3)
    assert found is not None
    assert (found.kind, found.by) == ("safety.violence", "topics")
    assert find_crisis("...", {"safety.violence": 0.1, "legal.advice": 0.9}, NOTHING, threshold=0.3) is None


def test_a_phrase_is_enough_whatever_the_topics_say() -> None:
    signals = Signals({"safety.self_harm": ["want to die"]}, [])
    found = find_crisis("i want to die", {"out_of_scope": 1.0}, signals)
    assert found is not None
    assert (found.kind, found.by) == ("safety.self_harm", "signal")


def test_what_is_too_unlikely_for_the_crisis_reply_and_too_likely_to_pass_over_is_perhaps_a_crisis() -> None:
    chances = {"safety.violence": 0.05, "safety.self_harm": 0.06, "health.mental": 0.89}
    assert find_crisis("...", chances, NOTHING) is None
    found = perhaps_crisis(chances)
    assert found is not None
    assert (found.kind, round(found.probability, 2)) == ("safety.self_harm", 0.11)
    assert perhaps_crisis({"safety.self_harm": 0.01, "health.mental": 0.99}) is None
