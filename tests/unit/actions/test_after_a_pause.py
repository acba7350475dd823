"""After a long pause nothing of what was talked about comes up by itself, and a button still means the answer it stands under."""

from __future__ import annotations

import pytest

from locales.catalogue import say
from locales.safety_texts import safety_text
from tests.factories import article, knowledge, municipality, service, text
from tests.unit.actions.talks import Talk, payloads, words

TOPIC = "registration.address"
CRISIS = "safety.violence"


@pytest.fixture
def talk() -> Talk:
    """A city with an office in each of two districts, its answer about registering and its words about violence."""
    registering = article(TOPIC, title=text("Anmelden", en="Register"), documents=text("Pass", en="Bring your passport."))
    violence = article(CRISIS, title=text("Gewalt", en="Violence"), where=text("Weg", en="Go to the shelter."))
    doctor = article("health.doctor", title=text("Arzt", en="Doctor"), documents=text("Karte", en="Bring the card."))
    town = municipality(information_point="office")
    return Talk(knowledge(registering, violence, doctor, service(), town=town))


class TestACrisisOfLongAgo:
    @pytest.mark.parametrize("follow_up", ["follow_up.where", "follow_up.when"])
    def test_a_follow_up_is_asked_what_it_means_with_the_menu(self, talk: Talk, follow_up: str) -> None:
        talk.say(CRISIS, "he beats me")
        reply = talk.say(follow_up, "where is that", anew=True)
        assert words(reply) == say("follow_up.nothing", "en")
        assert payloads(reply) == ["/help"]

    def test_short_words_bring_no_numbers(self, talk: Talk) -> None:
        talk.say(CRISIS, "he beats me")
        assert "112" not in words(talk.say("thank", "thanks", anew=True))

    @pytest.mark.parametrize("first", ["change_language", "thank"])
    def test_another_language_does_not_say_it_again(self, talk: Talk, first: str) -> None:
        talk.say(CRISIS, "he beats me")
        talk.say(first, "hello", anew=True)
        reply = talk.say("change_language", "türkçe", entities={"language": "tr"})
        assert safety_text(CRISIS, "tr").body not in words(reply)
        assert "112" not in words(reply)


class TestAnAnswerOfLongAgo:
    def test_yes_does_not_take_what_was_offered_then(self, talk: Talk) -> None:
        talk.say("nlu_fallback", "papers", ranking=((TOPIC, 0.2),))
        assert "Register" not in words(talk.say("affirm", "yes", anew=True))

    def test_the_language_that_was_chosen_stays(self, talk: Talk) -> None:
        talk.say("change_language", "türkçe", entities={"language": "tr"})
        assert talk.say("thank", "ok", language="en", anew=True)[0].language == "tr"

    def test_what_is_talked_about_afterwards_is_gone_on_with(self, talk: Talk) -> None:
        talk.say("health.doctor")
        talk.say(TOPIC, anew=True)
        assert "Bring your passport." in words(talk.say("follow_up.documents", "which papers"))
        assert "- Pass" in words(talk.say("change_language", "auf deutsch", entities={"language": "de"}))


class TestAButton:
    def test_below_an_answer_means_that_answer_whatever_was_talked_about_since(self, talk: Talk) -> None:
        documents = next(one.payload for message in talk.say(TOPIC) for one in message.buttons if "documents" in one.payload)
        assert documents == f'/choose{{"topic": "{TOPIC}", "part": "documents"}}'
        talk.say("health.doctor")
        reply = words(talk.say("choose", documents, entities={"topic": TOPIC, "part": "documents"}, pressed=True))
        assert "Bring your passport." in reply

    def test_for_another_part_keeps_the_district_that_was_asked_for(self, talk: Talk) -> None:
        talk.say(TOPIC, entities={"district": "altstadt"})
        talk.say("choose", entities={"topic": TOPIC, "part": "documents"}, pressed=True)
        assert talk.slots["district"] == "altstadt"
        talk.say("choose", entities={"topic": "health.doctor", "part": "documents"}, pressed=True)
        assert talk.slots["district"] is None
