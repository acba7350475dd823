"""Which questions the editors get to see: those without an answer, once; never one that may speak of a crisis, nor a button."""

from __future__ import annotations

from typing import Any

import pytest

from actions.turn import read_turn
from tests.factories import knowledge, service
from tests.unit.actions.talks import Talk

QUESTION = "where do they fix bicycles"


def laid_aside(*, pressed: str = "None of these", intent: str = "human", action: str = "action_search", **found: Any) -> str | None:
    """What the turn after a choice lays aside."""
    parsed = {"text": QUESTION, "intent": {"name": "nlu_fallback"}, **found}
    message = {"text": pressed, "intent": {"name": intent}}
    events = [
        {"event": "user", "text": QUESTION, "parse_data": parsed},
        {"event": "action", "name": action},
        {"event": "user", "text": pressed, "parse_data": message},
    ]
    return read_turn({"slots": {}, "latest_message": message, "events": events}).laid_aside


@pytest.mark.parametrize("pressed", ["None of these", "/human", "let me talk to somebody"])
def test_given_none_of_the_choices_was_right_then_the_question_is_laid_aside(pressed: str) -> None:
    assert laid_aside(pressed=pressed) == QUESTION


def test_given_something_else_was_wanted_or_nothing_had_been_offered_then_it_is_not() -> None:
    assert laid_aside(intent="thank") is None
    assert laid_aside(action="action_answer") is None


@pytest.mark.parametrize(("crisis", "noted"), [(True, []), (False, ["somebody who speaks somali"])])
def test_given_a_crisis_is_talked_about_then_nothing_that_is_asked_meanwhile_is_kept(
    crisis: bool, noted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, found = Talk(knowledge()), list[str]()
    monkeypatch.setattr(talk.api, "note_unanswered", lambda text, *_, **__: found.append(text))
    talk.say("safety.violence" if crisis else "thank", "he beats me" if crisis else "thanks")
    talk.say("find_service", "somebody who speaks somali", entities={"spoken_language": "so"})
    assert found == noted


@pytest.mark.parametrize("intent", ["find_service", "nlu_fallback", "work.search"])
def test_given_another_language_is_asked_for_then_the_question_is_not_kept_twice(intent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    talk, found = Talk(knowledge()), list[str]()
    monkeypatch.setattr(talk.api, "note_unanswered", lambda text, *_, **__: found.append(text))
    talk.say(intent, "somebody who speaks somali")
    talk.say("change_language", "in french please", entities={"language": "fr"})
    assert found == ["somebody who speaks somali"]


@pytest.mark.parametrize(("pressed", "noted"), [(True, []), (False, ["Bürgerbüro"])])
def test_given_the_words_of_a_button_then_they_are_nobodys_question(
    pressed: bool, noted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place whose button it is was taken out since."""
    talk, found = Talk(knowledge(service())), list[str]()
    monkeypatch.setattr(talk.api, "note_unanswered", lambda text, *_, **__: found.append(text))
    talk.say("contact", "Bürgerbüro", entities={"service": "gone"}, pressed=pressed)
    assert found == noted


@pytest.mark.parametrize("finding", ["safety", "perhaps_safety"])
def test_given_it_may_speak_of_a_crisis_then_it_is_never_kept(finding: str) -> None:
    assert laid_aside(**{finding: {"kind": "safety.violence"}}) is None
