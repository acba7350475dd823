"""Locked words: names of offices, laws and addresses that stay as they are in every language."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.domain.errors import KnowledgeError

# What else must not change when a machine translates: web and e-mail addresses, telephone numbers, also short ones (112, 116 117).
CONTACTS = (
    re.compile(r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]]", re.IGNORECASE),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?<![\w.])(?:\+|00?)[1-9](?:[ \u00a0()/.-]{0,3}[0-9]){4,14}(?!\w)"),
    re.compile(r"(?<![\w.,:])1[0-9]{2}(?:[ \u00a0]?[0-9]{3})?(?![\w]|[.,:][0-9])"),
)
# Letters and digits only: translation services leave such "words" alone more often than brackets.
_STEMS = ("QX", "ZQ", "XJ", "KQZ", "JXQZ")


class LostWords(KnowledgeError):
    """A translation lost protected words, or has some of them too often; `terms` names them."""

    def __init__(self, terms: Sequence[str]) -> None:
        super().__init__("translator.lost_words", terms=", ".join(terms))
        self.terms = tuple(terms)


@dataclass(frozen=True, slots=True)
class Found:
    """A locked word at ``text[start:end]``; `term` is how it is locked, which may differ from the text in its spaces."""

    start: int
    end: int
    term: str


class Protected(NamedTuple):
    """A text with placeholders, and what puts the words back into its translation (raises LostWords)."""

    text: str
    restore: Callable[[str], str]


class LockedWords:
    """Finds locked words in texts. Upper and lower case matter: "Amt" the office is not "amt" within a name."""

    def __init__(self, terms: Iterable[str]) -> None:
        cleaned = (" ".join(unicodedata.normalize("NFC", term).split()) for term in terms)
        self.terms = tuple(sorted({term for term in cleaned if term}, key=lambda term: (-len(term), term)))
        forms = [(form, term) for term in self.terms for form in dict.fromkeys((term, unicodedata.normalize("NFD", term)))]
        self._forms: dict[str, list[tuple[re.Pattern[str], str]]] = defaultdict(list)
        for form, term in forms:
            self._forms[form[0]].append((re.compile(_spaced(form)), term))
        self._pattern = re.compile("|".join(_spaced(form) for form, _ in forms)) if forms else None

    def find(self, text: str) -> list[Found]:
        """Locked words in `text`, in order; of two that overlap, the one that begins first, and the longer one."""
        found: list[Found] = []
        at = 0
        while self._pattern is not None and (match := self._pattern.search(text, at)):
            whole = self._whole(text, match)
            if whole is None:
                at = match.start() + 1
                continue
            found.append(whole)
            at = whole.end
        return found

    def _whole(self, text: str, match: re.Match[str]) -> Found | None:
        """The longest term at this place that is a word by itself; a shorter one may be where a longer one is not."""
        for pattern, term in self._forms[text[match.start()]]:
            here = pattern.match(text, match.start())
            if here and _stands_alone(text, here.start(), here.end()):
                return Found(here.start(), here.end(), term)
        return None

    def protect(self, text: str, also: Iterable[re.Pattern[str]] = ()) -> Protected:
        """`text` with placeholders for locked words and for what the patterns `also` match, such as CONTACTS."""
        spans = [(one.start, one.end) for one in self.find(text)]
        for pattern in also:
            for match in pattern.finditer(text):
                if not any(start < match.end() and match.start() < end for start, end in spans):
                    spans.append(match.span())
        spans.sort()
        stem = next((one for one in _STEMS if not re.search(one, text, re.IGNORECASE)), _STEMS[0])
        words: list[str] = []
        parts: list[str] = []
        at = 0
        for start, end in spans:
            parts += [text[at:start], f"{stem}{len(words)}{stem[::-1]}"]
            words.append(text[start:end])
            at = end
        parts.append(text[at:])
        return Protected("".join(parts), _Restore(stem, tuple(words)))

    def broken(self, source: str, target: str) -> list[str]:
        """Terms of `source` that do not stand in `target` as they are; once is enough, a translation need not repeat a name."""
        wanted = dict.fromkeys(one.term for one in self.find(source))
        kept = {one.term for one in self.find(target)}
        # A longer locked word in the translation carries the shorter one within it.
        return [term for term in wanted if term not in kept and not any(term in longer for longer in kept)]


@dataclass(frozen=True, slots=True)
class _Restore:
    stem: str
    words: tuple[str, ...]

    def __call__(self, translated: str) -> str:
        pattern = re.compile(_placeholder(self.stem), re.IGNORECASE)
        numbers = [int(match.group(1)) for match in pattern.finditer(translated)]
        wrong = [word for number, word in enumerate(self.words) if numbers.count(number) != 1]
        if wrong or len(numbers) != len(self.words):
            raise LostWords(wrong)
        return pattern.sub(lambda match: self.words[int(match.group(1))], translated)


def _placeholder(stem: str) -> str:
    gap = r"\s?"
    return gap.join([*stem, r"(\d+)", *reversed(stem)])


def _spaced(form: str) -> str:
    """The term, with any spaces or line breaks where it has a space."""
    return r"\s+".join(re.escape(part) for part in form.split(" "))


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (_continues(text[start - 1 : start], text[start]) or _continues(text[end : end + 1], text[end - 1]))


def _continues(neighbour: str, edge: str) -> bool:
    """Whether a sign belongs to the same word. Arabic prefixes before a Latin name do not: other scripts are other words."""
    if not neighbour or not (edge.isalnum() or unicodedata.category(edge) == "Mn"):
        return False
    if unicodedata.category(neighbour) == "Mn":
        return True
    if not (neighbour.isalnum() or neighbour == "_"):
        return False
    return neighbour == "_" or neighbour.isdigit() or edge.isdigit() or _script(neighbour) == _script(edge)


def _script(sign: str) -> str:
    return unicodedata.name(sign, "?").split(" ")[0]
