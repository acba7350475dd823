"""One turn of a conversation, with the guard: a person never gets silence.

Where Rasa fails or a turn has no message, the person reads an apology with the emergency number in their language; and where the message
spoke of a crisis, the fixed crisis words, which need neither Rasa nor the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog

from bot.channels.base.messages import InboundMessage, OutboundMessage, Outcome
from bot.front.rasa_client import RasaClient, RasaUnavailable
from bot.nlu.signals import Signals
from locales.catalogue import say
from locales.registry import base_code, chain, served
from locales.safety_texts import safety_text

log = structlog.get_logger(__name__)
_MOST_REMEMBERED = 10_000


@dataclass
class Conversations:
    """Carries messages to Rasa and replies back."""

    rasa: RasaClient
    signals: Signals
    default_language: str
    # The language last used in a conversation, for words when Rasa is gone. Only in memory.
    _languages: dict[str, str] = field(default_factory=dict)

    async def reply(self, message: InboundMessage) -> Outcome:
        """The reply to `message`; always at least one message."""
        try:
            turn = await self.rasa.turn(message)
        except RasaUnavailable as error:
            log.error("turn.unavailable", reason=str(error))
            return self._guard(message, None, self.signals.kind(message.text))
        language = base_code(turn.get("language"))
        if language:
            self._remember(message.conversation, language)
        messages = tuple(
            OutboundMessage(one["text"], one["language"] or language or self.default_language, tuple(one["buttons"]), one["custom"])
            for one in turn["messages"]
            if one["text"]
        )
        if not messages:
            log.error("turn.empty")
            return self._guard(message, language, turn.get("safety"))
        erase = any(one.custom.get("erase") for one in messages)
        if erase:
            await self.erase(message.conversation)
        failed = any("error" in one.custom for one in messages)
        return Outcome(messages, messages[-1].language, erase=erase, failed=failed)

    async def erase(self, conversation: str) -> None:
        """Delete the record. Raises RasaUnavailable where it cannot be deleted now."""
        self._languages.pop(conversation, None)
        await self.rasa.erase(conversation)

    def _remember(self, conversation: str, language: str) -> None:
        self._languages.pop(conversation, None)
        self._languages[conversation] = language
        while len(self._languages) > _MOST_REMEMBERED:
            del self._languages[next(iter(self._languages))]

    def _guard(self, message: InboundMessage, language: str | None, crisis: str | None) -> Outcome:
        """Something useful without Rasa."""
        known = language or self._languages.get(message.conversation) or base_code(message.metadata.get("language_hint"))
        spoken = known or script_language(message.text) or self.default_language
        words = next(code for code in (*chain(spoken), "en") if code in served())
        messages = []
        if crisis:
            text = safety_text(crisis, words)
            numbers = [{"name": say("safety.emergency", text.language), "number": "112"}]
            custom = {"safety": {"kind": crisis, "language": text.language, "review": text.review.state, "numbers": numbers}}
            messages.append(OutboundMessage(text.body, text.language, custom=custom))
        messages.append(OutboundMessage(say("error.apology", words), words, custom={"error": {"retry": True}}))
        return Outcome(tuple(messages), words, failed=True)


def script_language(text: str) -> str | None:
    """The likely language of a text by its script alone, for when nothing better works; None for Latin letters."""
    for first, last, code in (("\u0600", "\u06ff", "ar"), ("\u0400", "\u04ff", "uk"), ("\u1200", "\u137f", "ti")):
        if sum(first <= letter <= last for letter in text) > len(text) / 3:
            return code
    return None
