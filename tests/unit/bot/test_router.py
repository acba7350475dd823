"""Where the classifiers leave a doubt, nobody guesses."""

from __future__ import annotations

import pytest

from bot.nlu.router import Router

router = Router(threshold=0.3)


@pytest.mark.parametrize(
    ("name", "chance", "has_topic", "settled"),
    [
        ("health.doctor", 0.9, False, "health.doctor"),
        ("health.doctor", 0.2, True, "nlu_fallback"),
        ("follow_up.documents", 0.9, True, "follow_up.documents"),
        ("follow_up.documents", 0.9, False, "registration.documents"),
        ("follow_up.cost", 0.9, False, "nlu_fallback"),
        # Their action asks what it is about, unless the message names a place.
        ("follow_up.where", 0.9, False, "follow_up.where"),
        ("follow_up.when", 0.9, False, "follow_up.when"),
    ],
)
def test_settling(name: str, chance: float, has_topic: bool, settled: str) -> None:
    assert router.settle(name, chance, has_topic=has_topic) == settled


@pytest.mark.parametrize(
    ("name", "settled"), [("health.doctor", "follow_up.when"), ("out_of_scope", "follow_up.when"), ("safety.violence", "safety.violence")]
)
def test_a_day_alone_is_about_the_last_answer_but_never_instead_of_a_crisis(name: str, settled: str) -> None:
    assert router.settle_within(name, {name: 0.8}, "on saturday?") == settled
    assert router.settle_within("health.doctor", {"health.doctor": 0.1}, "on saturday?") == "follow_up.when"


class TestWithinATalk:
    def test_follow_ups_that_share_the_probability_are_one(self) -> None:
        shared = {"follow_up.where": 0.28, "follow_up.when": 0.21, "feedback_bad": 0.18}
        assert router.settle_within("follow_up.where", shared, "nerde orasi") == "follow_up.where"
        assert router.settle("follow_up.where", 0.28, has_topic=False) == "nlu_fallback"

    def test_in_a_crisis_they_stay_in_doubt_and_the_steps_come(self) -> None:
        shared = {"follow_up.deadline": 0.28, "follow_up.when": 0.21}
        assert router.settle_within("follow_up.deadline", shared, "what now", in_crisis=True) == "nlu_fallback"
        assert router.settle_within("follow_up.where", {"follow_up.where": 0.5}, "where", in_crisis=True) == "follow_up.where"

    def test_a_topic_and_a_follow_up_do_not_share(self) -> None:
        doubt = {"health.doctor": 0.28, "follow_up.when": 0.21}
        assert router.settle_within("health.doctor", doubt, "doctor when") == "nlu_fallback"

    @pytest.mark.parametrize(
        ("text", "likely", "settled"),
        [
            ("hangi belgeler", 0.03, "follow_up.documents"),
            ("hangi belgeler lazim", 0.44, "follow_up.documents"),
            # It names what it is about.
            ("documents inscription", 0.01, "registration.documents"),
            ("which documents do i need to register", 0.3, "registration.documents"),
        ],
    )
    def test_which_papers_is_about_the_last_answer(self, text: str, likely: float, settled: str) -> None:
        chances = {"registration.documents": 0.9, "follow_up.documents": likely}
        assert router.settle_within("registration.documents", chances, text) == settled

    @pytest.mark.parametrize(("search", "settled"), [(0.25, "find_service"), (0.01, "change_language")])
    def test_somebody_who_speaks_a_language_is_looked_for_but_who_wants_to_speak_it_gets_it(self, search: float, settled: str) -> None:
        chances = {"change_language": 0.53, "find_service": search}
        assert router.settle_within("change_language", chances, "does somebody speak arabic there") == settled
