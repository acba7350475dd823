"""A table as the readers of files hand it over: rows of cells, numbered as a spreadsheet numbers them."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.exchange.batch import Rejection
from knowledge.exchange.tables.cells import CellValue
from knowledge.exchange.tables.problems import Problem

# More than any city has; what is larger was not meant for us.
MOST_ROWS, MOST_COLUMNS = 50_000, 1_000
GridCell = CellValue | Problem


@dataclass
class Row:
    """`number` counts from 1, with the header. A cell that could not be read is the Problem that it has."""

    number: int
    cells: list[GridCell]

    @property
    def empty(self) -> bool:
        """Nothing in any cell."""
        return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in self.cells)


@dataclass
class Grid:
    """`file` is what a rejection calls it, `name` is what its kind may be seen from (of the file, or of the sheet)."""

    file: str
    name: str
    rows: list[Row] = field(default_factory=list)
    notices: list[Rejection] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
