"""Write tables as CSV: one file a kind, in UTF-8 with a mark at the beginning, so that Excel reads the letters rightly."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol

from knowledge.domain.records import Knowledge
from knowledge.exchange.tables.cells import CellValue, guard
from knowledge.exchange.tables.entries import Entry, Revisions, cells, entries, filled, heads, languages_of


def export_csv(
    knowledge: Knowledge,
    folder: Path,
    revisions: Revisions | None = None,
    *,
    languages: Sequence[str] | None = None,
    separator: str | None = None,
) -> list[Path]:
    """Write organizations.csv, locations.csv and so on into `folder`; returns the files.

    `languages` are those to have columns for translations (those that there are translations in, if it is not given). `separator` is the
    one that Excel expects where the municipality is: a semicolon where decimals have a comma.
    """
    between = separator or separator_for(knowledge.municipality.source_language)
    return write_csv(entries(knowledge, revisions or {}), folder, languages=languages, separator=between)


def write_csv(
    found: Mapping[str, Sequence[Entry]], folder: Path, *, languages: Sequence[str] | None = None, separator: str = ","
) -> list[Path]:
    """As `export_csv`, for records from anywhere, by kind."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = languages if languages is not None else languages_of(entry for group in found.values() for entry in group)
    written = []
    for table, group in filled(found):
        path = folder / f"{table.stem}.csv"
        columns = heads(table, group, shown)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=separator)
            writer.writerow([head.key for head in columns])
            writer.writerows([as_csv(value) for value in cells(entry, columns)] for entry in group)
        written.append(path)
    return written


def as_csv(value: CellValue) -> str:
    """A value as words, guarded against being calculated. Numbers and dates are in the form that no language changes."""
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def separator_for(language: str) -> str:
    """A semicolon for languages that write decimals with a comma, else a comma."""
    try:
        decimal = get_decimal_symbol(Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return ","
    return ";" if decimal == "," else ","
