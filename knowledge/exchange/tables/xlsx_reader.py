"""XLSX workbooks: visible sheets, with what Excel has made of dates and numbers, cells that are merged, and formulas."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from knowledge.exchange.tables.cells import from_xml, unguard
from knowledge.exchange.tables.grid import MOST_COLUMNS, MOST_ROWS, Grid, GridCell, Row
from knowledge.exchange.tables.limits import open_zip
from knowledge.exchange.tables.problems import Problem, UnreadableFile, rejection
from knowledge.exchange.tables.rows import letters
from knowledge.exchange.tables.values import fold, words_for

# Sheets of our own that hold no records.
OWN_SHEETS = ("readme", "lists")
_BROKEN = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError, zlib.error, ParseError, zipfile.BadZipFile,
    InvalidFileException,
)  # fmt: skip
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+\d+:[A-Z]+\d+)"')
# A formula of which no program has written down the result.
_UNCALCULATED = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]*\bt="str")[^>]*\br="([A-Z]+\d+)"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_CHUNK, _OVERLAP = 4 * 1024 * 1024, 20_000
_FIRST_ROWS, _WIDEST_GAP = 25, 20
_ZEROS = re.compile(r"0{2,}")


@dataclass
class _Marks:
    """What openpyxl does not tell while it streams: merged ranges, and formulas without a result (row, column)."""

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)


def read_xlsx(content: bytes, file: str) -> Iterator[Grid]:
    """The visible sheets, one after the other; a hidden one is an empty grid with a notice.

    Raises UnreadableFile where it is no workbook of this kind, or a broken one.
    """
    with open_zip(content, file) as archive:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                workbook = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
                try:
                    for sheet in workbook.worksheets:
                        yield _sheet(archive, sheet, file, len(workbook.worksheets) == 1)
                finally:
                    workbook.close()
        except _BROKEN as error:
            raise UnreadableFile("broken", file=file) from error


def _sheet(archive: zipfile.ZipFile, sheet: Any, file: str, only: bool) -> Grid:
    title = str(sheet.title)
    label = file if only else f"{file}, {title}"
    grid = Grid(label, title)
    if fold(title) in OWN_SHEETS or any(fold(title) in words_for(f"tables.sheet.{name}") for name in OWN_SHEETS):
        return grid
    if sheet.sheet_state != "visible":
        grid.notices.append(rejection(label, title, Problem("sheet_hidden")))
        return grid
    marks = _marks(archive, sheet._worksheet_path)
    # What a sheet says about its own size is often wrong.
    sheet.reset_dimensions()
    for number, cells in enumerate(_rows(sheet), start=1):
        row = Row(number, [_value(cell, marks) for cell in cells])
        if row.empty:
            continue
        if len(grid.rows) >= MOST_ROWS:
            raise UnreadableFile("too_large", file=label)
        grid.rows.append(row)
    _unmerge(grid, marks)
    return grid


def _rows(sheet: Any) -> Iterable[Any]:
    """Rows as far to the right as the first rows go. A stray mark far beyond would make every row thousands of cells wide."""
    used = {cell.column for row in sheet.iter_rows(max_row=_FIRST_ROWS) for cell in row if cell.value is not None}
    widest = 1
    for column in sorted(used):
        if column - widest > _WIDEST_GAP:
            break
        widest = column
    return sheet.iter_rows(max_col=min(widest + 1, MOST_COLUMNS))  # type: ignore[no-any-return]


def _value(cell: Any, marks: _Marks) -> GridCell:
    value = cell.value
    if value is None:
        if marks.uncalculated and (place := (getattr(cell, "row", 0), getattr(cell, "column", 0))) in marks.uncalculated:
            return Problem("formula", cell=f"{letters(place[1] - 1)}{place[0]}")
        return None
    if cell.data_type == "e":
        return Problem("formula_error", value=value)
    if isinstance(value, str):
        return unguard(from_xml(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, int) and _ZEROS.fullmatch(cell.number_format or ""):
        # Shown with zeros before it, such as a postal code.
        return str(value).zfill(len(cell.number_format))
    return value


def _marks(archive: zipfile.ZipFile, path: str) -> _Marks:
    marks = _Marks()
    merged: set[bytes] = set()
    with archive.open(path) as source:
        before = b""
        while chunk := source.read(_CHUNK):
            piece = before + chunk
            merged.update(_MERGED.findall(piece))
            marks.uncalculated.update(coordinate_to_tuple(found.decode()) for found in _UNCALCULATED.findall(piece))
            before = piece[-_OVERLAP:]
    for found in merged:
        left, top, right, bottom = range_boundaries(found.decode())
        marks.merged.append((top, left, bottom, right))
    return marks


def _unmerge(grid: Grid, marks: _Marks) -> None:
    """One value for several rows holds for each of them; one across columns could belong to any, so that the rows are left out."""
    rows = {row.number: row for row in grid.rows}
    for top, left, bottom, right in sorted(marks.merged):
        first = rows.get(top)
        value = first.cells[left - 1] if first and left <= len(first.cells) else None
        for number in range(top, min(bottom, top + MOST_ROWS) + 1):
            row = rows.get(number)
            if row is None:
                continue
            row.cells += [None] * (left - len(row.cells))
            row.cells[left - 1] = Problem("merged", cell=f"{letters(left - 1)}{top}") if right > left else value
