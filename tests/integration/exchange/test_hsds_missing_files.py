"""A data package that lacks a file tells nothing of what that would have held: nobody loses it unasked, and everybody is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from knowledge.editorial.actor import desk_itself
from knowledge.editorial.import_runs.files import reading_for
from knowledge.editorial.imports.outcome import Action, Plan
from knowledge.editorial.imports.plan import plan
from knowledge.editorial.imports.tables import published_revisions
from knowledge.editorial.sync import sync
from knowledge.exchange.formats import read_files
from knowledge.exchange.hsds import export_datapackage, read_datapackage
from knowledge.exchange.hsds.tables import tables
from tests.integration.conftest import MakeDatabase
from tests.integration.databases import Database
from tests.integration.exchange.test_hsds_round_trip import as_folder
from tests.integration.store.steps import bring_in, published
from tests.unit.knowledge.exchange.hsds.towns import TODAY, full_town

TOWN = "ankerstadt"
# What stands in these is the same in every city, or has no place at the desk.
FILES = sorted(table.path for table in tables().values())


@dataclass(frozen=True)
class Package:
    """A city that uses every field, and what it has exported."""

    database: Database
    folder: Path
    scratch: Callable[[str], Path]

    def planned(self, *without: str, keep_missing: bool = True) -> Plan:
        """What would happen if the export came back without these files."""
        folder = self.scratch("package") / "files"
        shutil.copytree(self.folder, folder)
        for name in without:
            (folder / name).unlink()
        with self.database.sessions() as session:
            how = replace(reading_for(session, TOWN, self.scratch("scratch")), today=TODAY)
            found = read_files("hsds", [folder], how)
            return plan(session, TOWN, found.batch, found.source, keep_missing=keep_missing)


@pytest.fixture(scope="module")
def package(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Package:
    first, folder = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("package")
    export_datapackage(full_town(), first, include_confidential=True, today=TODAY)
    database = make_database("sqlite")
    bring_in(database, as_folder(read_datapackage(first, today=TODAY)))
    with database.sessions() as session, session.begin():
        sync(session, TOWN, desk_itself("import"))
    with database.sessions() as session:
        revisions = published_revisions(session, TOWN)
    export_datapackage(published(database, TOWN), folder, revisions=revisions, today=TODAY)
    return Package(database, folder, tmp_path_factory.mktemp)


def would_change(made: Plan) -> dict[str, list[str]]:
    return {item.key: [change.path for change in item.changes] for item in made.items if item.action is not Action.UNCHANGED}


def test_given_all_files_then_nothing_changes_and_nothing_is_missing(package: Package) -> None:
    made = package.planned()
    assert (would_change(made), made.missing) == ({}, [])


@pytest.mark.parametrize("file", FILES)
def test_given_one_file_is_missing_then_nothing_is_taken_away(package: Package, file: str) -> None:
    assert would_change(package.planned(file)) == {}


def test_given_files_are_missing_then_those_that_matter_are_told(package: Package) -> None:
    """Given two of which records have something, and one in which there is nothing."""
    made = package.planned("phones.csv", "newcomer_services.csv", "programs.csv")
    assert {(one.file, one.records) for one in made.missing} == {("phones.csv", 3), ("newcomer_services.csv", 2)}
    assert {(one.file, one.key) for one in made.notices} >= {("phones.csv", "desk.imports.notice.missing_file")}


def test_given_a_file_that_cannot_be_read_then_it_is_as_if_it_were_missing(package: Package) -> None:
    (package.folder / "phones.csv").rename(package.folder / "kept")
    try:
        (package.folder / "phones.csv").write_text("number\n112\n", encoding="utf-8")
        made = package.planned()
    finally:
        (package.folder / "kept").rename(package.folder / "phones.csv")
    assert would_change(made) == {}
    assert [one.file for one in made.missing] == ["phones.csv"]


def test_given_somebody_wants_it_then_what_the_missing_file_held_is_taken_away(package: Package) -> None:
    made = package.planned("phones.csv", keep_missing=False)
    assert set(map(tuple, would_change(made).values())) == {("phones",)}
    assert {one.key for one in made.notices if one.file == "phones.csv"} == {"desk.imports.notice.missing_file_gone"}


def test_given_another_change_in_the_same_package_then_it_comes(package: Package) -> None:
    file = package.folder / "services.csv"
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(before.replace("Mit Termin.", "Ohne Termin."), encoding="utf-8")
        made = package.planned("phones.csv")
    finally:
        file.write_text(before, encoding="utf-8")
    assert would_change(made) == {f"service:{TOWN}/office": ["texts.application_process"]}
