"""What a file brings, whatever its format: documents, translations, and an account of everything that was left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from knowledge.documents.models import MODELS, Document
from knowledge.exchange.patch import Patch


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record, text or page that was left out, and why, in words for the person who made the file.

    Tables also name the row (as a spreadsheet counts it) and the column. `reason` is English; where there is a `key`, the catalogues have
    the same words in other languages, with `fields` for their placeholders.
    """

    file: str
    record: str
    reason: str
    row: int | None = None
    column: str | None = None
    key: str | None = None
    fields: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        where = "".join([f", row {self.row}" if self.row else "", f", {self.column}" if self.column else ""])
        return f"{self.file}{where}: {self.record}: {self.reason}"


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """A text of the record `kind`:`id` in another language. Lists have one item a line.

    `stated` is False where the file does not say how far the translation can be trusted: the same words then change nothing, whatever
    their state is, and other words are as `machine` and `reviewed_by` say.
    """

    kind: str
    id: str
    field: str
    language: str
    body: str
    machine: bool = False
    reviewed_by: str | None = None
    stated: bool = True


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A file that is usually there and is not. `held` are the parts of records, as (kind, path), that only it would have told; `rows` are
    rows of another file that cannot be understood without it, and were left out."""

    file: str
    held: tuple[tuple[str, str], ...]
    rows: int = 0


@dataclass
class Batch:
    """Checked documents by kind, their translations, and what was rejected (wrong) or skipped (right, and not for us).

    `format` names the exchange format ("csv", "hsds", "integreat"). `revisions` tells, where the file says so, from which revision of
    the record (kind, id) a row was made: newer edits than that are never overwritten without asking. `exported` tells when
    it was made: what was translated or set at the desk later is newer than the file.

    `patches` are records of which the file tells a part (see knowledge.exchange.patch); each record is either a document or a patch.
    `notices` are things to look at that left nothing out, such as a guessed encoding. What the files in `missing` would have held is empty
    in the documents, which does not mean that there is nothing.
    """

    format: str
    documents: dict[str, list[Document]] = field(default_factory=lambda: {kind: [] for kind in MODELS})
    translations: list[TranslatedText] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    skipped: list[Rejection] = field(default_factory=list)
    revisions: dict[tuple[str, str], int] = field(default_factory=dict)
    exported: dict[tuple[str, str], datetime] = field(default_factory=dict)
    patches: list[Patch] = field(default_factory=list)
    notices: list[Rejection] = field(default_factory=list)
    missing: list[MissingFile] = field(default_factory=list)

    @property
    def partial(self) -> dict[tuple[str, str], frozenset[str]]:
        """For each record that the file tells a part of: the paths it speaks about."""
        return {(patch.kind, patch.id): patch.paths for patch in self.patches}

    def add(self, kind: str, documents: Iterable[Document]) -> None:
        """Add documents of one kind."""
        self.documents[kind].extend(documents)
