"""Answers on topics, follow-up questions, simpler words, the original text. One action answers any topic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from actions.base import DeskAction, language_buttons, week_start
from actions.finding import FindService, information_point_message
from actions.turn import Turn
from actions.wishes import wish_of
from knowledge.api import KnowledgeApi
from knowledge.domain.finding import Wish
from knowledge.domain.hours import OpenState
from knowledge.domain.records import ARTICLE_FIELDS, CRISIS_TOPICS
from knowledge.domain.topics import load_topics
from knowledge.replies.alternatives import other_topics
from knowledge.replies.answer import answer_message, original_data, part_message
from knowledge.replies.parts import Button, Message, button, catalogue_message, payload
from knowledge.replies.relaxed import relaxed_words
from knowledge.replies.service_card import days_words, full_card, service_data, short_card
from knowledge.replies.service_parts import MOST as PLACES
from knowledge.replies.service_parts import parts_of_services
from knowledge.views import ServiceView
from locales.catalogue import say
from locales.registry import languages, served

_FOLLOW_PARTS = {
    "follow_up.documents": "documents",
    "follow_up.where": "where",
    "follow_up.cost": "cost",
    "follow_up.deadline": "deadline",
    "follow_up.other_person": "other_person",
}
# Follow-ups that look for a place where nothing came before and the message says of what.
_FINDING = ("follow_up.where", "follow_up.when")
# From so many words on, a message says more than "where is it?"; from this probability on, it speaks of a topic.
_A_SENTENCE = 4
_SPEAKS_OF = 0.1


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
            # Before the answer: below it they would be three screens away on a small phone.
            yield from _alternatives(turn, api, topic)
        part = turn.entity("part")
        yield from answer_topic(turn, api, topic, part if part in ARTICLE_FIELDS else None)
        if len(turn.unsure) > 1:
            yield ask_language(turn)


def ask_language(turn: Turn) -> Message:
    """Which language? Asked in each of the likely ones."""
    text = "\n".join(say("language.which", code) for code in turn.unsure)
    return Message(turn.unsure[0], text=text, buttons=language_buttons(turn.unsure))


def _alternatives(turn: Turn, api: KnowledgeApi, answered: str) -> Iterable[Message]:
    """Buttons to what the message may have meant besides what is `answered`, where that is not certain."""
    others = [topic for topic in other_topics(turn.ranking) if topic != answered]
    titles = {topic: api.title(topic, turn.language, municipality=turn.municipality) for topic in others}
    buttons = [Button(title, payload("choose", topic=topic)) for topic, title in titles.items() if title]
    if buttons:
        yield catalogue_message("answer.alternatives", turn.language, *buttons)


def answer_topic(turn: Turn, api: KnowledgeApi, topic: str, part: str | None = None) -> Iterable[Message]:
    """The answer on `topic`, or one part of it; without an article, the services for it and the information point."""
    now = api.now(turn.municipality)
    wish = wish_of(turn, (topic,), now)
    turn.remember(topic=topic, district=wish.district, spoken_language=wish.spoken_language, pending=None)
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


class FollowUp(DeskAction):
    """ "Which documents?", "where is that?", "and on Saturday?", "and for my mother?": about the last answer."""

    action_name = "action_follow_up"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """The part asked for."""
        topic = turn.topic
        if topic is None:
            if turn.intent in _FINDING and _names_something(turn):
                yield from FindService().reply(turn, api)
                return
            yield catalogue_message("follow_up.nothing", turn.language, button("menu", turn.language, payload("help")))
            return
        if turn.intent == "follow_up.when":
            yield when_message(turn, api, topic)
            return
        if turn.intent == "follow_up.other_person":
            fitting = _for_age(turn, topic)
            if fitting != topic:
                yield from answer_topic(turn, api, fitting)
                return
        yield from answer_topic_part(turn, api, topic, _FOLLOW_PARTS[turn.intent])


def _names_something(turn: Turn) -> bool:
    """Whether "where?" or "when?" says of what: a name, or a sentence that speaks of a topic."""
    if any(turn.entity(kind) for kind in ("service", "district", "organization")):
        return True
    return len(turn.text.split()) >= _A_SENTENCE and any(
        name in load_topics().topics and chance >= _SPEAKS_OF for name, chance in turn.ranking
    )


def _for_age(turn: Turn, topic: str) -> str:
    """The topic for somebody of the age that was named: day care, not school, for a girl of three; `topic` itself where that fits."""
    named = turn.entity("age") or ""
    topics = load_topics()
    first, last = topics.ages.get(topic, (0, 99))
    if not named.isdigit() or first <= int(named) <= last:
        return topic
    fitting = (
        other
        for other, (youngest, eldest) in topics.ages.items()
        if topics.domain_of(other) == topics.domain_of(topic) and youngest <= int(named) <= eldest
    )
    return next(fitting, topic)


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


def when_message(turn: Turn, api: KnowledgeApi, topic: str) -> Message:
    """Hours of the place last shown, now or on the days asked for; other places where it is closed then."""
    now = api.now(turn.municipality)
    wish = wish_of(turn, (topic,), now, remembered=True)
    services = _meant(turn, api) or api.services(wish, turn.language, municipality=turn.municipality)[0]
    if not services:
        return information_point_message(turn, api, "answer.none")
    if not wish.days and not wish.open_at:
        return Message(turn.language, text="\n\n".join(_hours(one, turn, api) for one in services[:2]))
    first = services[0]
    lines = [line for place in first.places[:1] for line in days_words(first, place, wish.days, turn.language, now)]
    blocks = ["\n".join([f"**{first.name.body}**", *lines])]
    others, relaxed = api.services(wish, turn.language, municipality=turn.municipality)
    if "day" not in relaxed and not _open_then(first, wish, now):
        open_then = [one for one in others if one.id != first.id]
        if open_then:
            blocks.append(say("open.others_now" if wish.open_at else "open.others_that_day", turn.language))
            blocks += [short_card(one, turn.language, now, days=wish.days) for one in open_then[:2]]
            turn.remember(shown_services=[one.id for one in open_then])
    return Message(turn.language, text="\n\n".join(blocks), buttons=(button("refer_me", turn.language, payload("refer_me")),))


def _meant(turn: Turn, api: KnowledgeApi) -> list[ServiceView]:
    """The services that the message names, or those last shown, in the order in which they were: "is it open?" means the first."""
    ids = turn.entities.get("service") or tuple(turn.slots.get("shown_services") or ())
    found = (api.service(one, turn.language, municipality=turn.municipality) for one in ids)
    return [one for one in found if one is not None]


def _open_then(service: ServiceView, wish: Wish, now: datetime) -> bool:
    places = service.places
    if wish.open_at or wish.days == (now.date(),):
        today = (place.open_now for place in places)
        return any(one.state is OpenState.OPEN or (one.opens_next and wish.days and one.opens_next.date() == now.date()) for one in today)
    days = [day for day in wish.days if not (service.closure and service.closure.covers(day))]
    return any(place.hours.on(day, place.is_holiday) for place in places for day in days)


def _hours(service: ServiceView, turn: Turn, api: KnowledgeApi) -> str:
    from knowledge.replies.times import open_words, week_words

    now = api.now(turn.municipality)
    lines = [f"**{service.name.body}**"]
    for place in service.places[:1]:
        lines.append(open_words(place.open_now, now, turn.language))
        if not place.hours.always_open:
            lines += [f"- {line}" for line in week_words(place.hours, week_start(api, turn), turn.language, place.is_holiday)]
    return "\n".join(lines)


class Repeat(DeskAction):
    """The last answer again, in the simplest words there are."""

    action_name = "action_repeat"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """The simple version of the article; asked for again, other ways to understand, for there are no simpler words."""
        times = sum(1 for _ in takewhile(lambda one: one.intent == turn.intent, turn.said)) if turn.topic not in CRISIS_TOPICS else 0
        if times % 2:
            found = information_point_message(turn, api, "repeat.again")
            ways = (button("human", turn.language, payload("human")), button("languages", turn.language, payload("change_language")))
            yield replace(found, buttons=(*ways, *found.buttons))
            return
        if times:
            yield Message(turn.language, text=say("language.choose", turn.language), buttons=language_buttons(served()))
            return
        if turn.topic is None:
            yield catalogue_message("follow_up.nothing", turn.language, button("menu", turn.language, payload("help")))
            return
        yield from answer_topic_part(turn, api, turn.topic, "simple")


class Original(DeskAction):
    """The original text of the last answer."""

    action_name = "action_original"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """The source text, with its language named."""
        answer = api.answer(turn.topic, turn.language, municipality=turn.municipality) if turn.topic else None
        if answer is None:
            yield catalogue_message("follow_up.nothing", turn.language, button("menu", turn.language, payload("help")))
            return
        original = original_data(answer, ("title", "answer"))
        head = say("answer.original", turn.language, language=languages()[original["language"]].name)
        yield Message(turn.language, text=f"{head}\n\n{original['text']}")


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
        turn.remember(shown_services=[service.id])
        now = api.now(turn.municipality)
        yield Message(
            turn.language,
            text=full_card(service, turn.language, now, week_start(api, turn)),
            buttons=(button("refer_me", turn.language, payload("refer_me")),),
            custom={"services": [service_data(service, turn.language, now)]},
        )
