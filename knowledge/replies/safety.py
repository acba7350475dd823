"""The crisis reply: the fixed words, the numbers, and a person. Nothing else, and nothing before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from knowledge.replies.parts import Button, Message, button, payload
from knowledge.replies.times import open_words
from knowledge.views import HelplineView
from locales.catalogue import say
from locales.safety_texts import SafetyText, perhaps_text, safety_text

EMERGENCY_NUMBER = "112"
# Who lives with the person who hurts or holds them may have a phone that is looked at.
_ERASABLE = ("safety.violence", "safety.trafficking")


def safety_messages(
    kind: str, languages: Sequence[str], helplines: Sequence[HelplineView], now: datetime | None, *, again: bool = False
) -> list[Message]:
    """One message a language (several only where nobody knows which one the person reads).

    `again`: the fixed words stand right above, so the numbers come first and a short sentence after them.
    """
    messages = []
    for language in languages:
        words = safety_text(kind, language)
        # The number for emergencies stands in the words themselves and first among the numbers.
        if again:
            blocks = [numbers_words(helplines, now, words.language), say("crisis.again", words.language)]
        else:
            blocks = [words.body, *_line_block(_without_emergency(helplines), now, words.language)]
        messages.append(
            Message(
                words.language,
                text="\n\n".join(blocks),
                buttons=crisis_buttons(kind, words.language),
                custom={"safety": _safety_data(words, helplines, now)},
            )
        )
    return messages


def reachable_message(kind: str, language: str, helplines: Sequence[HelplineView], now: datetime | None) -> Message:
    """Who can be called at this moment in a crisis of `kind`: for whoever asks for a person."""
    words = safety_text(kind, language)
    lines = [line for line in helplines if line.reachable]
    return Message(
        words.language,
        text=f"{say('human.now', words.language)}\n{numbers_words(lines, now, words.language)}",
        custom={"safety": _safety_data(words, lines, now)},
    )


def calm_message(kind: str, language: str, helplines: Sequence[HelplineView], now: datetime | None) -> Message:
    """After "no", "yes", "thanks": nothing is pressed on anybody, and the numbers stay where they are."""
    lines = [line for line in _without_emergency(helplines) if line.reachable][:1]
    blocks = [say("crisis.calm", language), *_line_block(lines, now, language)]
    return Message(language, text="\n".join(blocks), buttons=crisis_buttons(kind, language))


def crisis_buttons(kind: str, language: str) -> tuple[Button, ...]:
    """A person, more about it, and where somebody may look at the phone, the way to leave no trace."""
    buttons = (
        button("human", language, payload("human", topic=kind)),
        button("more_help", language, payload("choose", topic=kind)),
    )
    return (*buttons, button("erase", language, payload("erase"))) if kind in _ERASABLE else buttons


def perhaps_messages(kind: str, languages: Iterable[str]) -> list[Message]:
    """Before the answer to a message that is perhaps a crisis of `kind`: the emergency number, and a button to the whole crisis reply."""
    return [
        Message(language, text=perhaps_text(language), buttons=(button("crisis_help", language, payload(kind)),)) for language in languages
    ]


def numbers_words(helplines: Sequence[HelplineView], now: datetime | None, language: str) -> str:
    """One line a number, the one for emergencies first."""
    return "\n".join([_emergency_line(language), *_line_block(_without_emergency(helplines), now, language)])


def _emergency_line(language: str) -> str:
    return f"- {say('safety.emergency', language)}: **{EMERGENCY_NUMBER}**"


def line_words(line: HelplineView, now: datetime | None, language: str) -> str:
    """ "- name: +49 … (open day and night)"; for one that is closed, when it opens."""
    if line.always:
        hours = f" ({say('open.always', language)})"
    elif line.reachable or now is None:
        hours = ""
    else:
        hours = f" ({open_words(line.open_now, now, language)})"
    # Names are written as sentences; a full stop before the colon would be one too many.
    return f"- {line.name.rstrip(' .')}: {line.number}{hours}"


def _line_block(helplines: Sequence[HelplineView], now: datetime | None, language: str) -> list[str]:
    return ["\n".join(line_words(line, now, language) for line in helplines)] if helplines else []


def _without_emergency(helplines: Sequence[HelplineView]) -> list[HelplineView]:
    return [line for line in helplines if line.number != EMERGENCY_NUMBER]


def _safety_data(words: SafetyText, helplines: Sequence[HelplineView], now: datetime | None) -> dict[str, Any]:
    """The contract of ``custom.safety``; only numbers that somebody answers at this moment: channels make them buttons to call. `card` is
    the line about it in the message's text, for channels that show both."""
    numbers: list[dict[str, Any]] = [
        {"name": say("safety.emergency", words.language), "number": EMERGENCY_NUMBER, "card": _emergency_line(words.language)}
    ]
    numbers += [
        {"name": line.name, "number": line.number, "always": line.always, "card": line_words(line, now, words.language)}
        for line in _without_emergency(helplines)
        if line.reachable
    ]
    return {"kind": words.kind, "language": words.language, "review": words.review.state, "numbers": numbers}
