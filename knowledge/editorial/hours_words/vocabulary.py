"""The words of opening hours in all languages: names of days and months from CLDR, everything else from ``vocabulary/<language>.yml``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from babel import Locale

from knowledge.domain.hours import WEEKDAYS
from knowledge.editorial.hours_words.folding import fold_word

LANGUAGES = ("en", "de", "fr", "uk", "ar", "tr")
_FOLDER = Path(__file__).parent / "vocabulary"


class Kind(StrEnum):
    """What a word or sign says about opening hours."""

    # Words of the vocabulary files, by the name of their list there.
    DAYS = "days"
    MONTH = "months"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WORKING_DAYS = "working_days"
    WEEKEND = "weekend"
    DAY_OFF = "day_off"
    RANGE = "range"
    FROM = "from"
    FROM_AFTER = "from_after"
    UNTIL_AFTER = "until_after"
    BETWEEN = "between"
    AND = "and"
    CLOSED = "closed"
    OPEN = "open"
    HOLIDAY = "holiday"
    SCHOOL = "school"
    EXCEPT = "except"
    EXCEPT_AFTER = "except_after"
    ALSO = "also"
    ALL_DAY = "all_day"
    NONSTOP = "nonstop"
    APPOINTMENT = "appointment"
    IRREGULAR = "irregular"
    SEASON = "season"
    OTHERWISE = "otherwise"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    NIGHT = "night"
    NOON = "noon"
    MIDNIGHT = "midnight"
    HOUR = "hour"
    FILLER = "filler"
    BREAK = "break"
    OTHER_DAYS = "other_days"
    # Numbers and signs.
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    COMPACT = "compact"
    COMMA = "comma"
    COLON = "colon"
    DASH = "dash"
    PAREN_OPEN = "paren_open"
    PAREN_CLOSE = "paren_close"
    STOP = "stop"
    LINE = "line"
    BLANK = "blank"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means in one language; `number` is the day (0 is Monday) or the month (1 is January)."""

    kind: Kind
    number: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with its meanings by language. `whole` tells a name in full, which takes no dot of abbreviation."""

    text: str
    meanings: dict[str, Meaning]
    whole: bool


@cache
def phrases() -> dict[str, tuple[Phrase, ...]]:
    """Phrases by their first letter, the longest first."""
    found: dict[str, dict[str, Meaning]] = defaultdict(dict)
    whole: set[str] = set()
    for language in LANGUAGES:
        for text, meaning in (*_names(language, whole), *_listed(language)):
            if text:
                found[text].setdefault(language, meaning)
    by_letter: dict[str, list[Phrase]] = defaultdict(list)
    for text, meanings in found.items():
        by_letter[text[0]].append(Phrase(text, meanings, text in whole))
    return {letter: tuple(sorted(ones, key=lambda one: -len(one.text))) for letter, ones in by_letter.items()}


def _names(language: str, whole: set[str]) -> Iterable[tuple[str, Meaning]]:
    locale = Locale.parse(language)
    for kind, names in ((Kind.DAYS, locale.days), (Kind.MONTH, locale.months)):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in names[context][width].items():
                    text = fold_word(name).removesuffix(".")
                    if width == "wide":
                        whole.add(text)
                    yield text, Meaning(kind, int(number))


@cache
def listed(language: str) -> dict[str, dict[str, list[str]]]:
    """The vocabulary file of a language.

    Raises ValueError for a list that has no kind, or an entry that is not a text.
    """
    document: dict[str, dict[str, list[str]]] = yaml.safe_load((_FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    for name, entries in document["words"].items():
        Kind(name)
        wrong = [entry for entry in entries if not isinstance(entry, str)]
        if wrong:
            raise ValueError(f"{language}.yml, {name}: {wrong} should stand in quotes")
    return document


def _listed(language: str) -> Iterable[tuple[str, Meaning]]:
    document = listed(language)
    for day, entries in document["days"].items():
        for entry in entries:
            yield fold_word(entry), Meaning(Kind.DAYS, WEEKDAYS.index(day))
    for month, entries in document["months"].items():
        for entry in entries:
            yield fold_word(entry), Meaning(Kind.MONTH, int(month))
    for name, entries in document["words"].items():
        for entry in entries:
            yield fold_word(entry).removesuffix("."), Meaning(Kind(name))
