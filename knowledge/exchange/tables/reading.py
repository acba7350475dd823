"""Read tables from wherever they are: a CSV file, a folder or a zip of them, or an XLSX workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from knowledge.exchange.batch import Batch
from knowledge.exchange.tables.columns import TABLES
from knowledge.exchange.tables.csv_reader import read_csv
from knowledge.exchange.tables.grid import Grid
from knowledge.exchange.tables.headers import kind_by_name
from knowledge.exchange.tables.limits import MOST_BYTES, check_size, is_zip, open_zip, read_member, refuse_old, refuse_relatives
from knowledge.exchange.tables.problems import Problem, UnreadableFile, rejection
from knowledge.exchange.tables.rows import read_grid
from knowledge.exchange.tables.values import Context
from knowledge.exchange.tables.xlsx_reader import read_xlsx

_CSV = (".csv", ".tsv", ".txt")
_WHOLE = "(whole file)"


def read_tables(path: Path, context: Context | None = None) -> Batch:
    """The records of a file or folder, as patches (see knowledge.exchange.patch), with an account of all that was left out.

    Raises UnreadableFile where nothing can be read at all: no table, a password, another program's form, too large.
    """
    if path.is_dir():
        files = [one for one in sorted(path.iterdir()) if one.is_file() and one.suffix.lower() in _CSV]
        if not files:
            raise UnreadableFile("no_tables", file=path.name)
        return _read(_each((one.name, one.read_bytes()) for one in files), "csv", context)
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableFile("too_large", file=path.name)
    return read_content(path.read_bytes(), path.name, context)


def read_content(content: bytes, file: str, context: Context | None = None) -> Batch:
    """As `read_tables`, for a file that was uploaded under the name `file`."""
    check_size(content, file)
    refuse_old(content, file)
    if not is_zip(content):
        return _read(_each([(file, content)]), "csv", context)
    with open_zip(content, file) as archive:
        names = set(archive.namelist())
        refuse_relatives(names, file)
        if "[Content_Types].xml" in names:
            return _read(read_xlsx(content, file), "xlsx", context)
        tables = [name for name in sorted(names) if _is_table(name)]
        if not tables:
            raise UnreadableFile("no_tables", file=file)
        return _read(_each((name, read_member(archive, name, file)) for name in tables), "csv", context)


def _is_table(name: str) -> bool:
    """Macintosh computers add files of their own to a zip."""
    path = PurePosixPath(name)
    return path.suffix.lower() in _CSV and not path.name.startswith(".") and "__MACOSX" not in path.parts


def _each(files: Iterable[tuple[str, bytes]]) -> Iterator[Grid | UnreadableFile]:
    for name, content in files:
        path = PurePosixPath(name)
        try:
            check_size(content, path.name)
            refuse_old(content, path.name)
            yield read_csv(content, path.name, path.stem)
        except UnreadableFile as error:
            yield error


def _read(grids: Iterable[Grid | UnreadableFile], form: str, context: Context | None) -> Batch:
    batch = Batch(form)
    seen: dict[tuple[str, str], str] = {}
    failed: list[UnreadableFile] = []
    read = 0
    for grid in _in_order(grids):
        if isinstance(grid, UnreadableFile):
            failed.append(grid)
        elif read_grid(grid, context or Context(), batch, seen):
            read += 1
        elif grid.rows:
            batch.skipped.append(rejection(grid.file, _WHOLE, Problem("no_header")))
    if not read:
        # With one file the reason is its own; with several, each says it in its turn.
        raise failed[0] if len(failed) == 1 and not batch.skipped else UnreadableFile("no_tables", file="")
    batch.rejected += [rejection(str(one.fields.get("file", "")), _WHOLE, one) for one in failed]
    return batch


def _in_order(grids: Iterable[Grid | UnreadableFile]) -> list[Grid | UnreadableFile]:
    """What others point at first, so that a report reads in the order in which it is written."""
    kinds = list(TABLES)

    def place(grid: Grid | UnreadableFile) -> int:
        kind = kind_by_name(grid.name) if isinstance(grid, Grid) else None
        return kinds.index(kind) if kind else len(kinds)

    return sorted(grids, key=place)
