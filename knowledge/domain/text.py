"""Texts that people read, their translations, and how far a translation can be trusted.

A translation belongs to a revision of the source text. Whether it is missing, machine-made, reviewed or outdated is computed from
the revisions (see `translation_state`) and never stored: what is stored goes stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class TranslationState(StrEnum):
    """How far the text at hand can be trusted, from best to worst."""

    ORIGINAL = "original"
    REVIEWED = "reviewed"
    MACHINE = "machine"
    OUTDATED = "outdated"
    MISSING = "missing"

    @property
    def rank(self) -> int:
        """0 for the original, growing with distrust."""
        return list(TranslationState).index(self)


def translation_state(*, of_revision: int, last_major_revision: int, machine: bool, reviewed: bool) -> TranslationState:
    """State of an existing translation of revision `of_revision`.

    A minor edit of the source (a comma, a typing error) does not age translations, so only the last major revision counts.
    """
    if of_revision < last_major_revision:
        return TranslationState.OUTDATED
    if machine and not reviewed:
        return TranslationState.MACHINE
    return TranslationState.REVIEWED


@dataclass(frozen=True, slots=True)
class Translation:
    """One field in one language."""

    body: str
    state: TranslationState


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as one reader gets it: the body, the language it is in, and its state."""

    body: str
    language: str
    state: TranslationState

    @property
    def lines(self) -> tuple[str, ...]:
        """The items of a text that is a list (one item a line)."""
        return tuple(line for line in self.body.split("\n") if line.strip())


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """A source text with its translations, keyed by BCP 47 code."""

    language: str
    body: str
    translations: Mapping[str, Translation] = field(default_factory=dict)

    def read(self, chain: Iterable[str]) -> Reading:
        """The text in the first language of `chain` that has it; the source text where none has."""
        for code in chain:
            if code == self.language:
                break
            found = self.translations.get(code)
            if found is not None:
                return Reading(found.body, code, found.state)
        return Reading(self.body, self.language, TranslationState.ORIGINAL)

    def state_in(self, code: str) -> TranslationState:
        """State of this text in exactly the language `code`."""
        if code == self.language:
            return TranslationState.ORIGINAL
        found = self.translations.get(code)
        return found.state if found else TranslationState.MISSING

    def all_bodies(self) -> Iterable[tuple[str, str]]:
        """(language, body) of the source and of every translation."""
        yield self.language, self.body
        for code, translation in self.translations.items():
            yield code, translation.body


Texts = Mapping[str, LocalizedText]


def worst(states: Iterable[TranslationState]) -> TranslationState:
    """The least trustworthy of `states`; ORIGINAL if there are none."""
    return max(states, key=lambda state: state.rank, default=TranslationState.ORIGINAL)
