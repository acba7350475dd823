"""The city's answer on a topic, as messages: the short answer first, then where to go; the rest a button away."""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest
from typing import Any

from knowledge.domain.finding import Wish
from knowledge.domain.records import ARTICLE_LISTS
from knowledge.domain.text import Reading, TranslationState
from knowledge.replies.parts import Button, Message, button, payload
from knowledge.replies.relaxed import relaxed_words
from knowledge.replies.service_card import service_data, short_card
from knowledge.replies.times import day_words
from knowledge.views import AnswerView
from locales.catalogue import say
from locales.registry import languages

# Parts that have a button, with its words, in the order in which people ask for them.
_BUTTONS = {"steps": "steps", "documents": "documents", "where": "where", "deadline": "deadline", "cost": "cost", "simple": "simpler"}


def answer_message(answer: AnswerView, language: str, now: datetime, *, wish: Wish | None = None) -> Message:
    """The first reply to a question on a topic; what of the `wish` about its services could not be met is said."""
    blocks = [f"**{answer.texts['title'].body}**", answer.texts["answer"].body]
    wished = wish or Wish()
    days = wished.days if "day" not in answer.relaxed else ()
    cards = [short_card(service, language, now, days=days) for service in answer.services[:1]]
    if cards:
        blocks += relaxed_words(wished, answer.relaxed, language)
    blocks += cards
    blocks.append(footer(answer, language, ("title", "answer")))
    return Message(
        language,
        text="\n\n".join(blocks),
        buttons=part_buttons(answer, language),
        custom={
            "answer": answer_data(answer, ("title", "answer"), language),
            "services": [service_data(s, language, now, card=card) for s, card in zip_longest(answer.services[:3], cards)],
        },
    )


def part_message(answer: AnswerView, part: str, language: str, now: datetime) -> Message:
    """One part of an answer: the documents, the cost, the simpler words."""
    shown = [part] if part in answer.texts else []
    if part == "where":
        blocks = [answer.texts["where"].body] if shown else []
        blocks += [short_card(service, language, now) for service in answer.services[:2]]
        if not blocks:
            blocks = [say("answer.part_missing", language)]
    elif not shown:
        blocks = [say("answer.part_missing", language)]
        blocks += [short_card(service, language, now) for service in answer.services[:1]]
    elif part == "simple":
        blocks = [answer.texts["simple"].body]
    else:
        blocks = [f"**{say(f'answer.{part}', language)}**\n{_body(answer.texts[part], part)}"]
    blocks.append(footer(answer, language, tuple(shown)))
    return Message(
        language,
        text="\n\n".join(blocks),
        buttons=part_buttons(answer, language, without=part),
        custom={"answer": answer_data(answer, tuple(shown) or ("answer",), language)},
    )


def _body(reading: Reading, part: str) -> str:
    if part == "steps":
        return "\n".join(f"{number}. {line}" for number, line in enumerate(reading.lines, start=1))
    if part in ARTICLE_LISTS:
        return "\n".join(f"- {line}" for line in reading.lines)
    return reading.body


def footer(answer: AnswerView, language: str, parts: tuple[str, ...]) -> str:
    """Source and date, and what the reader has to know about the translation and the age."""
    lines = [source_line(answer, language)]
    if answer.old:
        lines.append(say("notice.old", language))
    state = state_of(answer, parts)
    if state in (TranslationState.MACHINE, TranslationState.OUTDATED):
        lines.append(say(f"notice.{state.value}", language))
    shown_in = {answer.texts[part].language for part in parts if part in answer.texts}
    for other in sorted(shown_in - {language}):
        lines.append(say("notice.other_language", language, language=languages()[other].name))
    return "\n".join(lines)


def source_line(answer: AnswerView, language: str) -> str:
    """ "Source: § 17 Bundesmeldegesetz (country) · checked on 9 November 2026"."""
    source = say("answer.source", language, title=answer.source.title, level=say(f"source.{answer.source.level.value}", language))
    return f"{source} · {say('answer.checked_on', language, date=day_words(answer.checked_on, language))}"


def state_of(answer: AnswerView, parts: tuple[str, ...]) -> TranslationState:
    """The least trustworthy state among the parts shown."""
    states = [answer.texts[part].state for part in parts if part in answer.texts]
    return max(states, key=lambda state: state.rank, default=answer.translation)


def answer_data(answer: AnswerView, parts: tuple[str, ...], language: str) -> dict[str, Any]:
    """The contract of ``custom.answer``; `original` is the source text beside a translation."""
    data: dict[str, Any] = {
        "topic": answer.topic,
        "language": answer.language,
        "article": f"{answer.topic}:{answer.audience}",
        "source": {"title": answer.source.title, "url": answer.source.url, "level": answer.source.level.value},
        "checked_on": answer.checked_on.isoformat(),
        "translation": state_of(answer, parts).value,
        "source_line": source_line(answer, language),
    }
    if data["translation"] != TranslationState.ORIGINAL:
        data["original"] = original_data(answer, parts)
    return data


def original_data(answer: AnswerView, parts: tuple[str, ...]) -> dict[str, str]:
    """The source text of the parts shown, and its language."""
    found = [answer.source_texts[part] for part in parts if part in answer.source_texts]
    return {"language": found[0].language if found else answer.language, "text": "\n\n".join(one.body for one in found)}


def part_buttons(answer: AnswerView, language: str, without: str = "") -> tuple[Button, ...]:
    """Buttons for the parts that this answer has, simpler words, and a person. They name the topic: who presses one means the answer above
    it, whatever was talked about since, and however long ago."""
    buttons = [
        button(words, language, payload("choose", topic=answer.topic, part=part))
        for part, words in _BUTTONS.items()
        if part != without and (part in answer.texts or (part == "where" and answer.services))
    ]
    return (*buttons, button("refer_me", language, payload("refer_me")))
