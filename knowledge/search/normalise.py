"""Bring text to the form in which words are compared, whatever script, keyboard or hurry it was written with."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache, lru_cache

import snowballstemmer

# Letters that people (and keyboards) use for one another. Arabic: hamza carriers, final ya, ta marbuta, Persian kaf and ya, tatweel.
_LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ۀ": "ه", "ـ": "",
        "ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ё": "е", "ґ": "г",
        "’": "'", "`": "'", "ʼ": "'", "´": "'", "‘": "'",
        "٠": "0", "١": "1", "٢": "2", "٣": "3", "٤": "4", "٥": "5", "٦": "6", "٧": "7", "٨": "8", "٩": "9",
        "۰": "0", "۱": "1", "۲": "2", "۳": "3", "۴": "4", "۵": "5", "۶": "6", "۷": "7", "۸": "8", "۹": "9",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
# Cyrillic letters that decompose into another letter plus a mark, and whose mark is no accent but part of the letter.
_KEEP = {"й", "ї"}
_STEMMERS = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian", "ro": "romanian",
    "ru": "russian", "tr": "turkish",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def normalise(text: str) -> str:
    """Lower case, without accents and letter variants, single spaces. Idempotent."""
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    kept = []
    for letter in unicodedata.normalize("NFC", lowered):
        if letter in _KEEP:
            kept.append(letter)
            continue
        kept += [part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part)]
    return " ".join("".join(kept).translate(_LETTERS).split())


def words(text: str) -> list[str]:
    """The words of the normalised text."""
    return _WORD.findall(normalise(text))


# A stemmer keeps the word it works on in itself; two threads in one would give each other's stems, and the cache would keep them.
_one_at_a_time = threading.Lock()


@cache
def _stemmer(language: str) -> snowballstemmer.basestemmer.BaseStemmer | None:
    name = _STEMMERS.get(language)
    return snowballstemmer.stemmer(name) if name else None


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The stem of a normalised word; the word itself in a language without a stemmer."""
    with _one_at_a_time:
        stemmer = _stemmer(language)
        return str(stemmer.stemWord(word)) if stemmer else word


def terms(text: str, language: str) -> list[str]:
    """Stems of the words of `text`, single letters left out."""
    return [stem(word, language) for word in words(text) if len(word) > 1]
