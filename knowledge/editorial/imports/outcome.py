"""What an import would do, what was decided about it, and what it has done."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from knowledge.documents.models import Document
from knowledge.editorial.errors import DeskError
from knowledge.exchange.batch import Rejection

# Told after every few records: (done, of how many). Raises Cancelled to stop.
Progress = Callable[[int, int], None]


class Cancelled(DeskError):
    """Somebody has stopped the import. The caller rolls back, and nothing of it remains."""

    def __init__(self) -> None:
        super().__init__("desk.imports.cancelled")


class Action(StrEnum):
    """What an import does to a record."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"


class Doubt(StrEnum):
    """Why a record is a conflict: asked about, and left alone unless somebody decides otherwise."""

    # It was changed at the desk since the file was made, or since the last import from the same source.
    CHANGED = "changed"
    # It was written at the desk, and the file does not say from when it is.
    UNKNOWN = "unknown"
    # It was taken away from the readers at the desk.
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after. `path` is as in `knowledge.documents.changes`; of a translation it is ``texts.name@uk``.

    `doubt`: the desk has changed the same field, too.
    """

    path: str
    before: Any
    after: Any
    doubt: bool = False


@dataclass(frozen=True, slots=True)
class NewTranslation:
    """A translation that the import brings, of the words `source`."""

    field: str
    language: str
    source: str
    body: str
    machine: bool
    reviewed_by: str | None


@dataclass
class Item:
    """What would happen to one record.

    `document` is the whole document as it would be then. `newest` is the number of the revision that was looked at (0: none), `publish`
    whether readers see it at once: not where somebody is working on a draft, nor where it points at what is not public.
    """

    key: str
    kind: str
    id: str
    name: str
    action: Action
    document: dict[str, Any]
    changes: list[FieldChange] = field(default_factory=list)
    translations: list[NewTranslation] = field(default_factory=list)
    doubt: Doubt | None = None
    newest: int = 0
    publish: bool = True
    place: str = ""
    # What the source says about the record, to be kept for the next import from it (see `knowledge.editorial.imports.basis`).
    digest: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def rewrites(self) -> bool:
        """Whether the document itself would be another, and not only translations."""
        return self.newest == 0 or any("@" not in change.path for change in self.changes)

    # `document` as its model, where it has been checked before the import begins (see `knowledge.editorial.imports.prepare`).
    parsed: Document | None = field(default=None, compare=False, repr=False)

    @property
    def fingerprint(self) -> str:
        """The same as long as the same would happen: what was decided about another change does not count for this one."""
        seen = [self.action, self.newest, self.publish, [asdict(one) for one in self.changes], [asdict(one) for one in self.translations]]
        content = seen if self.action is not Action.CREATE else [*seen, self.document]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:16]

    def as_json(self) -> dict[str, Any]:
        """For keeping and showing."""
        return {
            "key": self.key,
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "action": self.action.value,
            "doubt": self.doubt.value if self.doubt else None,
            "changes": [asdict(one) for one in self.changes],
            "publish": self.publish,
            "place": self.place,
            "fingerprint": self.fingerprint,
        }


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that is usually there, what of records it would have held, as (kind, path), and how many records have something there."""

    file: str
    held: tuple[tuple[str, str], ...]
    records: int


@dataclass
class Plan:
    """What an import from `source` would do, record by record; made at `at`."""

    municipality: str
    source: str
    format: str
    at: datetime
    items: list[Item] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    skipped: list[Rejection] = field(default_factory=list)
    notices: list[Rejection] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many of what: each action, rejected, skipped and notices."""
        found = Counter(item.action.value for item in self.items)
        told = {"rejected": len(self.rejected), "skipped": len(self.skipped), "notices": len(self.notices)}
        return {action.value: found[action.value] for action in Action} | told

    def fingerprints(self) -> dict[str, str]:
        """Key -> fingerprint of everything that would be written, to be kept with what was shown."""
        return {item.key: item.fingerprint for item in self.items if item.action is not Action.UNCHANGED}

    def as_json(self) -> dict[str, Any]:
        """For keeping and showing; what stays unchanged is only counted."""
        told = {name: [_told(one) for one in getattr(self, name)] for name in ("rejected", "skipped", "notices")}
        items = [item.as_json() for item in self.items if item.action is not Action.UNCHANGED]
        head = {"municipality": self.municipality, "source": self.source, "format": self.format, "at": self.at.isoformat()}
        found: dict[str, Any] = json.loads(json.dumps({**head, "counts": self.counts, "items": items, **told}, default=str))
        return found


def _told(one: Rejection) -> dict[str, Any]:
    return {
        "file": one.file,
        "record": one.record,
        "reason": one.reason,
        "row": one.row,
        "column": one.column,
        "key": one.key,
        "fields": dict(one.fields),
    }


@dataclass(frozen=True)
class Decisions:
    """What a person has decided about a plan.

    `take` are keys of conflicts in which the file is right; the others are kept as they are at the desk. `skip` are keys to leave out.
    Without `publish` everything becomes drafts. `seen` are the fingerprints of the plan that was shown (`Plan.fingerprints`): what would
    happen differently by now is left alone and reported.
    """

    take: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    publish: bool = True
    seen: Mapping[str, str] | None = None


@dataclass
class Report:
    """What an import has done: numbers of records, and the keys of those that were left alone."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    published: int = 0
    drafts: int = 0
    translations: int = 0
    # Conflicts that nobody took, records left out by a person, and records that somebody has changed since the plan was shown.
    kept: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For keeping and showing."""
        return asdict(self)
