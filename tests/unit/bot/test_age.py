"""An age in the message weighs in on the topic."""

from __future__ import annotations

import pytest

from bot.nlu.age import weigh_by_age
from knowledge.domain.topics import load_topics

ABOUT = {"schools.childcare": (0, 5), "schools.enrol": (5, 17)}
HOME = [("schools.childcare", 0.5), ("schools.enrol", 0.3), ("out_of_scope", 0.1), ("safety.child_alone", 0.1)]


@pytest.mark.parametrize(
    ("age", "first"), [(3, "schools.childcare"), (5, "schools.childcare"), (6, "schools.enrol"), (12, "schools.enrol")]
)
def test_a_child_at_home_is_asked_about_for_school_or_for_day_care(age: int, first: str) -> None:
    assert weigh_by_age(HOME, [age], ABOUT)[0][0] == first


def test_given_children_of_both_ages_nothing_changes() -> None:
    assert weigh_by_age(HOME, [3, 9], ABOUT) == HOME


def test_given_no_age_or_none_that_matters_nothing_changes() -> None:
    assert weigh_by_age(HOME, [], ABOUT) == HOME
    assert weigh_by_age([("health.doctor", 1.0)], [40], ABOUT) == [("health.doctor", 1.0)]


def test_a_crisis_becomes_neither_more_nor_less_likely() -> None:
    weighed = weigh_by_age(HOME, [40], {**ABOUT, "safety.child_alone": (0, 17)})
    assert dict(weighed)["safety.child_alone"] == 0.1
    assert sum(chance for _, chance in weighed) == pytest.approx(1)


def test_where_nothing_else_is_thought_of_the_only_topic_stays() -> None:
    assert weigh_by_age([("schools.childcare", 0.9), ("safety.danger", 0.1)], [9], ABOUT)[0] == ("schools.childcare", 0.9)


def test_the_ages_of_the_list_are_of_topics_that_there_are() -> None:
    topics = load_topics()
    assert topics.ages
    assert set(topics.ages) <= set(topics.topics)
    assert all(0 <= first <= last for first, last in topics.ages.values())
