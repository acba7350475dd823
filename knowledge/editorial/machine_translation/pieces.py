"""Texts as pieces that a machine can translate: line by line, without the signs of Markdown, with protected words as placeholders."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.domain.locked_words import CONTACTS, LockedWords, LostWords, Protected

# What stands before the words of a line: indentation, headings, list signs and numbers, quotes.
_BEFORE = re.compile(r"^\s*(?:(?:#{1,6}|[-*+•>]|[0-9]{1,3}[.)])\s+)*")
_SPACES = re.compile(r"\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a text: what goes to the machine, and what stays around it."""

    before: str
    words: str
    after: str


def pieces_of(text: str) -> list[Piece]:
    """The lines of a text; a line without a letter has no words to be translated."""
    return [_piece(line) for line in text.split("\n")]


def _piece(line: str) -> Piece:
    before = _BEFORE.match(line)
    start = before.end() if before else 0
    end = _SPACES.search(line, start)
    stop = end.start() if end else len(line)
    words = line[start:stop]
    if not any(sign.isalpha() for sign in words):
        return Piece(line, "", "")
    return Piece(line[:start], words, line[stop:])


def joined(pieces: list[Piece], translated: dict[str, str]) -> str:
    """The text again, with each piece's words replaced."""
    return "\n".join(f"{one.before}{translated.get(one.words, one.words)}{one.after}" for one in pieces)


@dataclass(frozen=True, slots=True)
class Guarded:
    """Words with placeholders for what must stay as it is."""

    words: str
    protected: Protected

    def restored(self, translated: str) -> str | None:
        """The translation with the protected words, on one line; None where the machine lost one."""
        try:
            return " ".join(self.protected.restore(translated).split())
        except LostWords:
            return None


def guard(words: str, locked: LockedWords) -> Guarded:
    """Protect locked words, telephone numbers, e-mail and web addresses."""
    return Guarded(words, locked.protect(words, CONTACTS))


def around_protected(words: str, locked: LockedWords) -> list[tuple[str, bool]]:
    """The words cut at what is protected: (part, whether it is to be translated). Joined they are the words again."""
    spans = [(one.start, one.end) for one in locked.find(words)]
    for pattern in CONTACTS:
        for match in pattern.finditer(words):
            if not any(start < match.end() and match.start() < end for start, end in spans):
                spans.append(match.span())
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(spans):
        parts += [(words[at:start], True), (words[start:end], False)]
        at = end
    parts.append((words[at:], True))
    return [(part, free and any(sign.isalpha() for sign in part)) for part, free in parts if part]
