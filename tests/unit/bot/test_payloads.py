"""What comes as text from a channel: a payload of ours, or words."""

from __future__ import annotations

import pytest

from bot.channels.base.messages import read_text
from bot.channels.base.payloads import Payload, parse_payload


def test_a_payload_that_a_button_carries_is_understood() -> None:
    assert parse_payload('/choose{"topic": "health.doctor"}') == Payload("choose", {"topic": "health.doctor"})
    assert parse_payload('/human{"topic": "safety.violence"}') == Payload("human", {"topic": "safety.violence"})
    assert parse_payload("/safety.violence") == Payload("safety.violence")
    assert parse_payload("/erase") == Payload("erase")


@pytest.mark.parametrize(
    "typed",
    [
        '/choose{"language_choice": "de"}',  # a slot that no button sets
        '/refer_me{"topic": "health.doctor"}',  # an entity that this payload does not carry
        "/nlu_fallback",
        "/registration.address",  # a topic is chosen by its name
        "/privacy",
        "/session_start",
        "/restart",
        '/choose{"topic": "' + "x" * 200 + '"}',
        '/choose{"topic": ["a"]}',
        '/choose{"topic": "a b; drop"}',
        "/choose{",
        "/CHOOSE",
        "hello",
    ],
)
def test_anything_else_is_no_payload(typed: str) -> None:
    assert parse_payload(typed) is None


@pytest.mark.parametrize(("typed", "words"), [("/start", "start"), ("//help me", "help me"), ("  where? ", "where?"), ("/", "")])
def test_a_leading_slash_that_is_typed_is_only_a_character(typed: str, words: str) -> None:
    text, payload = read_text(typed)
    assert (text, payload) == (words, None)
