"""CSV files as spreadsheets write them: whichever encoding and separator, line breaks within cells, a mark of the byte order."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from knowledge.exchange.batch import Rejection
from knowledge.exchange.tables.cells import unguard
from knowledge.exchange.tables.columns import TABLES
from knowledge.exchange.tables.grid import MOST_COLUMNS, MOST_ROWS, Grid, GridCell, Row
from knowledge.exchange.tables.headers import use_of
from knowledge.exchange.tables.problems import Problem, UnreadableFile, rejection

SEPARATORS = (",", ";", "\t")
# Of one cell, in letters; Python's own limit is below the length of some pages of a guide.
_LONGEST_CELL = 5_000_000
_SEP_LINE = "sep="


def read_csv(content: bytes, file: str, name: str) -> Grid:
    """The table in `content`.

    Raises UnreadableFile where it is no text in an encoding that we know, or larger than any table of ours.
    """
    text, guessed = _decoded(content, file)
    grid = Grid(file, name)
    if guessed:
        grid.notices.append(_notice(file, Problem("encoding_guessed", encoding="Windows-1252")))
    separator = None
    if text[:4].lower() == _SEP_LINE:
        line, _, text = text.partition("\n")
        separator = line[4:].strip("\r") or None
    separator = separator or _separator(text)
    csv.field_size_limit(_LONGEST_CELL)
    for number, cells in enumerate(_records(text, separator, grid), start=1):
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise UnreadableFile("too_large", file=file)
        kept: list[GridCell] = [unguard(cell) for cell in cells]
        grid.rows.append(Row(number, kept))
    return grid


def _notice(file: str, problem: Problem) -> Rejection:
    return rejection(file, "(whole file)", problem)


def _decoded(content: bytes, file: str) -> tuple[str, bool]:
    """(text, whether the encoding is a guess)."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return _strict(content, encoding, file), False
    half = content[:2000]
    if half.count(0) > len(half) // 4:
        # Every second byte of Latin letters in UTF-16 is zero: the second of a pair where the small half comes first.
        return _strict(content, "utf-16-le" if half[1::2].count(0) >= half[::2].count(0) else "utf-16-be", file), False
    try:
        return content.decode("utf-8"), False
    except UnicodeDecodeError:
        return _strict(content, "cp1252", file), True


def _strict(content: bytes, encoding: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile("encoding", file=file) from error


def _separator(text: str) -> str:
    """The one with which the first lines have most headers that we know, or else most cells."""

    def worth(separator: str) -> tuple[int, int]:
        sample = io.StringIO(text[:20_000], newline="")
        try:
            lines = [line for _, line in zip(range(20), csv.reader(sample, delimiter=separator), strict=False)]
        except csv.Error:
            return (0, 0)
        known = max((sum(_known(cell) for cell in line) for line in lines), default=0)
        return known, max((len(line) for line in lines), default=0)

    return max(SEPARATORS, key=worth)


def _known(header: str) -> bool:
    return bool(header.strip()) and len(header) < 100 and any(use_of(table, header) for table in TABLES.values())


def _records(text: str, separator: str, grid: Grid) -> Iterator[list[str]]:
    """The records of the text. One that breaks the rules of CSV is accounted for, and the next one is read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # A quotation mark that is never closed swallows all that follows it.
            swallowed = "unexpected end" in str(error)
            problem = Problem("quote_open", line=begins) if swallowed else Problem("quotes", line=begins)
            grid.rejected.append(rejection(grid.file, f"row {number}", problem, row=number))
            yield []
            if swallowed:
                return
            continue
        yield cells
