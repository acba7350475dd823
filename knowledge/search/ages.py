"""Ages in a message: "7 years", "six ans", "ابني عمره ست سنوات", "my son is six"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from locales.registry import HERE

# A number after "is" may be a time, a price, a floor or months.
_MEASURES = (
    r"[:.,/]?\d|[%€]|°|euro?s?\b|uhr\b|o'?clock|[ap]\.?m\b|km\b|min"
    r"|months?\b|monat|mois\b|місяц|міс\b|месяц|شهر|اشهر|أشهر|شهور|aylık|ay\b"
)


@dataclass(frozen=True, slots=True)
class Age:
    """Years of life, and where they stand in the message."""

    years: int
    start: int
    end: int
    text: str


def find_ages(text: str) -> list[Age]:
    """The ages in `text`, in order of appearance; below 100."""
    found = []
    # A capital dotted I becomes two characters where it is made small.
    for match in _pattern().finditer(text.replace("İ", "i")):
        number = match.group("unit") or match.group("plain")
        start = match.start("unit") if match.group("unit") else match.start("plain")
        years = int(number) if number.isdigit() else _numbers()[number.casefold()]
        found.append(Age(years, start, match.end(), text[start : match.end()]))
    return found


@cache
def _lists() -> dict[str, dict[Any, Any]]:
    loaded: dict[str, dict[Any, Any]] = yaml.safe_load((HERE / "word_lists.yml").read_text(encoding="utf-8"))
    return loaded


@cache
def _numbers() -> dict[str, int]:
    return {word.casefold(): int(number) for number, by_language in _lists()["numbers"].items() for word in _all(by_language)}


def _all(by_language: dict[str, list[str]]) -> list[str]:
    return [str(word) for words in by_language.values() for word in words]


def _either(words: Iterable[str]) -> str:
    # The longest first: "sixteen" before "six".
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


@cache
def _pattern() -> re.Pattern[str]:
    number = rf"\d{{1,2}}|{_either(_numbers())}"
    years, before = _either(_all(_lists()["years"])), _either(_all(_lists()["before_age"]))
    with_unit = rf"(?<![\w.,])(?P<unit>{number})\s*-?\s*(?:{years})(?!\w)"
    without = rf"(?<!\w)(?:{before})\s+(?P<plain>{number})(?!\w)(?!\s*(?:{_MEASURES}))"
    return re.compile(f"{with_unit}|{without}", re.IGNORECASE)
