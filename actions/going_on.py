"""Going on from what was said last: "yes", "ok", and the last answer once more in another language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from actions.answers import AnswerTopic, Contact, answer_topic, answer_topic_part
from actions.base import DeskAction
from actions.crisis import Safety
from actions.finding import FindService
from actions.follow_ups import FollowUp, Repeat
from actions.turn import Said, Turn
from knowledge.api import KnowledgeApi
from knowledge.domain.topics import load_topics
from knowledge.replies.acknowledging import only_read
from knowledge.replies.parts import Button, Message, catalogue_message, payload
from locales.catalogue import say

_ANSWERS = ("action_answer", "action_follow_up")
_CHOICES = ("action_search", "action_find_service", "action_help", "action_greet", "action_change_language")
_NO_CHOICE = ("/human", "/help", "/refer_me")
# Actions that answer a question, or a cry for help, which can be put again in another language.
_QUESTIONS: dict[str, type[DeskAction]] = {
    "action_answer": AnswerTopic,
    "action_follow_up": FollowUp,
    "action_find_service": FindService,
    "action_contact": Contact,
    "action_repeat": Repeat,
    "action_safety": Safety,
}


def after_yes(turn: Turn, api: KnowledgeApi, menu: tuple[Button, ...]) -> Iterable[Message]:
    """What "yes" is about, where that is known; otherwise what is needed is asked. The same is never said twice in a row."""
    read = only_read(turn.text)
    if turn.before and not read:
        found = list(_what_was_offered(turn, api, turn.before))
        if found:
            yield from found
            return
    keys = ("affirm.read", "affirm") if read else ("affirm", "affirm.read")
    said = turn.before.replies if turn.before else ()
    key = next((key for key in keys if say(key, turn.language) not in said), keys[0])
    yield catalogue_message(key, turn.language, *(menu if key == "affirm" else ()))


def _what_was_offered(turn: Turn, api: KnowledgeApi, before: Said) -> Iterable[Message]:
    if before.action in _ANSWERS and turn.topic and "steps" not in before.entities.get("part", ()):
        answer = api.answer(turn.topic, turn.language, municipality=turn.municipality)
        if answer is not None and "steps" in answer.texts:
            yield from answer_topic_part(turn, api, turn.topic, "steps")
        return
    if before.action not in _CHOICES:
        return
    choices = [one for one in before.buttons if not one.payload.startswith(_NO_CHOICE) or "{" in one.payload]
    topics = [topic for one in choices for topic in load_topics().topics if one.payload == payload("choose", topic=topic)]
    places = [
        place for one in choices for place in turn.slots.get("shown_services") or () if one.payload == payload("contact", service=place)
    ]
    if len(choices) == 1 and topics:
        yield from answer_topic(turn, api, topics[0])
    elif len(choices) == 1 and places:
        yield from Contact().reply(replace(turn, entities={"service": (places[0],)}), api)
    elif len(choices) > 1:
        yield catalogue_message("affirm.which", turn.language, *before.buttons)


def last_answer(turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
    """The last question put again, with its part, place and day; nothing where there was none."""
    asked = next((one for one in turn.said if one.action in _QUESTIONS), None)
    if asked is None:
        return
    action = _QUESTIONS[asked.action]()
    earlier = turn.said[turn.said.index(asked) + 1 :]
    # As if it were a button: a question without an answer was noted when it was asked.
    metadata = {**turn.metadata, "button": True}
    then = replace(
        turn, intent=asked.intent, text=asked.text, entities=asked.entities, ranking=asked.ranking, said=earlier, metadata=metadata
    )
    yield from action.reply(then, api)
