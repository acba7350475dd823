"""Short questions about the last answer: which papers, where, when, for somebody else, in simpler words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from actions.answers import answer_topic, answer_topic_part
from actions.base import DeskAction, week_start
from actions.buttons import language_buttons
from actions.finding import FindService, place_message
from actions.information_point import information_point_message
from actions.turn import Said, Turn
from actions.wishes import wish_of
from knowledge.api import KnowledgeApi
from knowledge.domain.finding import Wish
from knowledge.domain.hours import OpenState
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.topics import load_topics
from knowledge.replies.parts import Message, button, catalogue_message, payload
from knowledge.replies.service_card import days_words, now_words, short_card
from knowledge.replies.times import week_words
from knowledge.views import ServiceView
from locales.catalogue import say
from locales.registry import served

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
            shown = _meant(turn, api)
            if turn.intent in _FINDING and shown:
                yield when_message(turn, api, None) if turn.intent == "follow_up.when" else place_message(turn, api, shown[0])
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


def when_message(turn: Turn, api: KnowledgeApi, topic: str | None) -> Message:
    """Hours of the place last shown, now or on the days asked for; other places for `topic` where it is closed then."""
    now = api.now(turn.municipality)
    wish = wish_of(turn, (topic,) if topic else (), now, remembered=True)
    others, relaxed = api.services(wish, turn.language, municipality=turn.municipality) if topic else ((), ())
    services = _meant(turn, api) or others
    if not services:
        return information_point_message(turn, api, "answer.none")
    if not wish.days and not wish.open_at:
        return Message(turn.language, text="\n\n".join(_hours(one, turn, api) for one in services[:2]))
    first = services[0]
    lines = [line for place in first.places[:1] for line in days_words(first, place, wish.days, turn.language, now)]
    blocks = ["\n".join([f"**{first.name.body}**", *lines])]
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
    now = api.now(turn.municipality)
    lines = [f"**{service.name.body}**"]
    for place in service.places[:1]:
        lines += now_words(service, place, turn.language, now)
        if not place.hours.always_open:
            lines += [f"- {line}" for line in week_words(place.hours, week_start(api, turn), turn.language, place.is_holiday)]
    return "\n".join(lines)


def _asked_for_simpler(said: Said) -> bool:
    """In words, or with the button."""
    return said.intent == "repeat" or "simple" in said.entities.get("part", ())


class Repeat(DeskAction):
    """The last answer again, in the simplest words there are."""

    action_name = "action_repeat"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """The simple version of the article; asked for again, other ways to understand, for there are no simpler words."""
        times = sum(1 for _ in takewhile(_asked_for_simpler, turn.said)) if turn.topic not in CRISIS_TOPICS else 0
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
