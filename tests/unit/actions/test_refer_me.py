""" "Put me in touch" is about what was shown last, not about what was shown for another question before it."""

from __future__ import annotations

from tests.factories import article, knowledge, municipality, service, text
from tests.unit.actions.talks import Talk, words

OFFICE, SHELTER, POINT = (
    service("office", "registration.address", name="Meldestelle"),
    service("shelter", "safety.violence", name="Frauenhaus"),
    service("point", "housing.search", name="Willkommenspunkt"),
)


def talk() -> Talk:
    violence = article("safety.violence", title=text("Gewalt"), steps=text("Weggehen", en="Get away"))
    return Talk(knowledge(OFFICE, SHELTER, POINT, violence, town=municipality(information_point="point")))


def test_after_an_answer_it_is_the_place_of_the_answer() -> None:
    asked = talk()
    asked.say("registration.address")
    assert "Meldestelle" in words(asked.say("refer_me"))


def test_after_a_question_without_an_answer_it_is_the_information_point() -> None:
    asked = talk()
    asked.say("registration.address")
    asked.say("work.search")
    reply = words(asked.say("refer_me"))
    assert "Willkommenspunkt" in reply and "Meldestelle" not in reply


def test_after_a_person_was_asked_for_when_is_it_open_is_about_the_information_point() -> None:
    asked = talk()
    asked.say("registration.address")
    asked.say("human")
    reply = words(asked.say("follow_up.when", "when is it open"))
    assert "Willkommenspunkt" in reply and "Meldestelle" not in reply


def test_after_a_cry_for_help_nothing_of_before_counts() -> None:
    asked = talk()
    asked.say("registration.address")
    asked.say("safety.violence", "he beats me")
    assert "Meldestelle" not in words(asked.say("refer_me"))


def test_after_the_steps_in_a_crisis_it_is_who_helps_there() -> None:
    asked = talk()
    asked.say("registration.address")
    asked.say("safety.violence", "he beats me")
    assert "Get away" in words(asked.say("help", "what should i do"))
    reply = words(asked.say("refer_me"))
    assert "Frauenhaus" in reply and "Meldestelle" not in reply
