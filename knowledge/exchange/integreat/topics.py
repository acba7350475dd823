"""Which topic a page might be about, by words of its title: a proposal with its reason, which an editor confirms or changes.

The words stand in topic_words.yml. A page whose title says nothing is proposed the topic of the page above it, or else what most of its
keywords speak for; where nothing speaks for a topic, none is proposed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from knowledge.documents.models import PageModel
from knowledge.exchange.batch import Batch
from knowledge.exchange.integreat.notices import Notice

_RULES = Path(__file__).with_name("topic_words.yml")
_NONE = "none"
# The line with which pages end so that a search finds them.
_KEYWORDS = re.compile(r"^[\W_]*(?:Schlagw[oö]rte?r?|Stichw[oö]rte?r?|Keywords|Key words|Tags)[\W_]*:(.*)$", re.IGNORECASE | re.MULTILINE)
# Keywords name much that a page merely touches: a few of them must agree.
_FEWEST_KEYWORDS = 2


class Confidence(StrEnum):
    """How much speaks for a proposal."""

    TITLE = "title"
    KEYWORDS = "keywords"
    ABOVE = "above"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a page might be about. `path` are the titles from the top down to the page; `topic` is an id of data/topics.yml or None."""

    page: str
    path: tuple[str, ...]
    topic: str | None
    confidence: Confidence
    reason: Notice


@dataclass(frozen=True, slots=True)
class _Rule:
    topic: str | None
    words: tuple[tuple[str, re.Pattern[str]], ...]


def propose_topics(batch: Batch) -> list[Proposal]:
    """A proposal for each page of the batch, in its order.

    Titles are read in the source language first, then in the translations that the batch has; the words know German and English.
    """
    pages = {page.id: page for page in batch.documents["page"] if isinstance(page, PageModel)}
    translated: dict[str, list[str]] = {}
    for text in batch.translations:
        if text.kind == "page" and text.field == "title":
            translated.setdefault(text.id, []).append(text.body)
    return [_Proposer(pages, translated).propose(page) for page in pages.values()]


class _Proposer:
    def __init__(self, pages: dict[str, PageModel], translated: dict[str, list[str]]) -> None:
        self._pages = pages
        self._translated = translated

    def propose(self, page: PageModel) -> Proposal:
        line = self._line(page)
        path = tuple(_title(one) for one in line)
        none = Proposal(page.id, path, None, Confidence.NONE, Notice("topic.none"))
        for one in reversed(line):
            found = self._by_title(one)
            if found is None:
                continue
            topic, word = found
            if topic is None:
                return none
            if one is page:
                return Proposal(page.id, path, topic, Confidence.TITLE, Notice("topic.title", {"word": word}))
            return Proposal(page.id, path, topic, Confidence.ABOVE, Notice("topic.above", {"page": _title(one)}))
        by_keywords = _by_keywords(str(page.texts.get("body", "")))
        if by_keywords is None:
            return none
        return Proposal(page.id, path, by_keywords[0], Confidence.KEYWORDS, Notice("topic.keywords", {"word": by_keywords[1]}))

    def _line(self, page: PageModel) -> list[PageModel]:
        """From the top down to the page."""
        line = [page]
        while (above := self._pages.get(line[0].parent or "")) and above not in line:
            line.insert(0, above)
        return line

    def _by_title(self, page: PageModel) -> tuple[str | None, str] | None:
        titles = (_title(page), *self._translated.get(page.id, []))
        return next((found for title in titles if (found := _first_rule(title))), None)


def _by_keywords(body: str) -> tuple[str, str] | None:
    """(topic, a word that speaks for it) where the keywords at the end of a page speak for one topic more than for the others."""
    found = _KEYWORDS.search(body)
    hits = [(hit[0], hit[1]) for part in (found[1].split(",") if found else []) if (hit := _first_rule(part)) and hit[0]]
    votes = Counter(topic for topic, _ in hits).most_common(2)
    if not votes or votes[0][1] < _FEWEST_KEYWORDS or (len(votes) > 1 and votes[0][1] == votes[1][1]):
        return None
    return votes[0][0], next(word for topic, word in hits if topic == votes[0][0])


def _first_rule(text: str) -> tuple[str | None, str] | None:
    """(topic, the word that fits) of the first rule that fits."""
    plain = _plain(text)
    for rule in _rules():
        for word, pattern in rule.words:
            if pattern.search(plain):
                return rule.topic, word
    return None


@cache
def _rules() -> tuple[_Rule, ...]:
    rows = yaml.safe_load(_RULES.read_text(encoding="utf-8"))
    return tuple(_Rule(None if row["topic"] == _NONE else row["topic"], tuple(_patterns([*row["de"], *row["en"]]))) for row in rows)


def _patterns(words: Iterable[str]) -> Iterable[tuple[str, re.Pattern[str]]]:
    for word in words:
        whole = word.endswith(".")
        yield word.rstrip("."), re.compile(r"(?<!\w)" + re.escape(_plain(word.rstrip("."))) + (r"(?!\w)" if whole else ""))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[-‐‑–—/_*„“”\"()]", " ", unicodedata.normalize("NFKC", text).casefold().replace("’", "'")).split())


def _title(page: PageModel) -> str:
    return str(page.texts["title"])
