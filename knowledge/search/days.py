"""Days in a message: "on Saturday", "в суботу", "يوم السبت", "cumartesi günü", "Mo?"; and "now", which asks whether a door is open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale

from knowledge.domain.hours import NEXT, NOW, WEEKDAYS
from knowledge.search.normalise import normalise
from locales.registry import served
from locales.word_lists import in_all_languages, word_lists

_WORD = re.compile(r"[^\W_]+(?:['’ʼ`][^\W_]+)*")
_ARABIC = re.compile(r"^[\u0600-\u06ff]+$")
# "بالسبت", "وبكرا", "للجمعة": particles stay apart from the article, without which اليوم (today) would be يوم (day).
_PARTICLES = (("لل", "ال"), ("و", ""), ("ب", ""), ("ل", ""), ("ف", ""), ("ع", ""), ("ه", "ا"))
_LONGEST = 4
# With short forms only such a small message is about a day: "mon" and "do" are everyday words.
_SHORT_WITHIN = 3
_MOST_WORDS = 6
_NO_DAY = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday, "today", "tomorrow", "weekend", "next" beside a weekday, or "now", and where it stands in the message."""

    value: str
    start: int
    end: int
    text: str


def find_days(text: str) -> list[Day]:
    """The days in `text`, in order of appearance."""
    found = list(_WORD.finditer(text))
    words = [normalise(match.group()) for match in found]
    places = list(_named(words)) or list(_short(words))
    if not _asks_whether_open(words):
        places = [place for place in places if place[0] != NOW]
    days = []
    for value, first, last in sorted((*places, *_next_to(places, words)), key=lambda place: place[1]):
        start, end = found[first].start(), found[last].end()
        days.append(Day(value, start, end, text[start:end]))
    return days


def only_a_day(text: str) -> bool:
    """Whether the message asks for a day and nothing else, like "and on saturday?"."""
    words = [normalise(match.group()) for match in _WORD.finditer(text)]
    places = list(_named(words)) or list(_short(words))
    if len(words) > 1 and {value for value, _, _ in places} == {NOW} and not _open_said(words):
        return False  # "now what?" asks for the next step
    covered = {number for _, first, last in places for number in range(first, last + 1)}
    return (
        bool(places) and len(words) <= _MOST_WORDS and all(word in _beside() | _next() for n, word in enumerate(words) if n not in covered)
    )


def _named(words: list[str]) -> Iterator[tuple[str, int, int]]:
    """(day, first word, last word), the longest phrase first at each place."""
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            value = _value(words[place : place + length])
            if value is not None:
                if value != _NO_DAY:
                    yield value, place, place + length - 1
                place += length
                break
        else:
            place += 1


def _next_to(places: list[tuple[str, int, int]], words: list[str]) -> Iterator[tuple[str, int, int]]:
    """ "Next" right before or behind a weekday: on a Monday, "next Monday" is not today."""
    for value, first, last in places:
        for beside in (first - 1, last + 1):
            if value in (*WEEKDAYS, "weekend") and 0 <= beside < len(words) and words[beside] in _next():
                yield NEXT, beside, beside


def _value(words: list[str]) -> str | None:
    for first in _forms(words[0]):
        value = _names().get(" ".join((first, *words[1:])))
        if value is not None:
            return value
    return None


def _forms(word: str) -> Iterator[str]:
    """The word, and what is left without an ending behind an apostrophe or a particle that is written onto it."""
    yield word
    if "'" in word:
        before, _, after = word.partition("'")
        yield after if len(before) <= 2 else before
    if _ARABIC.match(word):
        for particle, instead in _PARTICLES:
            if word.startswith(particle) and len(word) > len(particle) + 2:
                yield instead + word[len(particle) :]


def _short(words: list[str]) -> Iterator[tuple[str, int, int]]:
    if len(words) > _SHORT_WITHIN or not all(word in _short_names() or word in _beside() for word in words):
        return
    for place, word in enumerate(words):
        if word in _short_names():
            yield _short_names()[word], place, place


def _asks_whether_open(words: list[str]) -> bool:
    return len(words) <= 2 or _open_said(words)


def _open_said(words: list[str]) -> bool:
    return any(form in _open() for word in words for form in _forms(word))


def _plain(name: Any) -> str:
    return " ".join(normalise(word) for word in _WORD.findall(str(name)))


def _all(by_language: dict[str, list[Any]]) -> Iterator[str]:
    return map(_plain, in_all_languages(by_language))


@cache
def _names() -> dict[str, str]:
    """From a word or phrase to the day it means."""
    names: dict[str, str] = {}
    for code in dict.fromkeys((*served(), "en")):
        locale = Locale.parse(code)
        for number, weekday in enumerate(WEEKDAYS):
            for context in ("format", "stand-alone"):
                name = _plain(locale.days[context]["wide"][number])
                names[name] = weekday
                if code == "de":
                    names |= {name + _plain(ending): weekday for ending in word_lists()["weekday_endings"]}
    for weekday, by_language in word_lists()["weekdays"].items():
        names |= dict.fromkeys(_all(by_language), weekday)
    for value in ("today", "tomorrow", "weekend", NOW):
        names |= dict.fromkeys(_all(word_lists()[value]), value)
    return names | dict.fromkeys(_all(word_lists()["no_day"]), _NO_DAY)


@cache
def _short_names() -> dict[str, str]:
    return {_plain(name): weekday for weekday, names in word_lists()["weekdays_short"].items() for name in names}


@cache
def _open() -> frozenset[str]:
    return frozenset(_all(word_lists()["open"]))


@cache
def _next() -> frozenset[str]:
    return frozenset(_all(word_lists()["next"]))


@cache
def _beside() -> frozenset[str]:
    return frozenset(_all(word_lists()["beside_a_day"]))
