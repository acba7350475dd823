"""Telling languages apart in short messages: letters, script, what was spoken before, and the courage to be unsure."""

from __future__ import annotations

import pytest

from bot.nlu.language_identifier import language_examples
from bot.nlu.language_model import LanguageModel, clean


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    rows = list(language_examples())[::3]
    return LanguageModel().train([text for text, _ in rows], [code for _, code in rows])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("where can i register my address", "en"),
        ("wo kann ich mich anmelden", "de"),
        ("où est le médecin", "fr"),
        ("де можна зареєструватися", "uk"),
        ("где зарегистрироваться, это срочно", "ru"),
        ("أين أجد طبيبا", "ar"),
        ("کجا می‌توانم ثبت نام کنم", "fa"),
        ("çocuğumu okula nasıl kaydederim", "tr"),
        ("ኣበይ ክምዝገብ ይኽእል", "ti"),
    ],
)
def test_whole_sentences(model: LanguageModel, text: str, code: str) -> None:
    guess = model.identify(text)
    assert guess is not None
    assert guess.code == code
    assert not guess.unsure


def test_no_letters_no_language(model: LanguageModel) -> None:
    assert model.identify("112 ???") is None
    assert model.identify("👍") is None


def test_a_doubtful_word_follows_the_conversation(model: LanguageModel) -> None:
    alone, within = model.identify("ok"), model.identify("ok", conversation="tr")
    assert alone is not None
    assert within is not None
    assert dict(within.candidates).get("tr", 0) > dict(alone.candidates).get("tr", 0)


def test_the_hint_of_the_channel_counts_less_than_the_message(model: LanguageModel) -> None:
    guess = model.identify("wo kann ich mich hier anmelden bitte", hint="ar")
    assert guess is not None
    assert guess.code == "de"


def test_addresses_and_numbers_tell_nothing() -> None:
    assert clean("https://example.org/wo?a=1 +49 30 23125 000 hello") == "hello"
