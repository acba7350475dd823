"""The command line on an empty knowledge base, and on one with the demonstration city."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.cli import DEMO_CITY
from tests.integration.conftest import MakeDatabase
from tests.integration.databases import Database
from tests.integration.kb_formats.acts import Newcomer, runner


@pytest.fixture
def newcomer(database: Database, tmp_path: Path) -> Newcomer:
    return runner(database, tmp_path / "var")


@pytest.fixture(scope="session")
def demo_file(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demonstration city, to copy."""
    made = make_database("sqlite")
    done = runner(made, tmp_path_factory.mktemp("var"))("import", "newcomer", DEMO_CITY)
    assert done.exit_code == 0, done.output
    with made.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # what is still in the log beside the file
    made.engine.dispose()
    return Path(str(made.engine.url.database))


@pytest.fixture
def demo(demo_file: Path, make_database: MakeDatabase, tmp_path: Path) -> tuple[Newcomer, Database]:
    """The command line on a knowledge base with the demonstration city."""
    made = make_database("sqlite")
    path = Path(str(made.engine.url.database))
    made.engine.dispose()
    shutil.copy(demo_file, path)
    return runner(made, tmp_path / "var"), made
