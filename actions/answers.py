"""Answers on topics, the whole or a part; one place in full. One action answers any topic."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from actions.base import DeskAction, week_start
from actions.buttons import language_buttons, topic_buttons
from actions.finding import keep_place
from actions.information_point import information_point_message
from actions.turn import Turn
from actions.wishes import wish_of
from knowledge.api import KnowledgeApi
from knowledge.domain.finding import Wish
from knowledge.domain.records import ARTICLE_FIELDS, CRISIS_TOPICS
from knowledge.domain.topics import load_topics
from knowledge.replies.alternatives import other_topics
from knowledge.replies.answer import answer_message, part_message
from knowledge.replies.parts import Button, Message, button, catalogue_message, payload
from knowledge.replies.relaxed import relaxed_words
from knowledge.replies.service_card import full_card, service_data, short_card
from knowledge.replies.service_parts import MOST as PLACES
from knowledge.replies.service_parts import parts_of_services
from locales.catalogue import say

_APPOINTMENT = "registration.appointment"
# Up to so many words, "I need an appointment" does not say where.
_SAYS_NOT_WHERE = 5


class AnswerTopic(DeskAction):
    """The city's answer on the topic of the message, or on the one that was chosen with a button."""

    action_name = "action_answer"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """The answer; asked in a language nobody can be sure of, in the likeliest, with the others below it."""
        topic = turn.entity("topic") if turn.intent == "choose" else turn.intent
        if topic not in load_topics().topics:
            yield information_point_message(turn, api, "fallback.none")
            return
        if turn.intent != "choose":
            # The buttons stand before the answer: below it they would be three screens away on a small phone.
            if topic == _APPOINTMENT and turn.topic and _is_elsewhere(turn, api, turn.topic):
                yield catalogue_message("answer.alternatives", turn.language, *topic_buttons(turn, api, (topic,)))
                yield from answer_topic_part(turn, api, turn.topic, "where")
                return
            yield from _alternatives(turn, api, topic)
        part = turn.entity("part")
        yield from answer_topic(turn, api, topic, part if part in ARTICLE_FIELDS else None)
        if len(turn.unsure) > 1:
            yield ask_language(turn)


def _is_elsewhere(turn: Turn, api: KnowledgeApi, talked_about: str) -> bool:
    """Whether "I need an appointment" is rather about the places of the last answer: none of them is one of the general answer."""
    if talked_about in CRISIS_TOPICS or len(turn.text.split()) > _SAYS_NOT_WHERE or turn.pressed:
        return False
    if turn.entity("service") or turn.entity("organization"):
        return False
    answers = [api.answer(topic, turn.language, municipality=turn.municipality) for topic in (talked_about, _APPOINTMENT)]
    here, general = [{service.id for service in answer.services} if answer else set() for answer in answers]
    return bool(here) and not here & general


def ask_language(turn: Turn) -> Message:
    """Which language? Asked in each of the likely ones."""
    text = "\n".join(say("language.which", code) for code in turn.unsure)
    return Message(turn.unsure[0], text=text, buttons=language_buttons(turn.unsure))


def _alternatives(turn: Turn, api: KnowledgeApi, answered: str) -> Iterable[Message]:
    """Buttons to what the message may have meant besides what is `answered`, where that is not certain."""
    buttons = topic_buttons(turn, api, (topic for topic in other_topics(turn.ranking) if topic != answered))
    if buttons:
        yield catalogue_message("answer.alternatives", turn.language, *buttons)


def answer_topic(turn: Turn, api: KnowledgeApi, topic: str, part: str | None = None) -> Iterable[Message]:
    """The answer on `topic`, or one part of it; without an article, the services for it and the information point."""
    now = api.now(turn.municipality)
    # A part of the same answer is about the same places.
    wish = wish_of(turn, (topic,), now, remembered=part is not None and topic == turn.topic)
    turn.remember(topic=topic, district=wish.district, spoken_language=wish.spoken_language)
    answer = api.answer(topic, turn.language, municipality=turn.municipality, wish=wish)
    if answer is None and part:
        yield from _part_without_article(turn, api, wish, part, now)
        return
    if answer is None:
        yield from _without_article(turn, api, wish, now)
        return
    turn.remember(shown_services=[service.id for service in answer.services])
    if part:
        yield part_message(answer, part, turn.language, now)
    else:
        yield answer_message(answer, turn.language, now, wish=wish)


def _part_without_article(turn: Turn, api: KnowledgeApi, wish: Wish, part: str, now: datetime) -> Iterable[Message]:
    """What the places know of one part, where the city has written nothing; "not known" only where no place knows it either."""
    services, _ = api.services(wish, turn.language, municipality=turn.municipality)
    if not services:
        yield information_point_message(turn, api, "answer.none")
        return
    turn.remember(shown_services=[service.id for service in services])
    known = parts_of_services(services, part, turn.language, now)
    if known is None:
        known = "\n\n".join([say("answer.part_missing", turn.language), short_card(services[0], turn.language, now)])
    details = (Button(one.name.body, payload("contact", service=one.id)) for one in services[:PLACES])
    yield Message(turn.language, text=known, buttons=(*details, button("refer_me", turn.language, payload("refer_me"))))


def _without_article(turn: Turn, api: KnowledgeApi, wish: Wish, now: datetime) -> Iterable[Message]:
    services, relaxed = api.services(wish, turn.language, municipality=turn.municipality)
    if not services:
        yield information_point_message(turn, api, "answer.none")
        return
    turn.remember(shown_services=[service.id for service in services])
    days = wish.days if "day" not in relaxed else ()
    cards = [short_card(service, turn.language, now, days=days) for service in services]
    yield Message(
        turn.language,
        text="\n\n".join([say("answer.services_only", turn.language), *relaxed_words(wish, relaxed, turn.language), *cards]),
        buttons=(button("refer_me", turn.language, payload("refer_me")),),
        custom={"services": [service_data(one, turn.language, now, card=card) for one, card in zip(services, cards, strict=True)]},
    )


def answer_topic_part(turn: Turn, api: KnowledgeApi, topic: str, part: str) -> Iterable[Message]:
    """One part of the answer on `topic`, with what was asked for before still counting."""
    now = api.now(turn.municipality)
    wish = wish_of(turn, (topic,), now, remembered=True)
    answer = api.answer(topic, turn.language, municipality=turn.municipality, wish=wish)
    if answer is None:
        yield from _part_without_article(turn, api, wish, part, now)
        return
    turn.remember(shown_services=[service.id for service in answer.services])
    yield part_message(answer, part, turn.language, now)


class Contact(DeskAction):
    """One service in full, chosen with a button."""

    action_name = "action_contact"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """The whole card."""
        found = turn.entity("service")
        service = api.service(found, turn.language, municipality=turn.municipality) if found else None
        if service is None:
            yield information_point_message(turn, api, "fallback.none")
            return
        keep_place(turn, api, service.id)
        now = api.now(turn.municipality)
        yield Message(
            turn.language,
            text=full_card(service, turn.language, now, week_start(api, turn)),
            buttons=(button("refer_me", turn.language, payload("refer_me")),),
            custom={"services": [service_data(service, turn.language, now)]},
        )
