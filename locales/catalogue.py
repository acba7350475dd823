"""The assistant's own words: gettext catalogues, one a language, read with Babel.

A message id is a key ("answer.checked_on"); its words, in every language, stand in the catalogue, with named placeholders in braces.
A word that is missing falls back along the language's chain, is counted, and never fails a person.
"""

from __future__ import annotations

import string
from collections import Counter
from dataclasses import dataclass
from functools import cache
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


@cache
def catalogue(code: str) -> dict[str, str]:
    """key -> words of one language; empty where there is no catalogue."""
    found: dict[str, str] = {}
    for path in catalogue_files(code):
        with path.open("rb") as file:
            parsed: Catalog = read_po(file, locale=code, abort_invalid=True)
        found |= {str(entry.id): str(entry.string) for entry in parsed if entry.id and entry.string and not entry.fuzzy}
    return found


def catalogue_files(code: str) -> list[Path]:
    """The files of one language: ``<code>.po`` for the assistant, ``<code>.<part>.po`` for a part of the interface."""
    folder = HERE / "catalogues"
    return [*sorted(folder.glob(f"{code}.po")), *sorted(folder.glob(f"{code}.*.po"))]


def words(key: str, language: str, /, **fields: object) -> Words:
    """The words for `key` in `language` or the nearest language that has them, placeholders filled.

    An unknown key comes back as itself: a reader sees something, and the tests over all keys see to it that it does not happen.
    """
    for code in (*chain(language), LAST_RESORT):
        body = catalogue(code).get(key)
        if body is not None:
            return Words(_fill(body, fields), code)
        missing[code, key] += 1
    return Words(key, LAST_RESORT)


def say(key: str, language: str, /, **fields: object) -> str:
    """As `words`, the words alone."""
    return words(key, language, **fields).body


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
