"""The rows of all tables of what is being imported, found by id or by what they point at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from knowledge.exchange.hsds.reading.account import Fate, Row


class TablesRead:
    """Rows by table, each id once. Indexes are made when they are first asked for, so that a look-up never walks a table.

    `present` are the tables whose file was there and could be read; None where tables are no files.
    """

    def __init__(self) -> None:
        self.present: set[str] | None = None
        self._rows: dict[str, dict[str, Row]] = {}
        self._aside: list[Row] = []
        self._nameless = 0
        self._children: dict[tuple[str, str], dict[str, list[Row]]] = {}

    def add(self, row: Row) -> None:
        """Add a row. One with the same id is the same thing told again: it completes what is there."""
        if not row.id:
            self._nameless += 1
            row.values["id"] = f"no id, entry {self._nameless}"
        known = self._rows.setdefault(row.table, {}).setdefault(row.id, row)
        if known is not row:
            known.values = {**row.values, **known.values}

    def set_aside(self, table: str) -> list[Row]:
        """Rows that nobody is to find; they are only counted."""
        rows = list(self._rows.pop(table, {}).values())
        self._aside += rows
        return rows

    def has(self, table: str, id: str) -> bool:
        """Whether there is such a row."""
        return id in self._rows.get(table, {})

    def one(self, table: str, id: str | None) -> Row | None:
        """The row with this id."""
        return self._rows.get(table, {}).get(id) if id else None

    def all(self, table: str) -> list[Row]:
        """Rows of a table in the order of the file, without those that are rejected already."""
        return [row for row in self._rows.get(table, {}).values() if row.fate is not Fate.REJECTED]

    def pointing(self, table: str, column: str, id: str) -> list[Row]:
        """Rows of `table` whose `column` has `id`, in the order of the file."""
        index = self._children.get((table, column))
        if index is None:
            index = defaultdict(list)
            for row in self._rows.get(table, {}).values():
                value = row.get(column)
                if value:
                    index[value].append(row)
            self._children[table, column] = index
        return index.get(id, [])

    def __iter__(self) -> Iterator[Row]:
        for rows in self._rows.values():
            yield from rows.values()
        yield from self._aside

    def __len__(self) -> int:
        return sum(len(rows) for rows in self._rows.values()) + len(self._aside)
