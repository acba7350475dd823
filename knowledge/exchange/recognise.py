"""What kind of file somebody has brought: seen from what is in it, since names of files say little."""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from knowledge.exchange.hsds.tables import tables
from knowledge.exchange.tables.limits import is_old_workbook, is_zip, refuse_old, refuse_relatives
from knowledge.exchange.tables.problems import UnreadableFile
from knowledge.exchange.unpack import inside

# Enough to see the first record of a file.
_BEGINNING = 60_000
_MOST_FILES = 400
_SHEETS = (".csv", ".tsv", ".txt")
# Columns of HSDS that lists made by people do not have in twos.
_OWN = frozenset({"legal_status", "location_type", "tax_status", "description", "status", "address_1", "freq", "uri", "version"})


def recognise(paths: Sequence[Path]) -> str | None:
    """The code of the format (see `knowledge.exchange.formats`), None where nothing in the files tells. Opens no more than it must.

    What is damaged, locked or another program's counts as a table where nothing else tells: its reader has words for each of these.
    """
    found: list[tuple[str, bytes]] = []
    refused = False
    for path in paths:
        try:
            for one in _beginnings(path):
                found.append(one)
        except UnreadableFile:
            refused = True
    names = {PurePosixPath(name).name for name, _ in found}
    if "municipality.yml" in names:
        return "newcomer"
    if "[Content_Types].xml" in names:
        return "xlsx"
    if "datapackage.json" in names:
        return "hsds"
    seen: Counter[str] = Counter(format for name, start in found if (format := _of(name, start)))
    return seen.most_common(1)[0][0] if seen else "csv" if refused else None


def _beginnings(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, beginning) of every file: of the one, of all in a folder, of all in a zip.

    Raises UnreadableFile where the rest cannot be read.
    """
    if path.is_dir():
        for one in [one for one in sorted(path.rglob("*")) if one.is_file()][:_MOST_FILES]:
            with one.open("rb") as file:
                yield one.name, file.read(_BEGINNING)
        return
    with path.open("rb") as file:
        start = file.read(_BEGINNING)
    if is_old_workbook(path):
        refuse_old(start, path.name)
    if not is_zip(start):
        yield path.name, start
        return
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_relatives(set(archive.namelist()), path.name)
            for member in archive.infolist()[:_MOST_FILES]:
                # Excel's list of contents is in a name of its own that begins with a bracket.
                if not member.is_dir() and inside(member.filename) is not None:
                    with archive.open(member) as file:
                        yield member.filename, file.read(_BEGINNING)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise UnreadableFile("broken", file=path.name) from error


def _of(name: str, start: bytes) -> str | None:
    text = start.decode("utf-8-sig", errors="replace").lstrip()
    if text[:1] in ("[", "{"):
        return _of_json(text)
    if PurePosixPath(name).suffix.lower() in _SHEETS and text:
        return "hsds" if _is_hsds_table(name, text) else "csv"
    return None


def _of_json(text: str) -> str:
    """Integreat's pages are a list of objects with a path, a title and their languages."""
    head = text[:_BEGINNING]
    if head.startswith("["):
        try:
            first, _ = json.JSONDecoder().raw_decode(head.lstrip("[ \r\n\t"))
        except ValueError:  # the first page is longer than what was read
            first = dict.fromkeys(name for name in ("path", "available_languages", "last_updated") if f'"{name}"' in head)
        if isinstance(first, dict) and "path" in first and ("available_languages" in first or "last_updated" in first):
            return "integreat"
    return "hsds"


def _is_hsds_table(name: str, text: str) -> bool:
    """HSDS names its files and columns in its own way: all columns are HSDS's, and some of them nobody else's."""
    stem = PurePosixPath(name).stem.lower().replace("-", "_")
    known = [table for table in tables().values() if stem in (PurePosixPath(table.path).stem, table.name, f"{table.name}s")]
    line = text.partition("\n")[0]
    separator = ";" if line.count(";") > line.count(",") else ","
    columns = {cell.strip().lower() for cell in next(csv.reader(io.StringIO(line), delimiter=separator))}
    linked = any(column.endswith("_id") for column in columns)
    return "id" in columns and any(columns <= set(table.columns) and (linked or len(columns & _OWN) >= 2) for table in known)
