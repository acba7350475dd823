"""Rules for the desk's templates that no single page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.config import PROJECT

TEMPLATES = sorted((PROJECT / "knowledge/web/desk/templates").rglob("*.html"))
CELL = re.compile(r"<td\b(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_label_before_a_cell_keeps_the_language_and_direction_of_the_page(path: Path) -> None:
    """On a telephone the label of a cell is set before its words: language and direction of those are on an element within the cell."""
    cells = CELL.findall(path.read_text(encoding="utf-8"))
    assert [one for one in cells if "data-label" in one and re.search(r'\b(lang|dir)="', one)] == []
