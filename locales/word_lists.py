"""Everyday words that people write, by language: what stands in ``word_lists.yml``, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import yaml

from locales.registry import HERE


@cache
def word_lists() -> dict[str, Any]:
    """Name of a list -> its words; most lists have them by language."""
    loaded: dict[str, Any] = yaml.safe_load((HERE / "word_lists.yml").read_text(encoding="utf-8"))
    return loaded


def in_all_languages(by_language: Mapping[str, Iterable[Any]]) -> list[str]:
    """The words of all languages one after the other."""
    return [str(word) for words in by_language.values() for word in words]
