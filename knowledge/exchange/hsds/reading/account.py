"""Rows as they were read, and the account of what became of each: imported, skipped or rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.exchange.batch import Rejection
from knowledge.exchange.hsds.tables import tables
from locales.catalogue import say

_NAMES_IN_A_GROUP = 5
_LONGEST_NAME = 60


class Fate(StrEnum):
    """What became of a row."""

    IMPORTED = "imported"
    SKIPPED = "skipped"
    REJECTED = "rejected"


@dataclass(slots=True)
class Row:
    """A row of a table: its values that are not empty, as text, and where it stands (`line` is 0 in JSON)."""

    table: str
    values: dict[str, str]
    file: str
    line: int = 0
    fate: Fate | None = None

    @property
    def id(self) -> str:
        """Its identifier."""
        return self.values.get("id", "")

    def get(self, name: str) -> str | None:
        """A value; None where it is empty."""
        return self.values.get(name)

    @property
    def label(self) -> str:
        """How people recognise it."""
        for name in ("name", "title", "number", "document", "description", "address_1", "code", "topic"):
            if name in self.values:
                words = " ".join(self.values[name].split())
                return words if len(words) <= _LONGEST_NAME else f"{words[:_LONGEST_NAME]}…"
        return f"{self.table} {self.id}".strip()


@dataclass
class Account:
    """Collects what became of the rows.

    What concerns many rows alike (a table that has no place here) is one entry that names the first of them and counts the rest.
    """

    rejected: list[Rejection] = field(default_factory=list)
    skipped: list[Rejection] = field(default_factory=list)
    notices: list[Rejection] = field(default_factory=list)
    _groups: dict[tuple[Fate | None, str, str], list[str]] = field(default_factory=dict)
    _columns: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)

    def take(self, row: Row, used: Iterable[str] | None = None) -> None:
        """The row is imported. `used` are the columns that were; what else has a value is told at the end, by column."""
        row.fate = Fate.IMPORTED
        if used is not None:
            # What a key points at is a row of its own.
            known = {"id", *used, *tables()[row.table].foreign_keys}
            left = [name for name in row.values if name not in known]
            if left:
                self._columns.setdefault((row.file, row.table), Counter()).update(left)

    def reject(self, row: Row, key: str, /, **fields: object) -> None:
        """The row is wrong."""
        row.fate = Fate.REJECTED
        self.wrong(row, key, **fields)

    def skip(self, row: Row, key: str, /, **fields: object) -> None:
        """The row is right, and not for us."""
        row.fate = Fate.SKIPPED
        self.left_out(row, key, **fields)

    def skip_alike(self, row: Row, key: str) -> None:
        """As `skip`, one entry for all rows of the file with the same reason."""
        row.fate = Fate.SKIPPED
        self._groups.setdefault((Fate.SKIPPED, row.file, key), []).append(row.label)

    def wrong(self, row: Row, key: str, /, **fields: object) -> None:
        """A value of a row that is kept is wrong and left out."""
        self.rejected.append(entry(row.file, row.label, key, row.line, **fields))

    def left_out(self, row: Row, key: str, /, **fields: object) -> None:
        """A value of a row that is kept has no place here."""
        self.skipped.append(entry(row.file, row.label, key, row.line, **fields))

    def skip_silently(self, row: Row) -> None:
        """As `skip`, where another entry tells of it."""
        row.fate = Fate.SKIPPED

    def remark(self, row: Row, key: str) -> None:
        """Something to look at that left nothing out; one entry for all rows of the file with the same remark."""
        self._groups.setdefault((None, row.file, key), []).append(row.label)

    def file_wrong(self, file: str, key: str, /, **fields: object) -> None:
        """A file, or the rest of it, cannot be read."""
        self.rejected.append(entry(file, say("hsds.whole_file", "en"), key, 0, **fields))

    def file_skipped(self, file: str, key: str, /, **fields: object) -> None:
        """A file is not for us."""
        self.skipped.append(entry(file, say("hsds.whole_file", "en"), key, 0, **fields))

    def close(self) -> None:
        """Write the entries for groups of rows and for columns without a place."""
        targets = {Fate.SKIPPED: self.skipped, Fate.REJECTED: self.rejected, None: self.notices}
        for (fate, file, key), names in self._groups.items():
            targets[fate].append(entry(file, _named(names), key, 0, number=len(names)))
        for (file, table), columns in self._columns.items():
            listed = ", ".join(f"{column} ({number})" for column, number in columns.items())
            self.skipped.append(entry(file, table, "hsds.skipped.columns", 0, columns=listed))
        self._groups, self._columns = {}, {}


def entry(file: str, record: str, key: str, row: int = 0, /, **fields: object) -> Rejection:
    """An entry of the account in English, with its key for other languages."""
    return Rejection(file, record, say(key, "en", **fields), row=row or None, key=key, fields=fields)


def _named(names: list[str]) -> str:
    shown = list(dict.fromkeys(names))[:_NAMES_IN_A_GROUP]
    return ", ".join(shown) + (" …" if len(set(names)) > len(shown) else "")


@dataclass
class Counts:
    """How many rows of a table were read, and what became of them."""

    read: int = 0
    imported: int = 0
    skipped: int = 0
    rejected: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether every row is accounted for."""
        return self.read == self.imported + self.skipped + self.rejected


def counts(rows: Iterable[Row]) -> dict[str, Counts]:
    """Table -> counts."""
    found: dict[str, Counts] = {}
    for row in rows:
        count = found.setdefault(row.table, Counts())
        count.read += 1
        if row.fate is not None:
            setattr(count, row.fate.value, getattr(count, row.fate.value) + 1)
    return found
