"""What is offered beside an answer, and instead of one."""

from __future__ import annotations

from knowledge.replies.alternatives import other_topics, topics_to_choose


def test_beside_a_certain_answer_nothing_is_offered() -> None:
    assert other_topics([("schools.enrol", 0.85), ("schools.childcare", 0.15)]) == ()


def test_beside_a_doubtful_one_the_next_two_topics_are_offered() -> None:
    ranking = [("schools.enrol", 0.5), ("schools.childcare", 0.2), ("schools.mid_year", 0.1), ("schools.costs", 0.09)]
    assert other_topics(ranking) == ("schools.childcare", "schools.mid_year")


def test_what_is_hardly_likely_is_not_offered() -> None:
    assert other_topics([("schools.enrol", 0.7), ("schools.childcare", 0.05)]) == ()


def test_acts_of_a_conversation_and_crises_are_no_alternatives() -> None:
    assert other_topics([("health.mental", 0.5), ("safety.self_harm", 0.2), ("greet", 0.1), ("health.doctor", 0.1)]) == ("health.doctor",)


def test_nor_are_they_offered_instead_of_an_answer() -> None:
    assert topics_to_choose([("safety.self_harm", 0.2), ("health.doctor", 0.1)]) == ("health.doctor",)


def test_without_a_ranking_there_is_nothing_to_offer() -> None:
    assert other_topics([]) == topics_to_choose([]) == ()


def test_instead_of_an_answer_up_to_three_topics_are_offered() -> None:
    ranking = [("greet", 0.2), ("schools.enrol", 0.2), ("schools.costs", 0.15), ("health.doctor", 0.1), ("health.dentist", 0.1)]
    assert topics_to_choose(ranking) == ("schools.enrol", "schools.costs", "health.doctor")
