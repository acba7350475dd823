"""What is told about a page: why it was left out, and what was changed on the way. Keys until somebody reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from locales.catalogue import say


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of the catalogues, ``integreat.<key>``, with its fields."""

    key: str
    fields: dict[str, object] = field(default_factory=dict, hash=False)

    def say(self, language: str) -> str:
        """In the reader's language."""
        return say(f"integreat.{self.key}", language, **self.fields)


class Outcome(StrEnum):
    """What became of a page of a file."""

    DOCUMENT = "document"
    TRANSLATION = "translation"
    SKIPPED = "skipped"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """One page of a file and what became of it.

    `number` is the file's id of the page, which is that of one revision in one language; `id` is ours. `reason` is there where the page
    was left out. `changed_on` is the day of the last change, which is not a day on which somebody checked the page.
    """

    file: str
    language: str
    position: int  # from 1, in the file
    number: int | None
    path: str
    title: str
    outcome: Outcome
    id: str | None = None
    reason: Notice | None = None
    notices: tuple[Notice, ...] = ()
    changed_on: date | None = None

    @property
    def label(self) -> str:
        """How the page is named in messages."""
        return self.path or self.title or f"#{self.position}"


@dataclass(frozen=True, slots=True)
class Figures:
    """Pages of one language by outcome; `in_file` is counted by itself, from the rows of the files."""

    in_file: int
    documents: int
    translations: int
    skipped: int
    rejected: int

    @property
    def adds_up(self) -> bool:
        """Whether every page of the files is accounted for, once."""
        return self.in_file == self.documents + self.translations + self.skipped + self.rejected
