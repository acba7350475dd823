"""Messages that only narrow what was asked before: "does somebody there speak arabic?", "and in Lindenau?", "türkçe konuşan var mı"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from knowledge.domain.records import Knowledge
from knowledge.search.linking import NameLinker, plain_word
from locales.word_lists import in_all_languages, word_lists

_WORD = re.compile(r"[^\W_]+")
_KINDS = frozenset({"spoken_language", "day"})
_MOST_WORDS = 9


def only_narrows(text: str, knowledge: Knowledge) -> bool:
    """Whether `text` names a language, a day or a district of the city, and beside it nothing that it could be about."""
    districts = _words(knowledge.municipality.districts.values())
    places = [(match.start(), match.end(), plain_word(match.group())) for match in _WORD.finditer(text)]
    links = [link for link in _linker().link(text) if link.kind in _KINDS]
    rest = [word for start, end, word in places if not any(link.start <= start and end <= link.end for link in links)]
    named = bool(links) or any(word in districts for word in rest)
    return named and len(places) <= _MOST_WORDS and all(word in _beside() or word in districts for word in rest)


def _words(districts: Iterable[Any]) -> set[str]:
    names = [name for one in districts for name in (*(body for _, body in one.texts["name"].all_bodies()), *one.also)]
    return {plain_word(word) for name in names for word in _WORD.findall(name)}


@cache
def _linker() -> NameLinker:
    return NameLinker(None)


@cache
def _beside() -> frozenset[str]:
    names = (name for kind in ("beside_a_name", "beside_a_day") for name in in_all_languages(word_lists()[kind]))
    return frozenset(plain_word(word) for name in names for word in _WORD.findall(name))
