"""What is said in a crisis, and in the messages after one: numbers that answer now, a person, and never a menu."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from actions.base import DeskAction
from actions.conversation import Affirm, Deny, Goodbye, Help, Human, OutOfScope, Privacy, Thank
from actions.crisis import Safety
from actions.finding import Search
from actions.follow_ups import FollowUp, Repeat
from actions.turn import read_turn
from bot.channels.base.payloads import parse_payload
from knowledge.domain.records import CRISIS_TOPICS, Knowledge
from knowledge.replies.parts import Message
from locales.catalogue import say
from locales.safety_texts import perhaps_text, safety_text
from tests.factories import article, helpline, hours, knowledge, municipality, rule, service, text
from tests.unit.doors import NOON, door

LANGUAGES = ("en", "de", "fr", "uk", "ar", "tr")
NIGHT = datetime(2026, 11, 2, 22, 0, tzinfo=UTC)  # Monday, 23:00 in Berlin
MEN, WOMEN, ANYBODY = "+49 30 23125 006", "+49 30 23125 002", "+49 30 23125 001"


def city() -> Knowledge:
    """A counter and a men's line that keep hours, a women's line that is always there, an article on violence."""
    lines = [
        helpline("emergency", *CRISIS_TOPICS, number="112", name="Notruf."),
        helpline("men", number=MEN, when=hours(rule("10:00", "18:00")), name=text("Männertelefon.", en="Men's line.")),
        helpline("women", number=WOMEN, name=text("Frauentelefon. Ohne Namen.", en="Women's line. Without a name.")),
        helpline("anybody", "safety.danger", "safety.self_harm", number=ANYBODY, name=text("Krisentelefon", en="Crisis line")),
    ]
    return knowledge(
        article("safety.violence", title=text("Gewalt zu Hause", en="Violence at home"), steps=text("Weggehen", en="Get away")),
        article("health.doctor", title=text("Hausarzt", en="Family doctor")),
        service("counter", "registration.address", name=text("Bürgerpunkt", en="Counter")),
        town=municipality(helplines=lines, information_point="counter"),
    )


Talk = Callable[..., list[Message]]


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch) -> Talk:
    """A conversation whose slots are kept from message to message."""
    slots: dict[str, Any] = {"introduced": True, "language": "en"}

    def say_to(
        action: DeskAction, words: str = "", *, intent: str = "", at: datetime = NIGHT, known: Knowledge | None = None, **parsed: Any
    ) -> list[Message]:
        slots.update(parsed.pop("slots", {}))
        api = door(None if parsed.pop("broken", False) else known or city(), at)
        monkeypatch.setattr("actions.base.shared_api", lambda: api)
        intent = intent or action.name().removeprefix("action_")
        message = {"text": words, "intent": {"name": intent}, "language": {"code": slots["language"], "clear": True}, **parsed}
        turn = read_turn({"slots": slots, "latest_message": message, "events": []}, "en")
        messages = action._whole(turn)
        slots.update(turn.new_slots)
        return messages

    return say_to


def crisis(
    talk: Talk, kind: str = "safety.violence", *, said: str = "my wife beats me", by: str = "signal", ranked: float = 0.9, **more: Any
) -> list[Message]:
    ranking = [{"name": kind, "confidence": ranked}]
    return talk(Safety(), said, intent=kind, safety={"kind": kind, "by": by}, intent_ranking=ranking, **more)


def words(messages: Iterable[Message]) -> str:
    return "\n".join(message.text or str(message.response) for message in messages)


def payloads(messages: Iterable[Message]) -> list[str]:
    return [button.payload for message in messages for button in message.buttons]


class TestTheCrisisReply:
    def test_a_line_that_is_closed_now_stands_last_with_the_time_it_opens(self, talk: Talk) -> None:
        (reply,) = crisis(talk)
        women, men = reply.text.splitlines()[-2:]
        assert WOMEN in women and "day and night" in women
        assert MEN in men and "tomorrow at 10:00" in men

    def test_only_numbers_that_somebody_answers_become_buttons_to_call(self, talk: Talk) -> None:
        (reply,) = crisis(talk)
        assert [one["number"] for one in reply.custom["safety"]["numbers"]] == ["112", WOMEN]

    def test_the_line_about_each_of_them_is_named_so_that_a_page_with_buttons_can_leave_it_out(self, talk: Talk) -> None:
        (first,), (again,), (now, _) = crisis(talk), crisis(talk), talk(Human(), "somebody please")
        _, women = first.custom["safety"]["numbers"]
        assert women["always"] and women["card"] in first.text.splitlines()
        for message in (again, now):
            assert all(one["card"] in message.text.splitlines() for one in message.custom["safety"]["numbers"])

    def test_a_name_that_is_a_sentence_does_not_stop_before_its_number(self, talk: Talk) -> None:
        assert f"- Women's line. Without a name: {WOMEN}" in words(crisis(talk))

    @pytest.mark.parametrize("kind", ["safety.violence", "safety.trafficking"])
    def test_who_may_be_watched_can_delete_the_talk_with_one_tap(self, talk: Talk, kind: str) -> None:
        assert "/erase" in payloads(crisis(talk, kind))

    def test_every_button_of_it_is_one_that_is_accepted(self, talk: Talk) -> None:
        assert all(parse_payload(one) for one in payloads(crisis(talk)))

    def test_a_second_time_in_a_row_the_numbers_come_first_and_the_words_are_short(self, talk: Talk) -> None:
        crisis(talk)
        (again,) = crisis(talk)
        assert again.text.startswith("- Emergency number")
        assert safety_text("safety.violence", "en").body not in again.text
        assert payloads([again]) == payloads(crisis(talk, "safety.violence"))
        assert again.custom["safety"]["kind"] == "safety.violence"

    def test_another_crisis_after_it_gets_its_whole_words(self, talk: Talk) -> None:
        crisis(talk)
        assert words(crisis(talk, "safety.self_harm")).startswith(safety_text("safety.self_harm", "en").body)

    def test_words_that_are_perhaps_about_another_one_leave_the_talk_where_it_is_with_the_numbers_of_both(self, talk: Talk) -> None:
        crisis(talk)
        (reply,) = crisis(talk, "safety.self_harm", said="je veux partir", by="topics", ranked=0.3)
        numbers = [one["number"] for one in reply.custom["safety"]["numbers"]]
        assert reply.custom["safety"]["kind"] == "safety.violence"
        assert numbers == ["112", WOMEN, ANYBODY]
        assert safety_text("safety.self_harm", "en").body not in words([reply])
        assert "Get away" in words(talk(Help(), "what should i do"))

    @pytest.mark.parametrize("found", [{"by": "signal", "ranked": 0.05}, {"by": "topics", "ranked": 0.75}])
    def test_a_phrase_or_a_high_probability_is_about_another_one(self, talk: Talk, found: dict[str, Any]) -> None:
        crisis(talk)
        (reply,) = crisis(talk, "safety.self_harm", **found)
        assert words([reply]).startswith(safety_text("safety.self_harm", "en").body)

    def test_without_the_knowledge_112_is_there(self, talk: Talk) -> None:
        (reply,) = crisis(talk, broken=True)
        assert reply.text == safety_text("safety.violence", "en").body


class TestAPersonIsAskedFor:
    def test_after_a_crisis_those_who_can_be_reached_now_come_before_the_counter(self, talk: Talk) -> None:
        crisis(talk)
        now, counter = talk(Human(), "i want to talk to somebody")
        assert "112" in now.text and WOMEN in now.text and MEN not in now.text
        assert "Counter" in counter.text

    def test_the_button_of_a_crisis_knows_which_one_it_belongs_to(self, talk: Talk) -> None:
        (reply,) = crisis(talk)
        assert reply.buttons[0].payload == '/human{"topic": "safety.violence"}'
        pressed = talk(
            Human(), reply.buttons[0].payload, slots={"topic": "health.doctor"}, entities=[{"entity": "topic", "value": "safety.violence"}]
        )
        assert WOMEN in pressed[0].text

    def test_at_night_it_is_said_who_answers_the_phone(self, talk: Talk) -> None:
        (reply,) = talk(Human(), "a person please")
        assert say("human.closed", "en") in reply.text and ANYBODY in reply.text

    def test_while_the_counter_is_open_it_is_enough(self, talk: Talk) -> None:
        (reply,) = talk(Human(), "a person please", at=NOON)
        assert ANYBODY not in reply.text

    def test_without_the_knowledge_112_is_there(self, talk: Talk) -> None:
        (reply,) = talk(Human(), "a person please", slots={"topic": "safety.violence"}, broken=True)
        assert "112" in reply.text


class TestAfterACrisis:
    @pytest.mark.parametrize("act", [Deny(), Affirm(), Thank(), Goodbye()], ids=lambda act: act.name())
    def test_short_words_leave_the_numbers_where_they_are(self, talk: Talk, act: DeskAction) -> None:
        crisis(talk)
        (reply,) = talk(act, "no")
        assert reply.text.startswith(say("crisis.calm", "en")) and WOMEN in reply.text
        assert reply.buttons[0].payload.startswith("/human")
        assert "/help" not in payloads([reply])

    @pytest.mark.parametrize(("act", "intent"), [(Help(), "help"), (OutOfScope(), "out_of_scope"), (Search(), "nlu_fallback")])
    def test_what_should_i_do_is_answered_with_the_steps_and_a_person(self, talk: Talk, act: DeskAction, intent: str) -> None:
        crisis(talk)
        (reply,) = talk(act, "what should i do", intent=intent, intent_ranking=[{"name": "health.doctor", "confidence": 0.2}])
        assert "Get away" in reply.text
        assert reply.buttons[0].payload.startswith("/human")
        assert not any("health.doctor" in one for one in payloads([reply]))

    @pytest.mark.parametrize(("act", "intent"), [(FollowUp(), "follow_up.documents"), (Repeat(), "repeat")])
    def test_a_part_of_its_answer_has_a_person_beside_it(self, talk: Talk, act: DeskAction, intent: str) -> None:
        crisis(talk)
        (reply,) = talk(act, "what should i do", intent=intent)
        assert reply.buttons[0].payload.startswith("/human")

    def test_nobody_who_is_lost_is_asked_what_has_happened_once_more(self, talk: Talk) -> None:
        crisis(talk)
        *_, reply = talk(OutOfScope(), "what now", **perhaps("safety.danger", 0.1))
        assert "Get away" in reply.text

    def test_without_an_article_the_numbers_come_again(self, talk: Talk) -> None:
        crisis(talk, "safety.self_harm")
        (reply,) = talk(Help(), "help")
        assert reply.text.startswith("- Emergency number") and ANYBODY in reply.text

    @pytest.mark.parametrize("sent", [{"words": "/help"}, {"words": "All topics", "metadata": {"button": True}}], ids=["program", "page"])
    def test_the_menu_opens_all_the_same_for_whoever_presses_its_button(self, talk: Talk, sent: dict[str, Any]) -> None:
        crisis(talk)
        assert talk(Help(), **sent)[0].response == "utter_help"

    def test_where_the_city_has_written_no_steps_the_numbers_come_again(self, talk: Talk) -> None:
        plain = knowledge(article("safety.violence", title=text("Gewalt")), town=municipality(helplines=city().municipality.helplines))
        crisis(talk, known=plain)
        (reply,) = talk(Help(), "what should i do", known=plain)
        assert reply.text.startswith("- Emergency number") and WOMEN in reply.text

    def test_with_another_topic_the_crisis_is_over(self, talk: Talk) -> None:
        crisis(talk)
        assert talk(Thank(), "thanks", slots={"topic": "health.doctor"})[0].response == "utter_thank"

    def test_nobody_is_told_about_the_assistant_before_it_is_over(self, talk: Talk) -> None:
        crisis(talk, slots={"introduced": None})
        introduction = say("intro", "en", city="Ankerstadt", time="30 days")
        assert introduction not in words(talk(Human(), "where can i go"))
        assert introduction in words(talk(Thank(), "thanks", slots={"topic": "health.doctor"}))


class TestDeleting:
    @pytest.mark.parametrize(
        "wish",
        ["delete everything", "Bitte alles löschen", "efface la discussion", "видаліть усе", "احذف المحادثة", "konuşmayı sil"],
    )
    def test_yes_after_the_question_deletes(self, talk: Talk, wish: str) -> None:
        crisis(talk)
        (question,) = talk(Privacy(), wish)
        assert question.text == say("erase.ask", "en") and payloads([question]) == ["/erase"]
        assert talk(Affirm(), "yes")[0].custom == {"erase": True}

    def test_yes_a_message_later_deletes_nothing(self, talk: Talk) -> None:
        talk(Privacy(), "delete everything")
        talk(Deny(), "no")
        assert not any(message.custom.get("erase") for message in talk(Affirm(), "yes"))

    def test_what_is_stored_is_told_once_and_then_it_is_asked(self, talk: Talk) -> None:
        assert talk(Privacy(), "what do you store about me")[0].response == "utter_privacy"
        assert talk(Privacy(), "i do not want that")[0].text == say("erase.ask", "en")

    def test_a_wish_that_nobody_understood_is_one_all_the_same_after_a_crisis(self, talk: Talk) -> None:
        crisis(talk)
        assert talk(Search(), "delete this", intent="nlu_fallback")[0].text == say("erase.ask", "en")

    def test_a_weapon_is_no_wish_to_delete(self, talk: Talk) -> None:
        assert talk(Privacy(), "silah var mı")[0].response == "utter_privacy"


def perhaps(kind: str, probability: float) -> dict[str, Any]:
    return {"perhaps_safety": {"kind": kind, "by": "topics", "probability": probability}}


class TestPerhapsACrisis:
    @pytest.mark.parametrize("act", [Goodbye(), Thank(), OutOfScope()], ids=lambda act: act.name())
    def test_an_act_is_no_answer_below_the_emergency_number(self, talk: Talk, act: DeskAction) -> None:
        line, tell = talk(act, "i am giving birth now", **perhaps("health.emergency", 0.1))
        assert line.text == perhaps_text("en") and payloads([line]) == ["/health.emergency"]
        assert tell.text == say("perhaps.tell", "en")

    def test_a_short_word_within_a_talk_is_no_crisis(self, talk: Talk) -> None:
        assert perhaps_text("en") not in words(talk(Affirm(), "na3am", **perhaps("safety.danger", 0.1)))
        assert perhaps_text("en") not in words(talk(Privacy(), "what do you store", **perhaps("safety.danger", 0.1)))

    def test_one_that_is_likely_enough_is(self, talk: Talk) -> None:
        assert perhaps_text("en") in words(talk(Affirm(), "yes he is here", **perhaps("safety.danger", 0.2)))

    def test_no_crisis_is_offered_on_a_button_and_the_number_stands_above(self, talk: Talk) -> None:
        ranking = [{"name": "safety.violence", "confidence": 0.2}, {"name": "health.doctor", "confidence": 0.1}]
        line, choice = talk(Search(), "he came", intent="nlu_fallback", intent_ranking=ranking)
        assert line.text == perhaps_text("en")
        assert not any("safety." in one for one in payloads([choice]))

    def test_nor_one_that_the_search_has_found(self, talk: Talk) -> None:
        line, *rest = talk(Search(), "violence", intent="nlu_fallback")
        assert line.text == perhaps_text("en")
        assert not any("safety." in one for one in payloads(rest))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_it_is_there_in_every_language(talk: Talk, language: str) -> None:
    own = {"language": language}
    (reply,) = crisis(talk, slots=own)
    (again,) = crisis(talk, slots=own)
    calm = talk(Deny(), "-", slots=own)
    now = talk(Human(), "-", slots=own)
    for message in (reply, again, calm[0], now[0]):
        assert message.language == language
        assert "112" in message.text
