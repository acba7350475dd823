"""The assistant's own words: gettext catalogues, one a language, read with Babel.

A message id is a key ("answer.checked_on"); its words, in every language, stand in the catalogue, with named placeholders in braces.
A word that is missing falls back along the language's chain, is counted, and never fails a person.
Words that change with a number ("1 week", "3 weeks") have gettext's plural forms (``msgid_plural``, ``msgstr[0]`` ...); the number is the
field that is a whole number.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from locales.registry import HERE, chain

# English is complete by the rule of a test, so every chain ends in words.
LAST_RESORT = "en"
missing: Counter[tuple[str, str]] = Counter()


@dataclass(frozen=True, slots=True)
class Words:
    """Words and the language they are in."""

    body: str
    language: str


@dataclass(frozen=True, slots=True)
class Plural:
    """The forms of words that change with a number, and which of them (its place) a number takes in this language."""

    forms: tuple[str, ...]
    place: Callable[[int], int]

    def form(self, number: int | None) -> str:
        """The form for `number`; the last one, which most numbers take, where there is none."""
        return self.forms[-1 if number is None else min(self.place(abs(number)), len(self.forms) - 1)]


@cache
def catalogue(code: str) -> dict[str, str]:
    """key -> words of one language; empty where there is no catalogue. Words that change with a number are in the form of most numbers."""
    return _read(code)[0]


def plurals(code: str) -> dict[str, Plural]:
    """key -> forms of those words of one language that change with a number."""
    return _read(code)[1]


@cache
def _read(code: str) -> tuple[dict[str, str], dict[str, Plural]]:
    found: dict[str, str] = {}
    changing: dict[str, Plural] = {}
    for path in catalogue_files(code):
        with path.open("rb") as file:
            parsed: Catalog = read_po(file, locale=code, abort_invalid=True)
        place = c2py(parsed.plural_expr)
        for entry in parsed:
            if not entry.id or not entry.string or entry.fuzzy:
                continue
            if isinstance(entry.string, str):
                found[str(entry.id)] = entry.string
            elif all(entry.string):
                changing[entry.id[0]] = Plural(tuple(entry.string), place)
                found[entry.id[0]] = entry.string[-1]
    return found, changing


def catalogue_files(code: str) -> list[Path]:
    """The files of one language: ``<code>.po`` for the assistant, ``<code>.<part>.po`` for a part of the interface."""
    folder = HERE / "catalogues"
    return [*sorted(folder.glob(f"{code}.po")), *sorted(folder.glob(f"{code}.*.po"))]


def words(key: str, language: str, /, **fields: object) -> Words:
    """The words for `key` in `language` or the nearest language that has them, placeholders filled.

    An unknown key comes back as itself: a reader sees something, and the tests over all keys see to it that it does not happen.
    """
    for code in (*chain(language), LAST_RESORT):
        changing = plurals(code).get(key)
        body = changing.form(_number(fields)) if changing else catalogue(code).get(key)
        if body is not None:
            return Words(_fill(body, fields), code)
        missing[code, key] += 1
    return Words(key, LAST_RESORT)


def say(key: str, language: str, /, **fields: object) -> str:
    """As `words`, the words alone."""
    return words(key, language, **fields).body


def _number(fields: dict[str, object]) -> int | None:
    """The number that the words are about: the first field that is a whole number."""
    return next((value for value in fields.values() if isinstance(value, int) and not isinstance(value, bool)), None)


class _Lenient(string.Formatter):
    """Leaves a placeholder out instead of failing where a field is not given."""

    def get_value(self, key: int | str, args: object, kwargs: object) -> object:
        return kwargs.get(key, "") if isinstance(kwargs, dict) else ""


_formatter = _Lenient()


def _fill(body: str, fields: dict[str, object]) -> str:
    return _formatter.vformat(body, (), fields) if "{" in body else body


def placeholders(body: str) -> set[str]:
    """Names of the placeholders in `body`."""
    return {name for _, name, _, _ in string.Formatter().parse(body) if name}
