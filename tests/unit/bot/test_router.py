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
