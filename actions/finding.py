"""Finding services, and searching where nothing fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from actions.base import DeskAction
from actions.buttons import topic_buttons
from actions.information_point import information_point_message
from actions.turn import Turn
from actions.wishes import likely_topics, wish_of
from knowledge.api import KnowledgeApi
from knowledge.domain.finding import Wish
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.replies.alternatives import MOST_CHOICES, TO_CHOOSE, topics_to_choose
from knowledge.replies.parts import Button, Message, button, catalogue_message, payload
from knowledge.replies.relaxed import relaxed_words
from knowledge.replies.service_card import service_data, short_card
from knowledge.views import ServiceView
from locales.catalogue import say

# Cosine of this family of embeddings from which a text is near a question; below it, it is about something else.
NEAR = 0.83


class FindService(DeskAction):
    """ "An advice centre open on Saturday", "a doctor in Lindenau who speaks Arabic"."""

    action_name = "action_find_service"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """Up to three services; what could not be met of the wish is said."""
        if turn.entity("service") and not turn.entity("district"):
            service = api.service(turn.entity("service") or "", turn.language, municipality=turn.municipality)
            if service is not None:
                yield place_message(turn, api, service)
                return
        yield services_message(turn, api, self._wish(turn, api))

    @staticmethod
    def _wish(turn: Turn, api: KnowledgeApi) -> Wish:
        now = api.now(turn.municipality)
        if turn.topic and turn.text and api.only_narrows(turn.text, municipality=turn.municipality):
            return _narrowed(turn, api, turn.topic, now)
        topics = likely_topics(turn)
        wish = wish_of(turn, topics, now)
        if not topics and not wish.organization and turn.text:
            # The classifier heard only "looking for a place": the words themselves are searched.
            hits = api.search(turn.text, turn.language, municipality=turn.municipality, limit=8)
            near = tuple(hit.id for hit in hits if hit.kind == "service" and (hit.lexical or (hit.similarity or 0) >= NEAR))
            wish = replace(wish, topics=(turn.topic,) if turn.topic and not near else (), services=near)
        return wish


def _narrowed(turn: Turn, api: KnowledgeApi, topic: str, now: datetime) -> Wish:
    """What was asked before, and those places that were shown, for who speaks the language or is there on the day."""
    shown = tuple(turn.slots.get("shown_services") or ())
    of_topic = (one.id for one in api.knowledge(turn.municipality).services_by_topic.get(topic, ()))
    return replace(wish_of(turn, (topic,), now, remembered=True), services=tuple(dict.fromkeys((*shown, *of_topic))))


def place_message(turn: Turn, api: KnowledgeApi, service: ServiceView) -> Message:
    """One place in short, with the way to all that is known of it."""
    now = api.now(turn.municipality)
    keep_place(turn, api, service.id)
    return Message(
        turn.language,
        text=short_card(service, turn.language, now),
        buttons=(Button(say("button.details", turn.language), payload("contact", service=service.id)),),
        custom={"services": [service_data(service, turn.language, now)]},
    )


def keep_place(turn: Turn, api: KnowledgeApi, id: str) -> None:
    """Keep a place for the questions to come. One that was not offered before brings its own topic: "what does it cost?" is about it, and
    not about what was asked before. A crisis stays the topic, and none becomes it by a look at a place."""
    known = api.knowledge(turn.municipality)
    topics = known.services[id].topics
    offered = id in (turn.slots.get("shown_services") or ()) or id == known.municipality.information_point
    if topics and not offered and turn.topic not in (*topics, *CRISIS_TOPICS) and topics[0] not in CRISIS_TOPICS:
        turn.remember(topic=topics[0])
    turn.remember(shown_services=[id])


def services_message(turn: Turn, api: KnowledgeApi, wish: Wish) -> Message:
    """The services that meet the wish, or the nearest thing, with what had to be let go."""
    services, relaxed = api.services(wish, turn.language, municipality=turn.municipality)
    if not services or not (wish.topics or wish.services or wish.organization or wish.district or wish.spoken_language):
        return information_point_message(turn, api, "fallback.none")
    now = api.now(turn.municipality)
    turn.remember(
        topic=wish.topics[0] if wish.topics else turn.topic,
        district=wish.district,
        spoken_language=wish.spoken_language,
        shown_services=[service.id for service in services],
    )
    blocks = [say("find.found", turn.language)] if not relaxed else []
    blocks += relaxed_words(wish, relaxed, turn.language)
    days = wish.days if "day" not in relaxed else ()
    cards = [short_card(service, turn.language, now, days=days) for service in services]
    blocks += cards
    return Message(
        turn.language,
        text="\n\n".join(blocks),
        buttons=tuple(Button(service.name.body, payload("contact", service=service.id)) for service in services),
        custom={"services": [service_data(one, turn.language, now, card=card) for one, card in zip(services, cards, strict=True)]},
    )


def _for_a_crisis(turn: Turn, api: KnowledgeApi, id: str) -> bool:
    """Whether a place is first of all for people in a crisis: its name says so, and would stand on a button."""
    topics = api.knowledge(turn.municipality).services[id].topics
    return bool(topics) and topics[0] in CRISIS_TOPICS


def who_speaks(turn: Turn, api: KnowledgeApi, topic: str, language: str) -> Message:
    """The places for `topic` where `language` is spoken."""
    now = api.now(turn.municipality)
    return services_message(turn, api, replace(_narrowed(turn, api, topic, now), spoken_language=language))


class Search(DeskAction):
    """Nothing fits: what is near is offered as a choice, otherwise the information point. Nothing is guessed."""

    action_name = "action_search"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """Up to three choices, and always a person."""
        choices = self._choices(turn, api)
        if not choices:
            yield information_point_message(turn, api, "fallback.none")
            return
        yield catalogue_message("fallback.choice", turn.language, *choices, button("none_of_these", turn.language, payload("human")))

    @staticmethod
    def _choices(turn: Turn, api: KnowledgeApi) -> list[Button]:
        topics = list(topics_to_choose(turn.ranking))
        services: list[tuple[str, str]] = []
        for hit in api.search(turn.text, turn.language, municipality=turn.municipality, limit=6) if turn.text else ():
            if (hit.similarity is not None and hit.similarity < NEAR) or (hit.similarity is None and not hit.lexical):
                continue
            if hit.kind == "article":
                topics.append(hit.id)
            elif not _for_a_crisis(turn, api, hit.id):
                services.append((hit.id, hit.title))
        # No word for a crisis on a button that others may read; whoever may be in one gets the number above.
        doubted = [topic for topic, chance in turn.ranking if chance >= TO_CHOOSE]
        turn.noticed.extend(topic for topic in (*doubted, *topics[:MOST_CHOICES]) if topic in CRISIS_TOPICS)
        choices = topic_buttons(turn, api, dict.fromkeys(topic for topic in topics if topic not in CRISIS_TOPICS))
        return [*choices, *(Button(title, payload("contact", service=one)) for one, title in services)][:MOST_CHOICES]
