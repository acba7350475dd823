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
    ("name", "has_topic", "settled"),
    [
        ("health.doctor", True, "follow_up.when"),
        ("out_of_scope", True, "follow_up.when"),
        ("safety.violence", True, "safety.violence"),
        ("health.doctor", False, "health.doctor"),
    ],
)
def test_a_day_alone_is_about_the_last_answer_but_never_instead_of_a_crisis(name: str, has_topic: bool, settled: str) -> None:
    assert router.settle(name, 0.8, has_topic=has_topic, a_day=True) == settled
    assert router.settle("health.doctor", 0.1, has_topic=True, a_day=True) == "follow_up.when"
