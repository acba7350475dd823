"""What every action shares: reading the turn, the introduction at the first contact, remembering, and never a person without a word."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.after_crisis import crisis_of, instead_of_the_act, perhaps_kind, with_a_person
from actions.buttons import language_buttons
from actions.turn import Turn, read_turn
from knowledge.api import KnowledgeApi
from knowledge.bootstrap import shared_api
from knowledge.config import load_settings
from knowledge.domain.errors import KnowledgeError
from knowledge.replies.parts import Message, button, payload
from knowledge.replies.safety import perhaps_messages
from knowledge.replies.times import kept_words
from locales.catalogue import say
from locales.registry import languages

log = structlog.get_logger(__name__)


class DeskAction(Action, ABC):
    """One answer of the assistant. Children write `reply`; the rest is the same for all."""

    action_name: str
    introduces = True

    def name(self) -> str:
        """The name under which Rasa calls it."""
        return self.action_name

    @abstractmethod
    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """The messages of the answer. Runs in a thread; may remember things with ``turn.remember``."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Answer, whatever happens: an error of ours becomes an apology with the emergency number in the person's language."""
        try:
            turn = read_turn(tracker.current_state(), load_settings().language)
            messages = await asyncio.to_thread(self._whole, turn)
        except Exception as error:
            # The texts of people are not in our errors; the class tells the operator where to look.
            log.error("action.failed", action=self.name(), error=type(error).__name__, key=getattr(error, "key", None))
            turn = read_turn(tracker.current_state())
            messages = [Message(turn.language, text=say("error.apology", turn.language), custom={"error": {"retry": True}})]
        for message in messages:
            dispatcher.utter_message(
                text=message.text or None,
                response=message.response,
                buttons=[{"title": one.title, "payload": one.payload} for one in message.buttons],
                json_message=message.custom,
                language=message.language,
                **message.fields,
            )
        return [SlotSet(name, value) for name, value in turn.new_slots.items()]

    def _whole(self, turn: Turn) -> list[Message]:
        api = shared_api()
        remembered = turn.slots.get("language")
        # Whoever asks for a language that is not served goes on reading the one they had.
        asks = turn.intent == "change_language" and turn.not_served
        if turn.spoken != remembered and not turn.unsure and not asks:
            turn.remember(language=turn.spoken)
        if turn.let_go:
            turn.remember(language_choice=None)
        if turn.slots.get("last_reply"):
            turn.remember(last_reply=None)
        instead = instead_of_the_act(turn, api)
        messages = with_a_person(turn, list(self.reply(turn, api))) if instead is None else instead
        before = []
        # Whoever has just written of a crisis is not told about the assistant: that waits until something else is talked about.
        if self.introduces and turn.first and crisis_of(turn) is None:
            turn.remember(introduced=True)
            if not turn.metadata.get("introduced"):
                before.append(introduction(turn, api))
        notice = _language_notice(turn)
        if notice:
            messages.append(notice)
        perhaps = perhaps_kind(turn) or next(iter(turn.noticed), None)
        # What is said instead while that crisis is talked about has the number in it.
        if perhaps and not (instead and perhaps == turn.topic):
            # In the language of the message, as in a crisis that is certain.
            before = [*perhaps_messages(perhaps, dict.fromkeys((turn.other_language or turn.language, turn.language))), *before]
        return before + messages


def introduction(turn: Turn, api: KnowledgeApi) -> Message:
    """Two sentences at the first contact: what this is, and what is kept for how long."""
    time = kept_words(load_settings().retention_days, turn.language)
    return Message(turn.language, text=say("intro", turn.language, city=city_name(api, turn), time=time))


def city_name(api: KnowledgeApi, turn: Turn) -> str:
    """The municipality's name; a plain word for it where the knowledge cannot be read."""
    try:
        return api.municipality_name(turn.language, municipality=turn.municipality)
    except KnowledgeError:
        return say("city", turn.language)


def _language_notice(turn: Turn) -> Message | None:
    """Where a language is spoken that has no catalogue yet, say so once, and which one is used instead; and where a chosen language is
    let go of, with the way back. Whoever asks for a language is answered about it already."""
    if turn.intent == "change_language":
        return None
    if turn.let_go:
        text = say("language.followed", turn.language, used=languages()[turn.language].name)
        return Message(turn.language, text=text, buttons=language_buttons((turn.let_go,)))
    if turn.not_served is None or turn.slots.get("language") == turn.not_served:
        return None
    own = languages()[turn.not_served].name
    text = say("language.not_yet", turn.language, language=own, used=languages()[turn.language].name)
    return Message(turn.language, text=text, buttons=(button("languages", turn.language, payload("change_language")),))


def week_start(api: KnowledgeApi, turn: Turn) -> date:
    """Monday of the present week, local to the municipality."""
    today = api.now(turn.municipality).date()
    return today - timedelta(days=today.weekday())
