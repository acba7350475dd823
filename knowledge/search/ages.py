"""Ages in a message: "7 years", "six ans", "ابني عمره ست سنوات", "my son is six"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from locales.word_lists import in_all_languages, word_lists

# A number after "is" may be a time, a price, a measure, a percentage, weeks, or how many children somebody has.
_MEASURES = (
    r"[:.,/]?\d|[%€$²]|°|euro?s?\b|uhr\b|o'?clock|[ap]\.?m\b|k?m[²2]?\b|qm|sqm|square|quadrat|mètres?\b|kg\b|percent|prozent|pour cent"
    r"|min|months?\b|monat|mois\b|місяц|міс\b|месяц|شهر|اشهر|أشهر|شهور|aylık|ay\b"
    r"|weeks?\b|woche|semaines?\b|тиж|недел|اسبوع|أسبوع|اسابيع|أسابيع|hafta|ssw\b"
    r"|days?\b|tage?n?\b|jours?\b|дн[іяів]+\b|дней\b|день\b|يوم|ايام|أيام|gün"
    r"|hours?\b|stunde|heures?\b|годин|час(?:а|ов)?\b|ساعة|ساعه|ساعات|saat"
    r"|kids?\b|child|kind|enfants?\b|дітей|дітьми|дети|детей|طفل|اطفال|أطفال|اولاد|أولاد|ولاد|بنات|çocu"
    r"|people|persons?\b|person|leute|люд|اشخاص|أشخاص|kişi"
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
        # The group that has matched: behind a word for years, or behind what an age stands behind in one of the languages.
        group = str(match.lastgroup)
        number, start = match.group(group), match.start(group)
        years = int(number) if number.isdigit() else _numbers()[number.casefold()]
        found.append(Age(years, start, match.end(), text[start : match.end()]))
    return found


@cache
def _numbers() -> dict[str, int]:
    numbers = word_lists()["numbers"].items()
    return {word.casefold(): int(number) for number, by_language in numbers for word in in_all_languages(by_language)}


def _either(words: Iterable[str]) -> str:
    # The longest first: "sixteen" before "six".
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


@cache
def _pattern() -> re.Pattern[str]:
    years = _either(in_all_languages(word_lists()["years"]))
    with_unit = rf"(?<![\w.,])(?P<years>\d{{1,2}}|{_either(_numbers())})\s*-?\s*(?:{years})(?!\w)"
    return re.compile("|".join((with_unit, *map(_without_unit, word_lists()["before_age"]))), re.IGNORECASE)


def _without_unit(language: str) -> str:
    """A number behind "is", "âge", "сину", in the words of that language alone: "on" is ten in Turkish, and "im on the bus" no age."""
    before = _either(map(str, word_lists()["before_age"][language]))
    words = {str(word) for by_language in word_lists()["numbers"].values() for word in by_language.get(language, ())}
    number = "|".join(filter(None, (r"\d{1,2}", _either(words - set(word_lists()["articles"].get(language, ()))))))
    return rf"(?<!\w)(?:{before})\s+(?P<{language}>{number})(?!\w)(?!\s*-?(?:{_MEASURES}))"
