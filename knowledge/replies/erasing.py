"""Whether words ask to have the talk deleted, in any of the languages."""

from __future__ import annotations

from functools import cache

from knowledge.search.normalise import normalise, words
from locales.word_lists import in_all_languages, word_lists

# A shorter word counts only as a whole: "sil" is "delete" in Turkish, "silah" a weapon.
_WHOLE_WORD = 4


def wants_erasing(text: str) -> bool:
    """Whether the words speak of deleting."""
    return any(word == stem or (len(stem) >= _WHOLE_WORD and word.startswith(stem)) for word in words(text) for stem in _stems())


@cache
def _stems() -> tuple[str, ...]:
    return tuple(map(normalise, in_all_languages(word_lists()["erase"])))
