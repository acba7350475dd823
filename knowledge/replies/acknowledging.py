"""Whether words say only that something was read: "ok", "tamam", "добре"."""

from __future__ import annotations

from functools import cache

from knowledge.search.normalise import normalise
from locales.word_lists import in_all_languages, word_lists

_LONGEST = 2


def only_read(text: str) -> bool:
    """Whether the words say that something was read, and ask for nothing."""
    words = normalise(text).split()
    return 0 < len(words) <= _LONGEST and words[0].strip(".!,") in _read()


@cache
def _read() -> frozenset[str]:
    return frozenset(map(normalise, in_all_languages(word_lists()["read"])))
