"""Safety phrases work without a model, in any language, and harmless phrases that contain them do not count."""

from __future__ import annotations

import pytest

from bot.nlu.signals import Signals, load_signals
from knowledge.domain.records import CRISIS_TOPICS


@pytest.fixture(scope="module")
def signals() -> Signals:
    return load_signals()


def test_a_phrase_is_found_in_other_letters_and_cases() -> None:
    signals = Signals({"safety.self_harm": ["want to die"]}, [])
    assert signals.kind("I WANT   to, die!!") == "safety.self_harm"


def test_a_harmless_phrase_does_not_hide_a_real_one() -> None:
    signals = Signals({"safety.self_harm": ["want to die", "dying"]}, ["dying of hunger"])
    assert signals.kind("I am dying of hunger") is None
    assert signals.kind("dying of hunger, I want to die") == "safety.self_harm"


def test_a_phrase_inside_another_word_is_not_a_signal() -> None:
    signals = Signals({"safety.danger": ["fire"]}, [])
    assert signals.kind("my boss fired me") is None


@pytest.mark.parametrize("kind", CRISIS_TOPICS)
def test_every_kind_has_phrases(signals: Signals, kind: str) -> None:
    assert kind in signals._patterns


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("i want to kill myself", "safety.self_harm"),
        ("ich will nicht mehr leben", "safety.self_harm"),
        ("je veux mourir", "safety.self_harm"),
        ("не хочу жити", "safety.self_harm"),
        ("اريد ان اموت", "safety.self_harm"),
        ("ölmek istiyorum", "safety.self_harm"),
    ],
)
def test_the_plainest_words_are_known_in_each_language(signals: Signals, text: str, kind: str) -> None:
    assert signals.kind(text) == kind


@pytest.mark.parametrize(
    ("asked", "cried"),
    [
        ("est-ce que vous appelez la police ?", "appelez la police, il a un couteau"),
        ("vous appelez la police si je viens sans papiers ?", "vite appelez la police"),
        ("Rufen Sie die Polizei, wenn ich keine Papiere habe?", "rufen sie die polizei"),
    ],
)
def test_who_is_afraid_of_the_police_does_not_call_for_it(signals: Signals, asked: str, cried: str) -> None:
    assert signals.kind(asked) is None
    assert signals.kind(cried) == "safety.danger"
