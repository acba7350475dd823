"""Rows out of a tabular data package: CSV files, and ``datapackage.json`` where it is there and readable."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from knowledge.exchange.hsds.reading.account import Account, Row
from knowledge.exchange.hsds.reading.source import DAMAGED, Source
from knowledge.exchange.hsds.reading.tables_read import TablesRead
from knowledge.exchange.hsds.reading.values import blank
from knowledge.exchange.hsds.tables import tables

DESCRIPTOR = "datapackage.json"
# A page of a guide can be long; the module's own limit is 128 KiB a cell.
_LONGEST_CELL = 4_000_000


class _NoHeader(Exception):
    """A file without an id is no table."""


def read_csv_files(source: Source, account: Account, *, only: str | None = None) -> TablesRead:
    """Rows of all CSV files that are tables of HSDS or of our profile. `only` is the folder inside a ZIP file that holds the package."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    found = TablesRead()
    found.present = set()
    base = PurePosixPath(only or "")
    declared = _declared(source, base, account)
    for name in source.names():
        path = PurePosixPath(name)
        if path.suffix.lower() != ".csv":
            continue
        table = declared.get(name) or _by_name(path) if path.parent == base or name in declared else None
        if table is None:
            account.file_skipped(name, "hsds.skipped.file")
            continue
        try:
            for row in _rows(source, name, table, account):
                _keep(found, row, account)
            found.present.add(table)
        except _NoHeader:
            account.file_wrong(name, "hsds.rejected.no_header")
        except UnicodeDecodeError:
            account.file_wrong(name, "hsds.rejected.encoding")
        except DAMAGED as error:
            account.file_wrong(name, "hsds.rejected.unreadable", problem=type(error).__name__)
    return found


def package_folder(source: Source) -> str | None:
    """The folder of the package within the source: where the first ``datapackage.json`` stands, or else the first CSV file."""
    paths = sorted((PurePosixPath(name) for name in source.names()), key=lambda path: len(path.parts))
    described = [path for path in paths if path.name == DESCRIPTOR]
    for path in described or [path for path in paths if path.suffix.lower() == ".csv"]:
        return "" if str(path.parent) == "." else str(path.parent)
    return None


def _declared(source: Source, base: PurePosixPath, account: Account) -> dict[str, str]:
    """File -> table, as the descriptor says."""
    name = str(base / DESCRIPTOR)
    if name not in source.names():
        return {}
    try:
        with source.open(name) as file:
            resources = json.load(file)["resources"]
        return dict(_resources(resources, base, source))
    except (*DAMAGED, ValueError, LookupError, TypeError, AttributeError):
        account.file_skipped(name, "hsds.skipped.descriptor")
        return {}


def _resources(resources: list[dict[str, Any]], base: PurePosixPath, source: Source) -> Iterator[tuple[str, str]]:
    present = set(source.names())
    for resource in resources:
        # Only names of files of this source are ever opened, whatever paths a descriptor has.
        path = str(base / str(resource.get("path", "")))
        if path in present and resource.get("name") in tables():
            yield path, resource["name"]


def _by_name(path: PurePosixPath) -> str | None:
    """The table whose usual file this is; the table's name is taken too (``service.csv``)."""
    stem = path.stem.lower().replace("-", "_")
    for table in tables().values():
        if stem in (PurePosixPath(table.path).stem, table.name, f"{table.name}s"):
            return table.name
    return None


def _rows(source: Source, name: str, table: str, account: Account) -> Iterator[Row]:
    with source.open(name) as file:
        head = file.readline()
        file.seek(0)
        reader = csv.reader(file, delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
        columns = [column.lstrip("\ufeff").strip().lower() for column in next(reader, [])]
        if "id" not in columns:
            raise _NoHeader
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                row = Row(table, {}, name, reader.line_num)
                account.reject(row, "hsds.rejected.csv", problem=str(error))
                yield row
                continue
            if any(cell.strip() for cell in cells):
                values = {column: cell for column, cell in zip(columns, cells, strict=False) if column and not blank(cell)}
                row = Row(table, values, name, reader.line_num)
                if len(cells) != len(columns):
                    account.reject(row, "hsds.rejected.cells", cells=len(cells), columns=len(columns))
                yield row


def _keep(found: TablesRead, row: Row, account: Account) -> None:
    if row.fate is None and row.id and found.has(row.table, row.id):
        account.reject(row, "hsds.rejected.twice")
    if row.fate is not None:
        # Counted among what was read; nothing can point at it.
        row.values = {}
    found.add(row)
