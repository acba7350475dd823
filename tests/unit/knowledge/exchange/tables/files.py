"""Small files for tests: rows in, a file out, and what was read of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from knowledge.documents.canonical import canonical
from knowledge.documents.models import MODELS
from knowledge.exchange.batch import Batch
from knowledge.exchange.patch import merge
from knowledge.exchange.tables.reading import read_tables
from knowledge.exchange.tables.values import Context

Rows = Sequence[Sequence[Any]]
ORGANIZATIONS: Rows = [["id", "kind", "name"], ["stadt", "public", "Stadt"], ["verein", "association", "Verein"]]


def csv_bytes(rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """The rows as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def read_csv_rows(folder: Path, rows: Rows, name: str = "organizations.csv", context: Context | None = None) -> Batch:
    """Write the rows as a CSV file and read it."""
    return read_bytes(folder, csv_bytes(rows), name, context)


def read_bytes(folder: Path, content: bytes, name: str = "organizations.csv", context: Context | None = None) -> Batch:
    """Write the bytes and read them."""
    path = folder / name
    path.write_bytes(content)
    return read_tables(path, context)


def workbook(sheets: dict[str, Rows]) -> Workbook:
    """A workbook as a person might have made it."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return book


def read_book(folder: Path, book: Workbook, name: str = "book.xlsx") -> Batch:
    """Save the workbook and read it."""
    book.save(folder / name)
    return read_tables(folder / name)


def documents(batch: Batch) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows as documents of new records, in the one form that can be compared."""
    return {(patch.kind, patch.id): canonical(MODELS[patch.kind].parse_obj(merge({}, patch))) for patch in batch.patches}


def reasons(batch: Batch) -> list[tuple[int | None, str | None, str | None]]:
    """(row, column, key of the reason) of everything that was rejected."""
    return [(one.row, one.column, one.key.rpartition(".")[2] if one.key else None) for one in batch.rejected]


def keys(found: Iterable[Any]) -> list[str]:
    """Keys of notices or skipped things, without what all of them begin with."""
    return [one.key.rpartition(".")[2] for one in found]
