"""Rows out of JSON: nested objects, pages of lists, arrays of either, or the tables of a data package as one object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from knowledge.exchange.hsds.nesting import ANYWHERE, LISTS, OURS, SINGLES, profile_of
from knowledge.exchange.hsds.reading.account import Account, Row
from knowledge.exchange.hsds.reading.csv_files import DESCRIPTOR
from knowledge.exchange.hsds.reading.source import DAMAGED, Source
from knowledge.exchange.hsds.reading.tables_read import TablesRead
from knowledge.exchange.hsds.reading.values import blank
from knowledge.exchange.hsds.tables import PROFILE_FOLDER, tables

Object = dict[str, Any]
# The file of our own export that has everything.
COMPLETE = "tabular.json"
_PAGE, _BASE = "contents", ("openapi_url", "profile")
# Which table an object is of, by keys that no other table's objects have; tried in this order.
_MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("service_at_location", ("service", "location")),
    ("service", ("status", "service_at_locations", "organization", "eligibility_description", "fees_description")),
    ("location", ("location_type", "addresses", "transportation", "latitude")),
    ("organization", ("legal_status", "tax_status", "services", "locations", "website", "programs", "organization_identifiers")),
    ("taxonomy_term", ("taxonomy_detail", "term_uri", "taxonomy", "code")),
    ("taxonomy", ("version",)),
)


def read_json_files(source: Source, account: Account) -> TablesRead:
    """Rows of all JSON files. Where our complete file is among them, the others (which say the same in other forms) are passed over.

    The profile's schemas, which our exports carry along, and descriptions of data packages are no data.
    """
    found = TablesRead()
    names = [name for name in source.names() if PurePosixPath(name).suffix.lower() in (".json", ".ndjson", ".jsonl")]
    complete = [name for name in names if PurePosixPath(name).name == COMPLETE]
    for name in [*complete, *(name for name in names if name not in complete)]:
        if PurePosixPath(name).parent.name == PROFILE_FOLDER.name or PurePosixPath(name).name == DESCRIPTOR:
            continue
        if complete and name not in complete and found.all("newcomer_municipality"):
            account.file_skipped(name, "hsds.skipped.same", complete=complete[0])
        else:
            _read(source, name, found, account)
    return found


def _read(source: Source, name: str, found: TablesRead, account: Account) -> None:
    try:
        with source.open(name) as file:
            text = file.read()
    except UnicodeDecodeError:
        account.file_wrong(name, "hsds.rejected.encoding")
        return
    except DAMAGED as error:
        account.file_wrong(name, "hsds.rejected.unreadable", problem=type(error).__name__)
        return
    unfolder = Unfolder(name, found, account)
    try:
        for one in _items(text):
            unfolder.top(one)
    except json.JSONDecodeError as error:
        account.file_wrong(name, "hsds.rejected.json", line=error.lineno, column=error.colno, problem=error.msg, entries=unfolder.entries)
    except ValueError as error:
        account.file_wrong(name, "hsds.rejected.unreadable", problem=str(error))
    except RecursionError:
        account.file_wrong(name, "hsds.rejected.deep")


def _items(text: str) -> Iterator[Any]:
    """The entries of an array one by one, so that what stands before a mistake is kept; anything else as a whole.

    Several objects one after the other (a line each) are entries too. Raises json.JSONDecodeError at the mistake.
    """
    decoder = json.JSONDecoder()
    position = _skip(text, 0)
    if position == len(text):
        raise json.JSONDecodeError("the file is empty", text, 0)
    array = text[position] == "["
    if array:
        position = _skip(text, position + 1)
        if text[position : position + 1] == "]":
            return
    while True:
        entry, position = decoder.raw_decode(text, position)
        yield entry
        position = _skip(text, position)
        if array:
            if text[position : position + 1] == "]":
                return
            if text[position : position + 1] != ",":
                raise json.JSONDecodeError("Expecting ',' delimiter", text, position)
            position = _skip(text, position + 1)
        elif position == len(text):
            return


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


class Unfolder:
    """Takes nested objects apart into rows. `entries` counts the objects that it was given."""

    def __init__(self, file: str, found: TablesRead, account: Account) -> None:
        self._file = file
        self._found = found
        self._account = account
        self._hint = PurePosixPath(file).stem.lower().replace("-", "_")
        self.entries = 0

    def top(self, one: object) -> None:
        """An entry of the file."""
        self.entries += 1
        if not isinstance(one, dict):
            self._account.file_wrong(self._file, "hsds.rejected.no_object", entry=self.entries)
        elif isinstance(one.get(_PAGE), list):
            self.entries -= 1
            for entry in one[_PAGE]:
                self.top(entry)
        elif _tables_in(one):
            self._tabular(one)
        elif any(key in one for key in _BASE) and "id" not in one:
            self._account.file_skipped(self._file, "hsds.skipped.base")
        else:
            table = self._table_of(one)
            if table is None:
                self._account.file_wrong(self._file, "hsds.rejected.no_kind", entry=self.entries)
            else:
                self.unfold(table, one)

    def _tabular(self, one: Object) -> None:
        self.entries -= 1
        known = _tables_in(one)
        for key, entries in one.items():
            if key not in known:
                if entries:
                    self._account.file_skipped(f"{self._file}: {key}", "hsds.skipped.table")
                continue
            for entry in entries:
                self.entries += 1
                if isinstance(entry, dict):
                    self.unfold(known[key], entry)
                else:
                    self._account.file_wrong(f"{self._file}: {key}", "hsds.rejected.no_object", entry=self.entries)

    def _table_of(self, one: Object) -> str | None:
        if "service_id" in one and "location_id" in one and "number" not in one and "opens_at" not in one:
            return "service_at_location"
        for table, marks in _MARKS:
            if any(mark in one for mark in marks):
                return table
        named = [table.name for table in tables().values() if self._hint.startswith(table.name)]
        if named:
            return max(named, key=len)
        return "organization" if "name" in one else None

    def unfold(self, table: str, one: Object, **links: str) -> str:
        """Keep an object as a row, and all that is nested in it; returns its id."""
        lists, singles = LISTS.get(table, {}), SINGLES.get(table, {})
        values = {name: _text(value) for name, value in one.items() if not isinstance(value, dict | list) and not blank(value)}
        values.update(links)
        row = Row(table, values, self._file)
        self._found.add(row)
        # The row may complete another one of the same id, which then is the one to be completed further.
        kept = self._found.one(table, row.id) or row
        id = row.id
        for key, value in one.items():
            if key in singles and isinstance(value, dict):
                other, column = singles[key]
                kept.values[column] = self.unfold(other, value)
            elif key == OURS and isinstance(value, dict) and (profile := profile_of(table)):
                self.unfold(profile, {**value, "id": id})
            elif isinstance(value, list) and key in lists:
                for child in self._objects(value, key):
                    self.unfold(lists[key], child, **{f"{table}_id": id})
            elif isinstance(value, list) and key in ANYWHERE:
                child_table, column, type_column = ANYWHERE[key]
                for child in self._objects(value, key):
                    self.unfold(child_table, child, **{column: id, type_column: table})
            elif isinstance(value, dict | list) and value:
                self._account.left_out(kept, "hsds.skipped.nested", name=key)
        return id

    def _objects(self, value: list[Any], key: str) -> Iterator[Object]:
        for child in value:
            if isinstance(child, dict):
                yield child
            elif not blank(child):
                self._account.file_wrong(self._file, "hsds.rejected.nested", name=key, entry=self.entries)


def _tables_in(one: Object) -> dict[str, str]:
    """Key -> table, where an object is the tables of a data package; keys are names of tables or of their files."""
    by_key = {table.name: table.name for table in tables().values()} | {table.path: table.name for table in tables().values()}
    found = {key: by_key[key] for key, value in one.items() if key in by_key and isinstance(value, list)}
    # A nested object has lists too ("funding", "accessibility"), but always an id of its own.
    return {} if "id" in one else found


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
