"""Text as the parser reads it: small letters without accents, European digits, one kind of dash, and where each sign stood."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# Letters that people mix up, or that Unicode does not take apart: dotless i, alef maqsura, ta marbuta, small yeru variants.
_SAME = {"ı": "i", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك"}
_APOSTROPHES = "'’‘ʼ`´′"
_BULLETS = "|•·▪●◦*"
_PUNCTUATION = {"،": ",", "؛": ";", "~": "-", "→": "-", "−": "-"}
_TATWEEL = "ـ"


@dataclass(frozen=True, slots=True)
class Folded:
    """`plain` is what is read; the sign `plain[i]` comes from the sign `places[i]` of the text."""

    plain: str
    places: tuple[int, ...]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``plain[start:end]`` stands in the text, without spaces around it."""
        while start < end and self.plain[start] in " \n":
            start += 1
        while end > start and self.plain[end - 1] in " \n":
            end -= 1
        if start >= len(self.places):
            return self.length, self.length
        first = self.places[start]
        return first, max(first, self.places[end - 1] + 1 if end > start else first)


def fold(text: str) -> Folded:
    """`text` for the parser. Runs of spaces are one space, lines stay lines, invisible signs of direction are left out."""
    plain: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for one in _folded(sign, text[place + 1 : place + 2]):
            if one == " " and (not plain or plain[-1] in " \n"):
                continue
            if one == "\n" and plain and plain[-1] == " ":
                plain.pop()
                places.pop()
            plain.append(one)
            places.append(place)
    return Folded("".join(plain), tuple(places), len(text))


def fold_word(text: str) -> str:
    """`text` in the form in which `fold` leaves it, for the words of the vocabulary."""
    return fold(text).plain.strip()


def _folded(sign: str, following: str) -> str:
    if sign in "\n\u2028\u2029\x0b\x0c":
        return "\n"
    if sign == "\r":
        return "" if following == "\n" else "\n"
    if sign.isspace():
        return " "
    if sign in _APOSTROPHES:
        return "'"
    if sign in _BULLETS:
        return ";"
    if sign in _PUNCTUATION:
        return _PUNCTUATION[sign]
    category = unicodedata.category(sign)
    if category in ("Mn", "Cf") or sign == _TATWEEL:
        return ""
    if category == "Pd":
        return "-"
    if category in ("Pi", "Pf", "Cc") or sign == '"':
        return " "
    if category == "Nd":
        return str(unicodedata.digit(sign))
    apart = unicodedata.normalize("NFKD", sign.casefold())
    return "".join(_SAME.get(one, one) for one in apart if unicodedata.category(one) != "Mn").casefold()
