"""Counting sentences: an answer on a phone is short, in every script."""

from __future__ import annotations

import re

# The word before the mark, the mark, closing quotes and brackets; then a space or the end (Chinese and Japanese write no space).
_END = re.compile(r"(?P<word>[^\s.!?؟۔።։。！？]*)(?P<mark>[.!?؟۔።։]+[\"'»”“’)\]]*(?=\s|$)|[。！？]+[」』）]*)")
_ABBREVIATIONS = frozenset(
    ("bzw", "ca", "dr", "evtl", "geb", "ggf", "inkl", "mr", "mrs", "nr", "prof", "sog", "st", "str", "tel", "vgl", "вул", "ім", "тел")
)


def count_sentences(text: str) -> int:
    """Sentences of a text, in any script; words after the last mark are a sentence too.

    The dots of abbreviations ("z. B.", "Nr. 4") and ordinals ("2. Stock"), and a dot before a small letter, end none.
    """
    text = text.strip()
    sentences, begin = 0, 0
    for found in _END.finditer(text):
        if found.end() == len(text) or not _goes_on(found.group("word"), found.group("mark"), text[: found.start()], text[found.end() :]):
            sentences, begin = sentences + 1, found.end()
    return sentences + bool(re.search(r"\w", text[begin:])) or 1


def _goes_on(word: str, mark: str, before: str, after: str) -> bool:
    """Whether the sentence goes on after a dot."""
    if mark != ".":
        return False
    word = word.lstrip("(\"'„“«»”’")
    if (len(word) == 1 and word.isalpha()) or word.casefold() in _ABBREVIATIONS or after.lstrip()[:1].islower():
        return True
    # A short number alone is an ordinal; as the last group of a telephone number it ends a sentence.
    return word.isdigit() and len(word) <= 2 and not re.search(r"\d\s*$", before)
