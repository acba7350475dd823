"""Which language a message is in: character n-grams over our own examples, scripts and letters, langdetect, and what is known before.

Short messages are what people send, and they are where general identifiers fail, so nothing here decides alone: the votes are combined as
probabilities, and what remains doubtful is said to be unsure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from langdetect import DetectorFactory, detect_langs
from langdetect.lang_detect_exception import LangDetectException
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

DetectorFactory.seed = 0  # langdetect draws lots otherwise, and answers differently each time

SURE = 0.6
# How much more likely the language of the conversation so far, and the one the channel reports, are than any other.
CONVERSATION_WEIGHT = 6.0
HINT_WEIGHT = 3.0

_URL = re.compile(r"https?://\S+|\S+@\S+|[\d/.:+\-()]{4,}")
_NOT_LETTERS = re.compile(r"[\W\d_]+")

# Letters that only one of our languages writes (or a script that only one uses).
_TELLING: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile("[\u1200-\u137f]"), ("ti",)),
    (re.compile("[ښځڅېۍګړټډڼ]"), ("ps",)),
    (re.compile("[ەێۆڕڵ]"), ("ku",)),
    (re.compile("[پچژگ]"), ("fa", "ps", "ku")),
    (re.compile("[ةىإأؤ]"), ("ar",)),
    (re.compile("[їєґ]", re.I), ("uk",)),
    (re.compile("[ыэъё]", re.I), ("ru",)),
    (re.compile("[ğİı]"), ("tr",)),
    (re.compile("ß", re.I), ("de",)),
    (re.compile("[ąęłńśźż]", re.I), ("pl",)),
    (re.compile("[ăâîșțşţ]", re.I), ("ro", "tr", "ku", "fr")),
    (re.compile("[ñ¿¡]", re.I), ("es",)),
)
_TELLING_WEIGHT = 12.0
_SCRIPTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile("[\u0600-\u06ff]"), ("ar", "fa", "ps", "ku")),
    (re.compile("[\u0400-\u04ff]"), ("uk", "ru")),
    (re.compile("[\u1200-\u137f]"), ("ti",)),
)


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """The language of a message: `code` is the best guess, `candidates` the likely ones with probabilities, best first.

    `unsure` says that nobody should rely on `code`. `clear` says that the message alone, without what was known before, shows the language.
    """

    code: str
    confidence: float
    unsure: bool
    clear: bool
    candidates: tuple[tuple[str, float], ...]


class LanguageModel:
    """Trained on lists of messages by language."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self._features = TfidfVectorizer(
            analyzer=_grams, lowercase=False, min_df=2, max_features=80_000, sublinear_tf=True, dtype=np.float32
        )
        self._weights: Any = None
        self._bias: Any = None

    def train(self, texts: Sequence[str], codes: Sequence[str]) -> LanguageModel:
        """Learn from messages; each language weighs the same however many it has."""
        matrix = self._features.fit_transform([clean(text) for text in texts])
        machine = LogisticRegression(C=20.0, max_iter=400, class_weight="balanced", solver="liblinear")
        machine.fit(matrix, np.asarray(codes))
        self.codes = [str(code) for code in machine.classes_]
        self._weights = machine.coef_.T.astype(np.float32)
        self._bias = machine.intercept_.astype(np.float32)
        return self

    def evidence(self, text: str) -> dict[str, float]:
        """Probability of each language from the letters alone; empty where there is nothing to read."""
        plain = clean(text)
        if not plain:
            return {}
        margins = np.asarray(self._features.transform([plain]) @ self._weights)[0] + self._bias
        # One-against-the-rest logits, each turned into odds and brought to a sum of 1.
        odds = np.exp(np.clip(margins, -12, 12))
        found = {code: float(o) for code, o in zip(self.codes, odds, strict=True)}
        for pattern, codes in _TELLING:
            if pattern.search(text):
                _favour(found, codes, _TELLING_WEIGHT)
        script = _script(plain)
        if script:
            found = {code: value if code in script else value * 1e-4 for code, value in found.items()}
        for code, chance in _langdetect(plain).items():
            if code in found:
                found[code] *= 1 + 2 * chance
        return _normalised(found)

    def identify(self, text: str, *, hint: str | None = None, conversation: str | None = None) -> LanguageGuess | None:
        """The language of `text`, with what the channel reports (`hint`) and what was spoken so far; None where there is no letter."""
        alone = self.evidence(text)
        if not alone:
            return None
        clear = max(alone.values()) >= _clear_from(text)
        weighed = dict(alone)
        if hint in weighed:
            weighed[hint] *= HINT_WEIGHT
        if conversation in weighed:
            weighed[conversation] *= CONVERSATION_WEIGHT
        ranked = sorted(_normalised(weighed).items(), key=lambda item: -item[1])
        code, confidence = ranked[0]
        likely = tuple((c, p) for c, p in ranked[:3] if p >= 0.08)
        return LanguageGuess(code, confidence, confidence < SURE, clear, likely or ((code, confidence),))


def clean(text: str) -> str:
    """Letters only, lower case, without addresses and numbers, long repeats shortened ("heyyyy")."""
    lowered = _URL.sub(" ", text).replace("İ", "i").lower()
    letters = " ".join(_NOT_LETTERS.sub(" ", lowered).split())
    return re.sub(r"(\w)\1{2,}", r"\1\1", letters)


def _grams(plain: str) -> list[str]:
    """Character n-grams of one to five letters with word edges, and whole words (marked, so that they weigh for themselves)."""
    found: list[str] = []
    for word in plain.split():
        edged = f" {word} "
        for size in (1, 2, 3, 4, 5):
            found += [edged[i : i + size] for i in range(len(edged) - size + 1)]
        found.append(f"={word}")
    return found


def _script(plain: str) -> tuple[str, ...]:
    """The languages whose script most letters are in; empty for Latin letters."""
    letters = plain.replace(" ", "")
    for pattern, codes in _SCRIPTS:
        if len(pattern.findall(letters)) > len(letters) / 2:
            return codes
    return ()


def _langdetect(plain: str) -> dict[str, float]:
    try:
        return {str(one.lang): float(one.prob) for one in detect_langs(plain)}
    except LangDetectException:
        return {}


def _favour(found: dict[str, float], codes: Sequence[str], weight: float) -> None:
    for code in codes:
        if code in found:
            found[code] *= weight


def _normalised(found: Mapping[str, float]) -> dict[str, float]:
    total = sum(found.values())
    return {code: value / total for code, value in found.items()} if total > 0 else dict(found)


def _clear_from(text: str) -> float:
    """How sure the letters alone must be to speak for a change of language: the shorter the message, the surer."""
    count = len(_NOT_LETTERS.split(text.strip()))
    return 0.9 if count >= 4 else 0.97 if count >= 2 else 0.995
