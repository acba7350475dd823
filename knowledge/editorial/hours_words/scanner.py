"""From a folded text to tokens. Words of all languages are known; where one means different things, the language of the text decides."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from knowledge.editorial.hours_words.numbers import number_at
from knowledge.editorial.hours_words.tokens import Token
from knowledge.editorial.hours_words.vocabulary import LANGUAGES, Kind, Meaning, Phrase, phrases

_WORD = re.compile(r"[^\W\d_]+")
_MERIDIEM = re.compile(r" ?([ap])\. ?m\.?(?![a-z'])| ?([ap])m\.?(?![a-z'])")
_ABLATIVE = re.compile(r"'?(?:den|dan|ten|tan)(?![a-z])")
_ENDING = re.compile(r"'?(?:lerinde|larinda|leri|lari|ler|lar|de|da|te|ta|ye|ya|yi|ne|na|si|e|a|i|u|nin|in|un)(?![a-z])")
_SIGNS = {
    "-": Kind.DASH, ",": Kind.COMMA, ";": Kind.STOP, ":": Kind.COLON, "!": Kind.STOP, "?": Kind.STOP, "/": Kind.AND, "&": Kind.AND,
    "+": Kind.AND, "(": Kind.PAREN_OPEN, "[": Kind.PAREN_OPEN, ")": Kind.PAREN_CLOSE, "]": Kind.PAREN_CLOSE,
}  # fmt: skip
# Words that say little about the language of a text, because they are short and common in several.
_WEAK = (Kind.FILLER, Kind.RANGE, Kind.FROM, Kind.AND, Kind.HOUR)
_SHORTENED = (Kind.DAYS, Kind.MONTH, Kind.AND, Kind.ALSO)
_PARTS = (Kind.MORNING, Kind.AFTERNOON, Kind.NIGHT)
_CLOCKS = (Kind.NUMBER, Kind.TIME, Kind.COMPACT)


def scan(text: str, language: str) -> list[Token]:
    """All tokens of the folded `text`, in order. `language` is the editor's, which settles what the text itself leaves open."""
    return _Scanner(text, _by_likelihood(text, language), language != "en").run()


def _by_likelihood(text: str, language: str) -> list[str]:
    """Languages, the likeliest for this text first: by how many of its words they know."""
    known: Counter[str] = Counter({language: 1})
    at = 0
    while at < len(text):
        found = phrase_at(text, at)
        if found is None:
            word = _WORD.match(text, at)
            at = word.end() if word else at + 1
            continue
        known.update({code: 2 for code, meaning in found.meanings.items() if meaning.kind not in _WEAK})
        at += len(found.text)
    return sorted(LANGUAGES, key=lambda code: -known[code])


@cache
def _by_text() -> dict[str, Phrase]:
    return {one.text: one for ones in phrases().values() for one in ones}


def phrase_at(text: str, at: int) -> Phrase | None:
    """The longest phrase of the vocabulary that begins at `at`; it does not end within a word or a number."""
    for one in phrases().get(text[at], ()):
        if text.startswith(one.text, at) and _ends(text, at, at + len(one.text)):
            return one
    return None


def _ends(text: str, start: int, end: int) -> bool:
    last, following = text[end - 1], text[end : end + 1]
    if last.isalpha() and following.isalpha():
        return False
    if text[start].isdigit():
        before = text[start - 1 : start]
        if (before and (before.isdigit() or before in "./:-")) or re.match(r"[./:]?\d", text[end : end + 2]):
            return False
    return not (last.isdigit() and following.isdigit())


class _Scanner:
    def __init__(self, text: str, order: list[str], day_first: bool) -> None:
        self.text = text
        self.order = order
        self.day_first = day_first
        self.at = 0
        self.tokens: list[Token] = []

    def run(self) -> list[Token]:
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == " ":
                self.at += 1
            elif sign == "\n":
                self._lines()
            elif not self._phrase():
                if sign.isdigit():
                    self._number()
                elif sign.isalpha():
                    self._unknown_word()
                else:
                    self._sign(sign)
        return self.tokens

    def _add(self, kind: Kind, length: int, number: int = 0) -> None:
        self.tokens.append(Token(kind, self.at, self.at + length, number))
        self.at += length

    def _lines(self) -> None:
        end = self.at
        while end < len(self.text) and self.text[end] in "\n ":
            end += 1
        self._add(Kind.BLANK if self.text.count("\n", self.at, end) > 1 else Kind.LINE, end - self.at)

    def _phrase(self) -> bool:
        found = phrase_at(self.text, self.at)
        if found is None:
            return False
        meaning = self._meaning(found)
        length = len(found.text)
        if meaning.kind in _SHORTENED and not found.whole and self.text[self.at + length : self.at + length + 1] == ".":
            length += 1
        self._add(meaning.kind, length, meaning.number)
        if meaning.kind in (Kind.DAYS, Kind.MONTH):
            self._ending()
        return True

    def _meaning(self, phrase: Phrase) -> Meaning:
        return next(phrase.meanings[code] for code in self.order if code in phrase.meanings)

    def _number(self) -> None:
        before = self.tokens[-2:]
        within = len(before) == 2 and before[1].kind in (Kind.DASH, Kind.RANGE) and before[0].kind in _CLOCKS
        token = number_at(self.text, self.at, within, self.day_first)
        self.tokens.append(token)
        self.at = token.end
        if token.kind in _CLOCKS:
            self._meridiem()
        self._ending()

    def _meridiem(self) -> None:
        found = _MERIDIEM.match(self.text, self.at)
        if found is None:
            return
        # In German "9-12 am Montag" has another "am".
        if found.group() == " am" and self.text[found.end() : found.end() + 1] == " ":
            following = phrase_at(self.text, found.end() + 1) if found.end() + 1 < len(self.text) else None
            if following and self._meaning(following).kind in (Kind.DAYS, Kind.HOLIDAY, Kind.WEEKEND) and self.order[0] == "de":
                return
        part = Kind.MORNING if "a" in found.group() else Kind.AFTERNOON
        self.tokens.append(Token(part, found.start(), found.end(), dotted=True))
        self.at = found.end()

    def _ending(self) -> None:
        """Turkish endings after an apostrophe: "9'dan 17'ye"."""
        if self.text[self.at : self.at + 1] != "'":
            return
        if found := _ABLATIVE.match(self.text, self.at):
            self._add(Kind.RANGE, len(found.group()))
        elif found := _ENDING.match(self.text, self.at):
            self._add(Kind.FILLER, len(found.group()))

    def _unknown_word(self) -> None:
        found = _WORD.match(self.text, self.at)
        word = found.group() if found else self.text[self.at]
        if not (self._prefixed(word) or self._inflected(word) or self._compound(word)):
            self._add(Kind.UNKNOWN, len(word))

    def _prefixed(self, word: str) -> bool:
        """Arabic "and", "on" and "to" are written together with the word that follows."""
        if word[0] not in "وبل" or len(word) < 3 or phrase_at(self.text, self.at + 1) is None:
            return False
        self._add(Kind.AND if word[0] == "و" else Kind.FILLER, 1)
        return True

    def _inflected(self, word: str) -> bool:
        for length in range(len(word) - 1, 2, -1):
            stem, ending = _by_text().get(word[:length]), word[length:]
            meaning = stem.meanings.get("tr") if stem and stem.whole else None
            if meaning is None or meaning.kind not in (Kind.DAYS, Kind.MONTH):
                continue
            if _ABLATIVE.fullmatch(ending):
                self._add(meaning.kind, length, meaning.number)
                self._add(Kind.RANGE, len(ending))
                return True
            if _ENDING.fullmatch(ending):
                self._add(meaning.kind, len(word), meaning.number)
                return True
        return False

    def _compound(self, word: str) -> bool:
        """German "Mittwochnachmittag"."""
        for length in range(len(word) - 3, 1, -1):
            day, part = _by_text().get(word[:length]), _by_text().get(word[length:])
            if day and part and self._meaning(day).kind is Kind.DAYS and self._meaning(part).kind in _PARTS:
                self._add(Kind.DAYS, length, self._meaning(day).number)
                self._add(self._meaning(part).kind, len(word) - length)
                return True
        return False

    def _sign(self, sign: str) -> None:
        if sign == ".":
            if self.text[self.at + 1 : self.at + 2] in ("", " ", "\n"):
                self._add(Kind.STOP, 1)
            else:
                self.at += 1
        elif sign == "'":
            self.at += 1
        else:
            self._add(_SIGNS.get(sign, Kind.UNKNOWN), 1)
