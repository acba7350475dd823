"""Safety signals: short phrases that alone are reason to show emergency numbers, written by people, one file a language.

They work without any model, in whatever language the message seems to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.search.normalise import normalise

SAFETY_FOLDER = Path(__file__).resolve().parents[2] / "data" / "safety"
# A final word this long may carry an ending ("себе" no, "убиває" -> "убиваєте" yes).
_OPEN_ENDED = 5
# Arabic writes "and", "so", "to" onto the word.
_ARABIC_PREFIX = "(?:[وفبلك]|ال)?"


@dataclass(frozen=True, slots=True)
class Ordinary:
    """A message that looks dangerous and is not, with its topic."""

    text: str
    topic: str
    language: str


class Signals:
    """The phrases of all languages, compiled once."""

    def __init__(self, phrases: dict[str, list[str]], harmless: Iterable[str]) -> None:
        self._patterns = {kind: _pattern(found) for kind, found in phrases.items() if found}
        harmless = list(harmless)
        self._harmless = _pattern(harmless) if harmless else None

    def kind(self, text: str) -> str | None:
        """The kind of crisis that a phrase in `text` speaks of, None if there is none.

        Harmless phrases ("dying of hunger") are taken out first, so that a real signal elsewhere in the message still counts.
        """
        plain = normalise(text)
        if self._harmless is not None:
            plain = self._harmless.sub(" ", plain)
        for kind, pattern in self._patterns.items():
            if pattern.search(plain):
                return kind
        return None


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    parts = sorted({_phrase(normalise(phrase)) for phrase in phrases}, key=len, reverse=True)
    return re.compile("|".join(parts))


def _phrase(phrase: str) -> str:
    words = phrase.split()
    body = r"[\W_]+".join(re.escape(word) for word in words)
    start = r"(?<!\w)" + (_ARABIC_PREFIX if "\u0600" <= words[0][0] <= "\u06ff" else "")
    return start + body + ("" if len(words[-1]) >= _OPEN_ENDED else r"(?!\w)")


def load_signals(folder: Path = SAFETY_FOLDER) -> Signals:
    """Read all languages' phrases. The kinds keep the order in which they are to be recognised."""
    phrases: dict[str, list[str]] = {}
    harmless: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for kind, found in document.get("signals", {}).items():
            phrases.setdefault(kind, []).extend(str(one) for one in found)
        harmless += [str(one) for one in document.get("not_signals") or []]
    order = ("safety.self_harm", "health.emergency", "safety.danger", "safety.violence", "safety.trafficking", "safety.child_alone")
    return Signals({kind: phrases[kind] for kind in order if kind in phrases}, harmless)


def load_ordinary(folder: Path = SAFETY_FOLDER, section: str = "ordinary") -> list[Ordinary]:
    """Messages that look dangerous and are not: for training (`ordinary`) or held back (`ordinary_heldout`)."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [Ordinary(str(row["text"]), row["topic"], path.stem.partition(".")[0]) for row in document.get(section) or []]
    return found
