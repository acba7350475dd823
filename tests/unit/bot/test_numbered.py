"""A number, or "the first one", after a reply with buttons is a button."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.base.payloads import Payload
from bot.rasa_side.numbered import chosen, number_in

NUMBERS = [
    ("1", 1), ("2.", 2), ("(3)", 3), ("number 2", 2), ("the first one", 1), ("2nd", 2), ("1️⃣", 1),
    ("das zweite", 2), ("Nr. 3", 3), ("nummer drei", 3), ("die erste bitte", 1), ("le deuxième", 2), ("n°2", 2), ("la première", 1),
    ("перше", 1), ("другий", 2), ("номер 3", 3), ("الأول", 1), ("رقم ٢", 2), ("الثالث", 3), ("birinci", 1), ("2 numara", 2),
    ("üçüncüsü", 3),
]  # fmt: skip


@pytest.mark.parametrize(("message", "number"), NUMBERS)
def test_numbers_in_six_languages(message: str, number: int) -> None:
    assert number_in(message) == number


@pytest.mark.parametrize("message", ["112", "2 kids", "ich bin 2", "first steps in the city", "hello", "", "1 2", "2 rue", "17:30"])
def test_a_message_that_says_more_than_a_number_is_none(message: str) -> None:
    assert number_in(message) is None


def button(payload: str) -> dict[str, str]:
    return {"title": "words", "payload": payload}


def talk(*events: BotUttered | SlotSet) -> DialogueStateTracker:
    slots = [AnySlot("topic", mappings=[], influence_conversation=False)]
    tracker = DialogueStateTracker("someone", slots)
    tracker.update(UserUttered("school and flat"))
    for event in events:
        tracker.update(event)
    return tracker


OFFERED = BotUttered("Which?", {"buttons": [button('/choose{"topic": "schools.enrol"}'), button("/human")]})


def test_it_is_the_button_at_that_place() -> None:
    assert chosen("1", talk(OFFERED)) == Payload("choose", {"topic": "schools.enrol"})
    assert chosen("the second one", talk(OFFERED)) == Payload("human")


def test_a_single_button_below_a_choice_is_no_choice() -> None:
    notice = BotUttered("I answer in English.", {"buttons": [button("/change_language")]})
    assert chosen("2", talk(OFFERED, notice)) == Payload("human")


def test_nothing_is_chosen_beyond_the_buttons_or_without_any() -> None:
    assert chosen("3", talk(OFFERED)) is None
    assert chosen("1", talk(BotUttered("Good."))) is None
    assert chosen("1", None) is None


def test_in_a_crisis_a_number_is_not_a_button() -> None:
    assert chosen("1", talk(SlotSet("topic", "safety.violence"), OFFERED)) is None
    help_now = BotUttered("112", {"buttons": [button("/human"), button("/help")], "custom": {"safety": {"kind": "safety.danger"}}})
    assert chosen("1", talk(help_now)) is None
