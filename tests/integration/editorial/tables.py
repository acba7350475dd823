"""Imports of tables in tests: rows in, a plan and a report out."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.editorial.actor import Actor
from knowledge.editorial.imports.apply import apply
from knowledge.editorial.imports.outcome import Decisions, Item, Plan, Progress, Report
from knowledge.editorial.imports.plan import plan
from knowledge.editorial.imports.tables import knowledge_to_export, table_context
from knowledge.exchange.batch import Batch
from knowledge.exchange.tables.csv_writer import export_csv
from knowledge.exchange.tables.reading import read_content, read_tables
from tests.integration.editorial.steps import TOWN, Town
from tests.unit.knowledge.exchange.tables.files import csv_bytes

SOURCE = "csv:tests"
TODAY = date(2026, 11, 22)
Table = Sequence[Sequence[Any]]
# A service that the town has not yet.
NEW: Table = [["id", "name", "organization", "topics", "name@en"], ["cafe", "Café", "stadt", "language.courses", "Café"]]


def read(town: Town, rows: Table, name: str = "services.csv") -> Batch:
    """The rows as the desk reads them."""
    with town.database.sessions() as session:
        return read_content(csv_bytes(rows), name, table_context(session, TOWN, TODAY))


def planned(town: Town, batch: Batch, source: str = SOURCE) -> Plan:
    """What would happen."""
    with town.database.sessions() as session:
        return plan(session, TOWN, batch, source)


def only(made: Plan) -> Item:
    """The one record that the plan is about."""
    (item,) = made.items
    return item


def applied(town: Town, actor: Actor, made: Plan, decisions: Decisions | None = None, progress: Progress | None = None) -> Report:
    """Do it, and commit."""
    return town.do(lambda session: apply(session, actor, made, decisions, progress))


def imported(town: Town, actor: Actor, rows: Table, name: str = "services.csv", *, take: Sequence[str] = ()) -> Report:
    """Read, plan and do."""
    return applied(town, actor, planned(town, read(town, rows, name)), Decisions(take=frozenset(take)))


def exported(town: Town, folder: Path) -> Path:
    """The town as CSV files, as the desk hands them out."""
    with town.database.sessions() as session:
        knowledge, revisions = knowledge_to_export(session, TOWN)
        export_csv(knowledge, folder, revisions, separator=",")
    return folder


def read_again(town: Town, folder: Path) -> Batch:
    """The files of an export, read by the desk."""
    with town.database.sessions() as session:
        return read_tables(folder, table_context(session, TOWN, TODAY))


def edit(folder: Path, file: str, id: str, /, **cells: str) -> None:
    """Write into the row of a record, as a person does in a spreadsheet; `__at__` in a column's name stands for @."""
    path = folder / file
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    (row,) = [row for row in rows if row["id"] == id]
    for column, words in cells.items():
        column = column.replace("__at__", "@").replace("__state", ":state")
        assert column in row
        row[column] = words
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def changes(item: Item) -> dict[str, tuple[Any, Any]]:
    """Field -> (before, after)."""
    return {change.path: (change.before, change.after) for change in item.changes}


def city_of_changes(town: Town, folder: Path) -> Path:
    """An export with a change in each of two services."""
    out = exported(town, folder / "out")
    edit(out, "services.csv", "office", name="Bürgeramt")
    edit(out, "services.csv", "school", name="Schulbüro")
    return out
