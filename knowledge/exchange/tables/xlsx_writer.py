"""Write tables as one XLSX workbook: a sheet a kind, with lists to choose from, and a sheet that explains them in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.domain.records import Knowledge
from knowledge.exchange.tables.cells import CellValue, calculates, for_xml, guard_typed
from knowledge.exchange.tables.columns import STATES, TABLES, Table
from knowledge.exchange.tables.entries import Entry, Head, Revisions, cells, entries, filled, heads, languages_of
from knowledge.exchange.tables.headers import REVISION
from knowledge.exchange.tables.rows import NOTE, UNCHANGED, letters
from knowledge.exchange.tables.values import Day, Number
from knowledge.exchange.tables.xlsx_guide import LISTS, lists, readme
from locales.catalogue import say
from locales.registry import direction
from locales.registry import languages as registry

# Excel's own limit for the letters of one cell, and rows that have lists to choose from below the last record.
LONGEST_CELL, SPARE_ROWS = 32_767, 1_000
HEADER_ROWS = 2
_WIDE, _NARROW = 42, 18
_LONGEST_TITLE = 31
_REFERENCES = {"organization": "organization", "contact": "contact", "parent": "page", "location_1": "location", "location_2": "location"}


def export_xlsx(
    knowledge: Knowledge,
    path: Path,
    revisions: Revisions | None = None,
    *,
    languages: Sequence[str] | None = None,
    reader: str | None = None,
) -> Path:
    """Write the workbook and return its path.

    `languages` as for `export_csv`; `reader` is the language of labels and explanations, the municipality's own if it is not given.
    """
    found = entries(knowledge, revisions or {})
    return write_xlsx(found, path, languages=languages, reader=reader or knowledge.municipality.source_language)


def write_xlsx(found: Mapping[str, Sequence[Entry]], path: Path, *, languages: Sequence[str] | None = None, reader: str = "en") -> Path:
    """As `export_xlsx`, for records from anywhere, by kind."""
    shown = languages if languages is not None else languages_of(entry for group in found.values() for entry in group)
    book = Workbook(write_only=True)
    _styles(book)
    _guide(book, reader)
    for table, group in filled(found):
        _sheet(book, table, group, heads(table, group, shown), reader)
    _lists(book, reader)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _styles(book: Workbook) -> None:
    top = Alignment(vertical="top", wrap_text=True)
    fill = PatternFill("solid", fgColor="DDE7F3")
    for style in (
        NamedStyle("newcomer_key", font=Font(bold=True), fill=fill, number_format="@"),
        NamedStyle("newcomer_label", font=Font(italic=True), fill=fill, number_format="@", alignment=top),
        NamedStyle("newcomer_text", number_format="@", alignment=top),
        NamedStyle("newcomer_title", font=Font(bold=True, size=14)),
    ):
        book.add_named_style(style)


class _Cells:
    """Makes cells of a sheet. One cell of each style is the pattern for the others: looking a style up by name is slow."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.patterns: dict[tuple[str, bool], Any] = {}

    def text(self, words: str, style: str = "newcomer_text") -> Any:
        """Text that no spreadsheet calculates, neither on opening nor when somebody edits the cell."""
        body = for_xml(guard_typed(words))
        cell = WriteOnlyCell(self.sheet, value=body if len(body) <= LONGEST_CELL else UNCHANGED)
        # openpyxl takes what begins with = for a formula, and #N/A for an error.
        cell.data_type = "s"
        quoted = calculates(words)
        pattern = self.patterns.get((style, quoted))
        if pattern is None:
            cell.style = style
            cell.quotePrefix = quoted
            self.patterns[style, quoted] = cell
        else:
            cell._style = pattern._style
        return cell

    def value(self, value: CellValue) -> Any:
        return self.text(value) if isinstance(value, str) else value


def _sheet(book: Workbook, table: Table, group: Sequence[Entry], columns: Sequence[Head], reader: str) -> None:
    sheet = book.create_sheet(table.stem)
    sheet.freeze_panes = f"B{HEADER_ROWS + 1}"
    sheet.sheet_view.rightToLeft = direction(reader) == "rtl"
    make = _Cells(sheet)
    for position, head in enumerate(columns):
        dimension = sheet.column_dimensions[letters(position)]
        dimension.width = _WIDE if head.column is not None and head.column.text and not head.state else _NARROW
        if not _typed(head):
            dimension.number_format = "@"
    last = HEADER_ROWS + len(group) + SPARE_ROWS
    for validation in _validations(columns, last, reader):
        sheet.data_validations.append(validation)
    sheet.append([make.text(head.key, "newcomer_key") for head in columns])
    sheet.append([make.text(label(head, reader), "newcomer_label") for head in columns])
    for entry in group:
        sheet.append([make.value(value) for value in cells(entry, columns)])


def _typed(head: Head) -> bool:
    """Whether cells are numbers or dates: everything else is text, so that 24/7 does not become a day in July."""
    return head.key == REVISION or (head.column is not None and not head.language and isinstance(head.column.cell, Number | Day))


def label(head: Head, reader: str) -> str:
    """What people call the column; that of the id makes its row a note, which no import reads."""
    words = say(head.column.label if head.column else f"tables.column.{head.key}", reader)
    if head.key == "id":
        return f"{NOTE} {words}"
    number = head.key.rpartition("_")[2]
    if number.isdigit():
        words = f"{words} {number}"
    if head.language is None:
        return words
    known = registry().get(head.language)
    name = known.name if known else head.language
    return say("tables.column.state" if head.state else "tables.column.translated", reader, field=words, language=name)


def _validations(columns: Sequence[Head], last: int, reader: str) -> Iterator[DataValidation]:
    for position, head in enumerate(columns):
        choices = STATES if head.state else head.column.choices if head.column and not head.language else ()
        reference = _REFERENCES.get(head.key) if not head.language else None
        if choices:
            validation = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            validation.errorTitle = say("tables.choice.title", reader)[:_LONGEST_TITLE]
            validation.error = say("tables.choice.text", reader, choices=", ".join(choices))[:225]
        elif reference or head.key == "topic":
            source = f"{TABLES[reference].stem}!$A${HEADER_ROWS + 1}:$A$5000" if reference else f"{LISTS}!$A$3:$A$500"
            validation = DataValidation(type="list", formula1=source, allow_blank=True)
            # Another row may be about to have this id.
            validation.showErrorMessage = False
        else:
            continue
        name = letters(position)
        validation.add(f"{name}{HEADER_ROWS + 1}:{name}{last}")
        yield validation


def _guide(book: Workbook, reader: str) -> None:
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", say("tables.sheet.readme", reader))[:_LONGEST_TITLE])
    sheet.sheet_view.rightToLeft = direction(reader) == "rtl"
    for letter, width in (("A", 26), ("B", 34), ("C", 90)):
        sheet.column_dimensions[letter].width = width
    make = _Cells(sheet)
    for line in readme(reader):
        style = "newcomer_title" if line.title else "newcomer_text"
        sheet.append([make.text(words, style) if words else None for words in line.cells])


def _lists(book: Workbook, reader: str) -> None:
    sheet = book.create_sheet(LISTS)
    sheet.freeze_panes = "A3"
    make = _Cells(sheet)
    for number, line in enumerate(lists(reader)):
        style = "newcomer_key" if number == 0 else "newcomer_label" if number == 1 else "newcomer_text"
        sheet.append([make.text(words, style) if words else None for words in line])
