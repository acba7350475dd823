""" "Yes", "ok", "more simply", another language: the talk goes on from what came last, and nothing is said twice in a row."""

from __future__ import annotations

from itertools import pairwise

import pytest

from knowledge.replies.acknowledging import only_read
from locales.catalogue import say
from locales.safety_texts import safety_text
from tests.factories import article, knowledge, municipality, service, text
from tests.unit.actions.talks import Talk, payloads, words

TOPIC = "registration.address"
STEPS = text("Termin machen\nHingehen", en="Make an appointment\nGo there", ar="احجز موعداً\nاذهب")
COST = text("Kostenlos.", en="Free of charge.", ar="مجاناً.")


@pytest.fixture
def talk() -> Talk:
    town = municipality(information_point="point")
    answer = article(
        TOPIC, title=text("Anmelden", en="Register"), answer=text("Hin.", en="Go."), steps=STEPS, cost=COST, simple=text("Geh.")
    )
    return Talk(knowledge(answer, service(), service("point", "housing.search", name="Willkommenspunkt"), town=town))


class TestYes:
    def test_after_an_answer_it_means_the_steps(self, talk: Talk) -> None:
        talk.say(TOPIC)
        assert "Make an appointment" in words(talk.say("affirm", "yes"))

    @pytest.mark.parametrize("between", ["thank", "referral_withdraw"])
    def test_after_something_else_it_asks_what_and_leaves_the_old_topic_alone(self, talk: Talk, between: str) -> None:
        talk.say(TOPIC)
        talk.say(between)
        reply = talk.say("affirm", "yes")
        assert "What do you need?" in words(reply)
        assert "/help" in payloads(reply)
        assert "Make an appointment" not in words(reply)

    def test_the_steps_are_not_shown_again(self, talk: Talk) -> None:
        talk.say(TOPIC)
        said = [words(talk.say("affirm", "yes")) for _ in range(4)]
        assert all(first != second for first, second in pairwise(said))
        assert sum("Make an appointment" in one for one in said) == 1

    def test_after_one_choice_it_takes_it(self, talk: Talk) -> None:
        talk.say(TOPIC)
        talk.events.append({"event": "user", "text": "hm", "parse_data": {"intent": {"name": "nlu_fallback"}}})
        talk.events.append({"event": "action", "name": "action_search"})
        choice = {"title": "Register", "payload": f'/choose{{"topic": "{TOPIC}"}}'}
        talk.events.append({"event": "bot", "data": {"buttons": [choice, {"title": "None", "payload": "/human"}]}})
        assert "Go." in words(talk.say("affirm", "yes"))

    def test_after_one_place_it_shows_all_that_is_known_of_it(self, talk: Talk) -> None:
        talk.say("find_service", "where is the bürgerbüro", entities={"service": "office"})
        assert "Stadt Ankerstadt" in words(talk.say("affirm", "yes"))


class TestOk:
    def test_is_answered_with_a_short_word_and_repeats_nothing(self, talk: Talk) -> None:
        talk.say(TOPIC)
        said = [words(talk.say("affirm", "ok")) for _ in range(3)]
        assert said[0] == "Good. If you need something else, just write."
        assert all(first != second for first, second in pairwise(said))
        assert not any("Make an appointment" in one for one in said)

    def test_after_a_yes_it_does_not_ask_once_more(self, talk: Talk) -> None:
        talk.say("thank")
        assert words(talk.say("affirm", "yes")) != words(talk.say("affirm", "ok"))

    @pytest.mark.parametrize("message", ["ok", "Okay!", "D’accord", "гаразд", "تمام", "tamam", "ok danke", "👍"])
    def test_words_that_say_only_that_something_was_read(self, message: str) -> None:
        assert only_read(message)

    @pytest.mark.parametrize("message", ["yes", "ja", "ok please show me the steps", "evet", "نعم", ""])
    def test_other_words_are_a_yes(self, message: str) -> None:
        assert not only_read(message)


class TestSimpler:
    def test_a_second_time_in_a_row_other_ways_are_offered_instead_of_the_same_words(self, talk: Talk) -> None:
        talk.say(TOPIC)
        first, second, third = (talk.say("repeat", "simpler") for _ in range(3))
        assert "Geh." in words(first)
        assert "Geh." not in words(second)
        assert "☎ +49 30 23125 100" in words(second)
        assert {"/human", "/change_language"} <= set(payloads(second))
        assert words(third) != words(second)

    def test_the_button_counts_as_the_first_time(self, talk: Talk) -> None:
        simpler = {"topic": TOPIC, "part": "simple"}
        assert "Geh." in words(talk.say("choose", "Simpler", entities=simpler, pressed=True))
        assert "Geh." not in words(talk.say("repeat", "simpler"))


class TestAnotherLanguage:
    def test_the_part_that_was_shown_last_comes_again_not_the_whole_answer(self, talk: Talk) -> None:
        talk.say(TOPIC)
        talk.say("follow_up.cost")
        reply = talk.say("change_language", entities={"language": "ar"})
        assert "مجاناً." in words(reply)
        assert reply[-1].language == "ar"

    def test_places_come_again_with_their_district(self, talk: Talk) -> None:
        ranking = ((TOPIC, 0.4),)
        talk.say("find_service", "office in the old town", entities={"district": "altstadt"}, ranking=ranking)
        reply = talk.say("change_language", entities={"language": "fr"})
        assert "Bürgerbüro" in words(reply)
        assert talk.slots["district"] == "altstadt"

    def test_in_a_crisis_the_fixed_words_and_the_numbers_come_again(self, talk: Talk) -> None:
        talk.say("safety.violence", "he beats me", clear=True)
        changed, help_now = talk.say("change_language", "العربية", entities={"language": "ar"}, pressed=True)
        assert changed.language == help_now.language == "ar"
        assert help_now.text.startswith(safety_text("safety.violence", "ar").body)
        assert help_now.custom["safety"]["language"] == "ar"

    def test_that_was_named_in_words_of_another_one_comes_with_the_way_back(self, talk: Talk) -> None:
        talk.say(TOPIC, "where do i register", clear=True)
        asked = talk.say("change_language", "does anybody speak arabic", clear=True, entities={"spoken_language": "ar"})
        assert payloads(asked)[0] == '/change_language{"language": "en"}'
        pressed = talk.say("change_language", "English", entities={"language": "en"}, pressed=True)
        assert not any("change_language" in one for one in payloads(pressed))

    def test_that_is_spoken_already_is_a_question_for_people_who_speak_it(self) -> None:
        places = service("here", TOPIC, name="Hier", speaks=("de", "ar")), service("there", TOPIC, name="Dort")
        talk = Talk(knowledge(article(TOPIC, services=("there", "here")), *places))
        talk.say(TOPIC, "أين أسجل عنواني", language="ar", clear=True)
        said = words(talk.say("change_language", "في حدا يحكي عربي؟", language="ar", clear=True, entities={"spoken_language": "ar"}))
        assert "Hier" in said and "Dort" not in said
        assert talk.slots.get("language_choice") is None
        assert say("language.changed", "ar") in words(
            talk.say("change_language", "عربي", language="ar", entities={"spoken_language": "ar"})
        )

    def test_one_that_is_not_served_is_told_once_and_nothing_else_changes(self, talk: Talk) -> None:
        talk.say(TOPIC, language="fr", clear=True)
        reply = talk.say("change_language", "فارسی", language="fa", clear=True, entities={"language": "fa"})
        assert [one.language for one in reply] == ["fr"]
        assert talk.say("thank", "merci", language="fr")[0].language == "fr"

    def test_whoever_goes_on_in_one_that_is_not_served_is_answered_in_the_one_they_had(self, talk: Talk) -> None:
        talk.say(TOPIC, language="fr", clear=True)
        assert talk.say(TOPIC, language="fa", clear=True)[0].language == "fr"


class TestAChosenLanguage:
    def test_lets_go_after_a_sentence_in_another_one_with_a_way_back(self, talk: Talk) -> None:
        talk.slots |= {"language_choice": "tr", "language": "tr"}
        reply = talk.say(TOPIC, "how do I register my address here", language="en", clear=True)
        assert {one.language for one in reply} == {"en"}
        assert payloads(reply)[-1] == '/change_language{"language": "tr"}'
        assert talk.say("thank", "thanks", language="en")[0].language == "en"

    def test_stays_after_a_few_words(self, talk: Talk) -> None:
        talk.slots |= {"language_choice": "tr", "language": "tr"}
        assert talk.say(TOPIC, "register my address", language="en", clear=True)[0].language == "tr"

    def test_lets_go_at_once_where_it_is_not_understood(self, talk: Talk) -> None:
        talk.slots |= {"language_choice": "tr", "language": "tr", "topic": TOPIC}
        assert talk.say("repeat", "I don't understand", language="en", clear=True)[0].language == "en"

    def test_a_word_that_is_the_same_in_several_is_answered_in_the_likeliest_with_the_others_below(self, talk: Talk) -> None:
        reply = talk.say(TOPIC, "kindergeld", language="de", candidates=("de", "en", "fr"))
        assert "Hin." in words(reply)
        assert payloads(reply)[-3:] == [f'/change_language{{"language": "{code}"}}' for code in ("de", "en", "fr")]
