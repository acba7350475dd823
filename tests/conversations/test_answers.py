"""Six languages, from the question to the city's answer, through a real Rasa server, the actions and the database."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest

from tests.conversations.conftest import Archived
from tests.server import Desk, answer_of, words_of

QUESTIONS = [
    ("en", "where can i register my new address after arriving", "registration.address"),
    ("en", "how do I enrol my daughter in school", "schools.enrol"),
    ("de", "Wo kann ich mich anmelden, ich bin neu in der Stadt", "registration.address"),
    ("de", "ich brauche einen Zahnarzt", "health.dentist"),
    ("fr", "je suis malade et je n'ai pas d'assurance ni de papiers", "health.uninsured"),
    ("fr", "je cherche un appartement à louer", "housing.search"),
    ("uk", "як записати дитину до школи", "schools.enrol"),
    ("uk", "потрібен сімейний лікар, як записатися", "health.doctor"),
    ("ar", "ليس عندي مكان أنام فيه الليلة مع أولادي", "housing.emergency"),
    ("ar", "كيف أسجل ابنتي في الروضة", "schools.childcare"),
    ("tr", "ev sahibi depozitomu geri vermiyor", "housing.rights"),
    ("tr", "çocuğumu okula nasıl kaydederim", "schools.enrol"),
    ("en", "where can i get free legal advice about my asylum case", "legal.advice"),
    ("de", "Wie beantrage ich Kindergeld für meine Tochter", "money.benefits"),
    ("fr", "mon patron ne me paie pas mon salaire", "work.exploitation"),
    ("uk", "шукаю роботу, хто допоможе", "work.search"),
    ("ar", "أريد أن أتعلم الألمانية، أين توجد دورة", "language.courses"),
    ("tr", "banka hesabı açmak istiyorum", "money.bank_account"),
]


@pytest.mark.parametrize(("language", "question", "topic"), QUESTIONS)
def test_a_question_gets_the_citys_own_answer(desk: Desk, language: str, question: str, topic: str) -> None:
    reply = desk.ask(question)
    answer = answer_of(reply)
    assert answer["topic"] == topic
    assert answer["language"] == language
    assert answer["article"].startswith(topic)
    assert answer["source"]["url"].startswith("https://")
    assert answer["checked_on"][:2] == "20"
    assert reply[-1]["language"] == language
    assert reply[-1]["buttons"]


AT_HOME = [
    "my son is six and sits at home",
    "mein sohn ist 6 und sitzt zu hause",
    "mon fils a 6 ans et reste à la maison",
    "мій син має 6 років і сидить вдома",
    "ابني عمره ست سنوات وقاعد بالبيت",
    "oğlum 6 yaşında evde oturuyor",
]


@pytest.mark.parametrize("message", AT_HOME)
def test_a_child_of_school_age_at_home_is_a_matter_of_school_and_no_crisis(desk: Desk, message: str) -> None:
    reply = desk.ask(message)
    assert answer_of(reply)["topic"] == "schools.enrol"
    assert not any("safety" in one.get("custom", {}) for one in reply)


ALTERNATIVES = "Meinen Sie vielleicht das?"


def test_two_questions_in_one_message_the_second_is_one_tap_away(desk: Desk) -> None:
    sender = uuid.uuid4().hex
    *_, offered, answer = desk.say(sender, "wohnung und schule")
    assert answer_of([answer])["topic"] == "schools.enrol"
    assert ALTERNATIVES in offered["text"]
    tap = next(one["payload"] for one in offered["buttons"] if "Wohnung" in one["title"])
    then = desk.say(sender, tap)
    assert answer_of(then)["topic"] == "housing.search"
    assert ALTERNATIVES not in words_of(then)


def test_beside_a_certain_answer_nothing_else_is_offered(desk: Desk) -> None:
    assert ALTERNATIVES not in words_of(desk.ask("ich brauche einen Zahnarzt"))


def test_a_machine_translation_says_so_and_has_the_original_beside_it(desk: Desk) -> None:
    reply = desk.ask("where can i register my new address after arriving")
    answer = answer_of(reply)
    assert answer["translation"] == "machine"
    assert answer["original"]["language"] == "de"
    assert answer["original"]["text"]
    assert "A machine translated this" in words_of(reply)
    german = answer_of(desk.ask("Wo kann ich meine neue Adresse anmelden?"))
    assert german["translation"] == "original"
    assert "original" not in german


def test_the_first_contact_says_what_this_is_and_what_is_kept(desk: Desk) -> None:
    sender = uuid.uuid4().hex
    first, second = words_of(desk.say(sender, "hello")), words_of(desk.say(sender, "hello again"))
    assert "computer program, not a person" in first
    assert "30 days" in first
    assert "computer program" not in second


def test_follow_ups_know_what_was_talked_about(desk: Desk) -> None:
    sender = uuid.uuid4().hex
    desk.say(sender, "I have just arrived in this city, how do I register my address here")
    documents = desk.say(sender, "which documents do i need for that?")
    assert answer_of(documents)["topic"] == "registration.address"
    assert "What to bring" in words_of(documents)
    where = desk.say(sender, "where is that?")
    assert "Rathausplatz" in words_of(where) or "☎" in words_of(where)
    saturday = words_of(desk.say(sender, "and on saturday?"))
    assert "Saturday" in saturday
    simpler = desk.say(sender, "i dont understand, can you say it more simply")
    assert answer_of(simpler)["topic"] == "registration.address"
    mother = desk.say(sender, "and for my mother?")
    assert answer_of(mother)["topic"] == "registration.address"
    arabic = desk.say(sender, "in arabic please")
    assert arabic[-1]["language"] == "ar"
    assert answer_of(arabic)["topic"] == "registration.address"


def test_a_number_is_the_button_at_that_place(desk: Desk) -> None:
    sender = uuid.uuid4().hex
    buttons = desk.say(sender, "where can i register my new address after arriving")[-1]["buttons"]
    place = next(place for place, one in enumerate(buttons, start=1) if "documents" in one["payload"])
    assert "What to bring" in words_of(desk.say(sender, f"{place}."))


def test_yes_after_thanks_asks_what_is_needed(desk: Desk) -> None:
    sender = uuid.uuid4().hex
    desk.say(sender, "where can i register my new address after arriving")
    assert "anything else" in words_of(desk.say(sender, "thanks"))
    assert "What do you need?" in words_of(desk.say(sender, "yes"))
    assert "What do you need?" not in words_of(desk.say(sender, "ok"))


def test_when_alone_asks_what_it_is_about(desk: Desk) -> None:
    assert "Worum geht es?" in words_of(desk.ask("wann", language="de"))


def test_the_language_follows_the_person_and_a_choice_wins(desk: Desk) -> None:
    sender = uuid.uuid4().hex
    assert desk.say(sender, "як отримати довідку про місце проживання")[-1]["language"] == "uk"
    # German office words on a letter do not make the person German.
    assert desk.say(sender, "Wohnungsgeberbestätigung")[-1]["language"] == "uk"
    assert desk.say(sender, '/change_language{"language": "fr"}')[-1]["language"] == "fr"
    assert desk.say(sender, "де лікар")[-1]["language"] == "fr"


def test_a_language_that_is_not_served_is_recognised_and_not_ignored(desk: Desk) -> None:
    reply = desk.ask("¿dónde puedo registrar mi dirección? acabo de llegar a la ciudad con mi familia")
    assert "Español" in words_of(reply)
    assert any(button["payload"].startswith("/change_language") for one in reply for button in one["buttons"])


@pytest.mark.parametrize("text", ["asdf qwer zxcv", "who will win the football world cup"])
def test_what_nobody_wrote_an_answer_to_is_not_answered(desk: Desk, text: str) -> None:
    reply = desk.ask(text, language="en")
    assert not any("answer" in one["custom"] for one in reply)
    assert any(button["payload"] in ("/human", "/help") for one in reply for button in one["buttons"])


def test_a_topic_without_an_article_names_the_services_and_invents_nothing(desk: Desk, archived: Archived) -> None:
    question = "I want to learn German, where is a language course for adults"
    assert answer_of(desk.ask(question))["topic"] == "language.courses"
    with archived("language.courses"):
        reply = _asked_until(desk, question, answered=False)
        assert any(one["custom"].get("services") for one in reply)
    # What is asked next finds the city whole again.
    assert answer_of(_asked_until(desk, question, answered=True))["topic"] == "language.courses"


def _asked_until(desk: Desk, question: str, *, answered: bool) -> list[dict[str, Any]]:
    """The reply as soon as it has an article, or none: the chat looks for what was published or taken back once a second."""
    until = time.monotonic() + 30
    reply = desk.ask(question)
    while any("answer" in one["custom"] for one in reply) is not answered:
        assert time.monotonic() < until, words_of(reply)
        time.sleep(0.3)
        reply = desk.ask(question)
    return reply


def test_finding_a_place_by_district_language_and_day(desk: Desk) -> None:
    reply = desk.ask("is there an advice centre open on saturday where somebody speaks arabic")
    services = [service for one in reply for service in one["custom"].get("services", [])]
    assert services


def test_robots_say_that_they_are_robots(desk: Desk) -> None:
    assert "computer program" in words_of(desk.ask("are you a robot or a person", language="en"))


def test_what_is_stored_is_said_and_can_be_deleted(desk: Desk) -> None:
    sender = uuid.uuid4().hex
    desk.say(sender, "how do I find a family doctor")
    stored = desk.say(sender, "what do you store about me")
    assert "30 days" in words_of(stored)
    assert any(button["payload"] == "/erase" for one in stored for button in one["buttons"])
    assert "deleted" in words_of(desk.say(sender, "/erase"))
    # Nothing of the talk is left: a follow-up finds nothing to follow.
    assert not any("answer" in one["custom"] for one in desk.say(sender, "how long does that take", language="en"))


def test_typed_slashes_set_no_slots(desk: Desk) -> None:
    sender = uuid.uuid4().hex
    desk.say(sender, '/greet{"language_choice": "tr"}', language="en")
    assert desk.say(sender, "where is the town hall register office")[-1]["language"] == "en"


def test_the_same_message_id_gives_the_same_reply_and_no_second_turn(desk: Desk) -> None:
    sender, message_id = uuid.uuid4().hex, uuid.uuid4().hex
    first = desk.say(sender, "how do I find a family doctor", message_id=message_id)
    again = desk.say(sender, "how do I find a family doctor", message_id=message_id)
    assert again == first
