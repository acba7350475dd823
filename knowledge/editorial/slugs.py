"""Ids made out of names: readable, in small Latin letters, whatever script the name is written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_LONGEST = 60
_LATIN = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe", "å": "aa", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
    "ı": "i", "ħ": "h", "ŋ": "ng", "ə": "e",
}  # fmt: skip
# Ukrainian as in passports (resolution 55 of 2010), with the letters of Russian, Bulgarian, Serbian and Belarusian beside it.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ё": "io", "ж": "zh", "з": "z", "и": "y", "і": "i",
    "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u",
    "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l", "μ": "m", "ν": "n",
    "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
# Arabic and Persian write few vowels: what comes out can be told apart and typed, which is all an id is for.
_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh",
    "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k",
    "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y", "ى": "a", "ة": "a", "ء": "", "ئ": "y", "ؤ": "w", "ـ": "", "پ": "p",
    "چ": "ch", "ژ": "zh", "ک": "k", "گ": "g", "ی": "y", "ڤ": "v",
}  # fmt: skip
_LETTERS = str.maketrans(_LATIN | _CYRILLIC | _GREEK | _ARABIC)


def slug(name: str) -> str:
    """``"buergerbuero-mitte"`` for ``"Bürgerbüro Mitte"``; empty where no letter of the name has a Latin form here."""
    lowered = unicodedata.normalize("NFC", name.strip().lower().replace("\u2019", "'"))
    # First whole letters ("ü", "й"), then what is left of letters with marks ("é"), which may again be one of ours ("ё" with an accent).
    parts = unicodedata.normalize("NFKD", lowered.translate(_LETTERS))
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter)).translate(_LETTERS)
    joined = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    if len(joined) <= _LONGEST:
        return joined
    return joined[: _LONGEST + 1].rpartition("-")[0] or joined[:_LONGEST]


def free_id(name: str, kind: str, taken: Callable[[str], bool]) -> str:
    """An id for a new record of `kind`: made of its name, with a number behind it where that is taken."""
    wanted = slug(name) or kind
    number = 1
    found = wanted
    while taken(found):
        number += 1
        found = f"{wanted}-{number}"
    return found
