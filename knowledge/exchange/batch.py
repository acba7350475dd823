"""What a file brings, whatever its format: documents, translations, and an account of everything that was left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.documents.models import MODELS, Document


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record, text or page that was left out, and why, in words for the person who made the file."""

    file: str
    record: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.record}: {self.reason}"


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """A text of the record `kind`:`id` in another language. Lists have one item a line."""

    kind: str
    id: str
    field: str
    language: str
    body: str
    machine: bool = False
    reviewed_by: str | None = None


@dataclass
class Batch:
    """Checked documents by kind, their translations, and what was rejected (wrong) or skipped (right, and not for us).

    `format` names the exchange format ("csv", "hsds", "integreat"). `revisions` tells, where the file says so, from which revision of
    the record (kind, id) a row was made: newer edits than that are never overwritten without asking.
    """

    format: str
    documents: dict[str, list[Document]] = field(default_factory=lambda: {kind: [] for kind in MODELS})
    translations: list[TranslatedText] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    skipped: list[Rejection] = field(default_factory=list)
    revisions: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, kind: str, documents: Iterable[Document]) -> None:
        """Add documents of one kind."""
        self.documents[kind].extend(documents)
