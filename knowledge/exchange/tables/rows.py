"""The rows of one table into patches and translations. A row with a mistake is left out, with every mistake named; the others are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from knowledge.exchange.batch import Batch, TranslatedText
from knowledge.exchange.patch import Patch, place_of_row
from knowledge.exchange.tables.cells import has_lost_letters
from knowledge.exchange.tables.columns import STATES, TABLES, Column, Table
from knowledge.exchange.tables.grid import Grid, GridCell, Row
from knowledge.exchange.tables.headers import OF_THE_ROW, REVISION, Use, kind_by_headers, kind_by_name, names_records, use_of
from knowledge.exchange.tables.identity import as_id, slug
from knowledge.exchange.tables.problems import Problem, rejection
from knowledge.exchange.tables.row_checks import check_row
from knowledge.exchange.tables.values import KEEP, Choice, Context, Number, as_text

# Titles and remarks may stand above the header; it is looked for in the first rows that hold anything.
_HEADER_WITHIN = 20
NOTE = "#"
# What the exporter writes instead of a text that is too long for a cell: the text stays as it is.
UNCHANGED = "[unchanged]"
_STATE, _REVISION = Choice(STATES), Number(whole=True)


@dataclass
class _Sheet:
    """One table while it is read."""

    grid: Grid
    table: Table
    context: Context
    header_row: int
    uses: list[Use | str | None]
    headers: list[str]
    # path -> header of its column
    paths: dict[str, str] = field(default_factory=dict)


@dataclass
class _Reading:
    """One row while it is read."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    bodies: dict[tuple[str, str], str] = field(default_factory=dict)
    states: dict[tuple[str, str], str] = field(default_factory=dict)
    revision: int | None = None
    exported: datetime | None = None
    id: str = ""
    wrong: list[tuple[str, Problem]] = field(default_factory=list)


def read_grid(grid: Grid, context: Context, batch: Batch, seen: dict[tuple[str, str], str]) -> bool:
    """Add the records of `grid` to `batch`; `seen` has the place of every record read before. False if it is no table of ours."""
    batch.notices += grid.notices
    batch.rejected += grid.rejected
    sheet = _find(grid, context)
    if sheet is None:
        return False
    start = _account_for_columns(sheet, batch)
    for row in grid.rows[start:]:
        if row.empty or _is_note(sheet, row):
            continue
        _read_row(sheet, row, batch, seen)
    return True


def _find(grid: Grid, context: Context) -> _Sheet | None:
    """The header: of the first rows, the one that knows most of our columns."""
    best: tuple[int, _Sheet] | None = None
    for row in [row for row in grid.rows if not row.empty][:_HEADER_WITHIN]:
        headers = ["" if isinstance(cell, Problem) else str(cell or "").strip() for cell in row.cells]
        kind = kind_by_name(grid.name) or kind_by_headers(headers)
        if kind is None:
            continue
        table = TABLES[kind]
        uses = [use_of(table, header, context.source_language) if header else None for header in headers]
        known = sum(use is not None for use in uses)
        if names_records(uses) and (best is None or known > best[0]):
            best = (known, _Sheet(grid, table, context, row.number, uses, headers))
    return best[1] if best else None


def _account_for_columns(sheet: _Sheet, batch: Batch) -> int:
    """Say which columns are left out, and why. Returns where the rows below the header begin."""
    start = next(index for index, row in enumerate(sheet.grid.rows) if row.number == sheet.header_row) + 1
    taken: dict[Use | str, str] = {}
    for position, (use, header) in enumerate(zip(sheet.uses, sheet.headers, strict=True)):
        problem = None
        if use is None and header:
            problem = Problem("column_unknown")
        elif use is not None and use in taken:
            problem = Problem("column_twice", other=taken[use])
            sheet.uses[position] = None
        elif use is not None:
            taken[use] = header
        if problem:
            batch.skipped.append(rejection(sheet.grid.file, header, problem, row=sheet.header_row, column=header))
        if isinstance(use, Use) and use.language is None and use.column.key != "id":
            sheet.paths |= {path: header for path in use.column.paths}
    for use in [use for use in taken if isinstance(use, Use) and use.state and Use(use.column, use.language) not in taken]:
        batch.skipped.append(rejection(sheet.grid.file, taken[use], Problem("state_alone"), row=sheet.header_row, column=taken[use]))
    nameless = [n for n in range(_width(sheet.grid, start)) if n >= len(sheet.headers) or not sheet.headers[n]]
    for position in nameless:
        if any(position < len(row.cells) and row.cells[position] not in (None, "") for row in sheet.grid.rows[start:]):
            name = letters(position)
            batch.skipped.append(rejection(sheet.grid.file, name, Problem("column_nameless"), row=sheet.header_row, column=name))
    return start


def _width(grid: Grid, start: int) -> int:
    return max((len(row.cells) for row in grid.rows[start:]), default=0)


def letters(position: int) -> str:
    """``"AB"`` for the 28th column, counted from 0."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _is_note(sheet: _Sheet, row: Row) -> bool:
    """A row whose id begins with # is for people, such as the labels below the header."""
    for use, cell in zip(sheet.uses, row.cells, strict=False):
        if isinstance(use, Use) and use.column.key == "id":
            return isinstance(cell, str) and cell.lstrip().startswith(NOTE)
    first = next((cell for cell in row.cells if cell not in (None, "")), None)
    return isinstance(first, str) and first.lstrip().startswith(NOTE)


def _read_row(sheet: _Sheet, row: Row, batch: Batch, seen: dict[tuple[str, str], str]) -> None:
    file, kind = sheet.grid.file, sheet.table.kind
    reading = _Reading(row)
    # A row may end before its last columns: those cells are empty.
    cells = row.cells + [None] * (len(sheet.uses) - len(row.cells))
    for use, header, cell in zip(sheet.uses, sheet.headers, cells, strict=False):
        if use is None:
            continue
        try:
            _read_cell(sheet, reading, use, cell)
        except Problem as problem:
            reading.wrong.append((header, problem))
    name = str(reading.values.get("texts.name") or reading.values.get("texts.title") or "")
    if not reading.wrong:
        try:
            _identify(kind, reading, name)
        except Problem as problem:
            reading.wrong.append(("id", problem))
    # What people know it by; an id may have been made out of the name.
    label = name or reading.id or ", ".join(str(cell) for cell in row.cells if isinstance(cell, str) and cell.strip())[:60]
    rejected = [rejection(file, label, problem, row=row.number, column=header) for header, problem in reading.wrong]
    place = place_of_row(file, row.number)
    patch = Patch(kind, reading.id, reading.values, place)
    if not rejected:
        rejected = check_row(patch, sheet.paths, file, label, row.number)
    if not rejected and (before := seen.get((kind, reading.id))):
        rejected = [rejection(file, label, Problem("id_twice", place=before), row=row.number, column="id")]
    if rejected:
        batch.rejected += rejected
        return
    seen[kind, reading.id] = place
    batch.patches.append(patch)
    batch.translations += _translations(kind, reading)
    if reading.revision is not None:
        batch.revisions[kind, reading.id] = reading.revision
    if reading.exported is not None:
        batch.exported[kind, reading.id] = reading.exported


def _read_cell(sheet: _Sheet, reading: _Reading, use: Use | str, cell: GridCell) -> None:
    if isinstance(cell, Problem):
        raise cell
    empty = cell is None or (isinstance(cell, str) and not cell.strip())
    if use == REVISION:
        reading.revision = None if empty else int(_REVISION.read(cell, sheet.context))
    elif use in OF_THE_ROW:
        reading.exported = _moment(cell)
    if not isinstance(use, Use):
        return
    column = use.column
    if isinstance(cell, str) and cell.strip() == UNCHANGED:
        return
    if isinstance(cell, str) and column.text is not None and not use.state and has_lost_letters(cell):
        raise Problem("letters_lost")
    if column.key == "id" and use.language is None:
        reading.id = "" if empty else as_text(cell) if sheet.table.kind == "article" else as_id(cell)
    elif use.language is None:
        value = column.cell.empty if empty else column.cell.read(cell, sheet.context)
        if value is not KEEP:
            reading.values |= column.values(value)
    elif use.state:
        reading.states[column.key, use.language] = "" if empty else str(_STATE.read(cell, sheet.context))
    else:
        reading.bodies[column.key, use.language] = "" if empty else _body(column, cell, sheet.context)


def _moment(cell: GridCell) -> datetime | None:
    """When the row was written; None where a program has made something else of it: the row can do without."""
    try:
        moment = cell if isinstance(cell, datetime) else datetime.fromisoformat(str(cell or ""))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _body(column: Column, cell: GridCell, context: Context) -> str:
    assert not isinstance(cell, Problem)
    value = column.cell.read(cell, context)
    return "\n".join(value) if isinstance(value, list) else str(value or "")


def _identify(kind: str, reading: _Reading, name: str) -> None:
    """Settle the id of the row. A record without one is called after its name, an article after its topic and audience."""
    if kind == "article":
        _identify_article(reading)
        return
    if not reading.id:
        if not name:
            raise Problem("id_missing")
        reading.id = slug(name)
    reading.values["id"] = reading.id


def _identify_article(reading: _Reading) -> None:
    written = reading.id
    parts = written.partition(":")
    # An empty cell is no other topic: the id says which one.
    for path, part in (("topic", parts[0]), ("audience", parts[2])):
        if part and reading.values.get(path) is None:
            reading.values[path] = part
    topic, audience = reading.values.get("topic"), reading.values.get("audience") or "everyone"
    if not topic:
        raise Problem("topic_missing")
    reading.id = f"{topic}:{audience}"
    if written and written not in (reading.id, str(topic)):
        raise Problem("article_id", id=written, other=reading.id)


def _translations(kind: str, reading: _Reading) -> Sequence[TranslatedText]:
    found = []
    for (name, language), body in reading.bodies.items():
        if not body:
            continue  # a translation is replaced, never taken away: the words of the city would be unread in that language
        state = reading.states.get((name, language), "")
        stated = state in ("machine", "reviewed")
        # Words of which nobody says where they are from count as not reviewed.
        machine = state != "reviewed"
        found.append(TranslatedText(kind, reading.id, name, language, body, machine=machine, stated=stated))
    return found
