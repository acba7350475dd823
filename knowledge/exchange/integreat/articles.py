"""From a long page to the draft of a short answer: what can be filled in without deciding anything.

An editor finishes it. The first sentences of a page are seldom its answer, and the day of its last change is not a day on which somebody
checked it: both are filled in to be looked at, and `to_confirm` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import ValidationError

from knowledge.documents.models import MAX_ANSWER_SENTENCES, ArticleModel, PageModel
from knowledge.domain.sentences import count_sentences

_MOST_STEPS = 8
_LONGEST_STEP = 240
_LONGEST_TITLE = 300  # of a source, see documents.models
# Where a sentence may end; whether it does is for `count_sentences` to say.
_MAYBE_END = re.compile(r"[.!?؟。！？][\"'»”“’)\]]*(?=\s|$)")
_SENTENCE = re.compile(r"(?<!\.\.)[.!?؟。！？][\"'»”“’)\]]*$")


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """`document` has the shape of ArticleModel. `missing` are the fields without which it is not valid (dotted, as in "source.url");
    `to_confirm` those that were filled in but that only a person can vouch for."""

    document: dict[str, Any]
    missing: tuple[str, ...]
    to_confirm: tuple[str, ...]


def as_article(page: PageModel, *, topic: str | None = None, changed_on: date | None = None, audience: str = "everyone") -> ArticleDraft:
    """A draft of an article from a page of the source language.

    `topic` is the one that the editor has confirmed (else the page's own); `changed_on` the day of the last change, see
    `IntegreatImport.changed_on`.
    """
    title = str(page.texts["title"])
    answer, steps = _read(str(page.texts.get("body", "")))
    texts: dict[str, Any] = {"title": title} | ({"answer": answer} if answer else {}) | ({"steps": steps} if steps else {})
    source = {"title": title[:_LONGEST_TITLE], "level": "city"} | ({"url": page.url} if page.url else {})
    document: dict[str, Any] = {"audience": audience, "source": source, "services": [], "texts": texts}
    if topic or page.topic:
        document["topic"] = topic or page.topic
    checked_on = page.checked_on or changed_on
    if checked_on:
        document["checked_on"] = checked_on.isoformat()
    confirm = {"texts.answer": answer, "texts.steps": steps, "source.level": True, "checked_on": checked_on and not page.checked_on}
    return ArticleDraft(document, _missing(document), tuple(name for name, filled in confirm.items() if filled))


def _missing(document: dict[str, Any]) -> tuple[str, ...]:
    try:
        ArticleModel.parse_obj(document)
    except ValidationError as error:
        found = [".".join(str(step) for step in item["loc"]) for item in error.errors()]
        # Which text is missing is not in the place of the mistake, since a rule looks at all of them together.
        return tuple("texts.answer" if name == "texts" and "answer" not in document["texts"] else name for name in found)
    return ()


def _read(body: str) -> tuple[str, list[str]]:
    """The first sentences, three at most, and the items of the first list, as plain text."""
    sentences = ""
    steps: list[str] = []
    for kind, text in _parts(_markdown().parse(body)):
        if kind == "item" and len(steps) < _MOST_STEPS and len(text) <= _LONGEST_STEP:
            steps.append(text)
        elif kind == "list" and steps:
            break
        elif kind == "paragraph" and _SENTENCE.search(text) and not steps:
            sentences = _first_sentences(f"{sentences} {text}".strip())
    return sentences, steps


def _parts(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """("paragraph", text) and ("item", text) outside headings, quotes and tables, and ("list", "") where a list has ended."""
    depth = 0
    inside: list[str] = []
    first = False
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            if not depth:
                yield "list", ""
        elif token.type == "list_item_open":
            first = depth == 1
        elif token.type == "list_item_close":
            first = False
        elif token.type.endswith("_open"):
            inside.append(token.type)
        elif token.type.endswith("_close"):
            inside.pop()
        elif token.type == "inline" and inside == ["paragraph_open"]:
            text = _plain(token.children or ())
            if not depth:
                yield "paragraph", text
            elif first:
                yield "item", text
                first = False


def _plain(tokens: Iterable[Token]) -> str:
    """Text without signs; a line break within a paragraph is a space."""
    words = (" " if token.type in ("softbreak", "hardbreak") else token.content for token in tokens)
    return " ".join("".join(words).split())


def _first_sentences(text: str) -> str:
    ends = [found.end() for found in _MAYBE_END.finditer(text)]
    fitting = [end for end in ends if count_sentences(text[:end]) <= MAX_ANSWER_SENTENCES]
    return text[: max(fitting, default=0)]


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")
