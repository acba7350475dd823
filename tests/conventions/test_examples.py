"""Rules for all examples: enough of each in each language, none held back that is also trained on, nothing that Rasa reads as markup."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.evaluation.rows import own_rows
from bot.nlu.signals import load_ordinary
from knowledge.config import PROJECT
from knowledge.domain.topics import load_topics
from tests.examples import examples
from tools.split_examples import is_held_back

LANGUAGES = ("en", "de", "fr", "uk", "ar", "tr")
LEAST = 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_topic_and_act_has_at_least_twenty_examples(language: str) -> None:
    counts = Counter(intent for intent, _ in examples("nlu", language))
    topics = load_topics()
    few = {intent: counts[intent] for intent in (*topics.topics, *topics.acts, *topics.follow_ups) if counts[intent] < LEAST}
    assert few == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_out_of_scope_has_the_widest_net(language: str) -> None:
    counts = Counter(intent for intent, _ in examples("nlu", language))
    assert counts["out_of_scope"] >= 3 * LEAST


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_held_back_example_is_trained_on(language: str) -> None:
    trained = {_plain(text) for _, text in examples("nlu", language)} | {
        _plain(one.text) for one in load_ordinary() if one.language == language
    }
    held = [row["text"] for what in ("topics", "safety") for row in own_rows(what) if row["language"] == language]
    assert held
    assert [text for text in held if _plain(text) in trained] == []


def test_every_label_is_a_topic_or_an_act() -> None:
    known = set(load_topics().all_intents)
    for part in ("nlu", "heldout"):
        for language in LANGUAGES:
            assert {intent for intent, _ in examples(part, language)} <= known


def test_no_example_looks_like_markup_or_a_payload() -> None:
    bad = [
        text
        for part in ("nlu", "heldout")
        for language in LANGUAGES
        for _, text in examples(part, language)
        if text.startswith("/") or "[" in text or "{" in text
    ]
    assert bad == []


def test_languages_besides_the_six_have_samples_too() -> None:
    found = {path.stem for path in Path(PROJECT / "data" / "languages").glob("*.txt")}
    assert found >= {"es", "it", "pl", "ro", "ru", "fa", "so", "ti", "ps", "ku"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_side_of_an_example_follows_from_its_text(language: str) -> None:
    """`tools/split_examples.py` puts rows that were written into the wrong file where they belong."""
    assert [text for _, text in examples("nlu", language) if is_held_back(text)] == []
    assert [text for _, text in examples("heldout", language) if not is_held_back(text)] == []
