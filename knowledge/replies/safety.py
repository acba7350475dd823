"""The crisis reply: the fixed words, the numbers, and a person. Nothing else, and nothing before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.replies.parts import Message, button, payload
from knowledge.views import HelplineView
from locales.catalogue import say
from locales.safety_texts import perhaps_text, safety_text

EMERGENCY_NUMBER = "112"


def safety_messages(kind: str, languages: Sequence[str], helplines: Sequence[HelplineView]) -> list[Message]:
    """One message a language (several only where nobody knows which one the person reads)."""
    # The number for emergencies stands in the words themselves and first among the numbers.
    helplines = [line for line in helplines if line.number != EMERGENCY_NUMBER]
    messages = []
    for language in languages:
        words = safety_text(kind, language)
        lines = [line_words(line, words.language) for line in helplines]
        numbers = [{"name": say("safety.emergency", words.language), "number": EMERGENCY_NUMBER}]
        numbers += [{"name": line.name, "number": line.number} for line in helplines]
        messages.append(
            Message(
                words.language,
                text="\n\n".join([words.body, *(["\n".join(lines)] if lines else [])]),
                buttons=(
                    button("human", words.language, payload("human")),
                    button("more_help", words.language, payload("choose", topic=kind)),
                ),
                custom={
                    "safety": {"kind": kind, "language": words.language, "review": words.review.state, "numbers": numbers},
                },
            )
        )
    return messages


def perhaps_messages(kind: str, languages: Iterable[str]) -> list[Message]:
    """Before the answer to a message that is perhaps a crisis of `kind`: the emergency number, and a button to the whole crisis reply."""
    return [
        Message(language, text=perhaps_text(language), buttons=(button("crisis_help", language, payload(kind)),)) for language in languages
    ]


def line_words(line: HelplineView, language: str) -> str:
    """ "☎ +49 … — name (day and night)"."""
    always = f" ({say('open.always', language)})" if line.always else ""
    return f"- {line.name}: {line.number}{always}"
