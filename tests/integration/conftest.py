"""The databases: each test that takes `database` runs on SQLite and on PostgreSQL, migrated and empty."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge.cli import DEMO_CITY
from knowledge.exchange.newcomer.reader import CityFolder, read_folder
from knowledge.store.migrate import upgrade
from knowledge.store.tables import Base
from tests.integration.databases import TEMPLATE, Cluster, Database, NoPostgres, open_database, private_cluster

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
MakeDatabase = Callable[..., Database]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """PostgreSQL with a migrated template; skipped with a reason where there is none, which fails in CI."""
    try:
        with private_cluster() as started:
            template = open_database(started.create(TEMPLATE))
            upgrade(template.engine)
            template.engine.dispose()
            yield started
    except NoPostgres as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(f"PostgreSQL must be there in CI: {reason}")
        pytest.skip(f"no PostgreSQL: {reason}")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    template = open_database(f"sqlite:///{path}")
    upgrade(template.engine)
    template.engine.dispose()
    return path


@pytest.fixture(scope="session")
def make_database(request: pytest.FixtureRequest, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeDatabase]:
    """Makes databases of a kind; `migrated=False` leaves one without any tables."""
    made: list[Database] = []

    def make(kind: str, *, migrated: bool = True) -> Database:
        if kind == "sqlite":
            path = tmp_path_factory.mktemp("database") / "knowledge.db"
            if migrated:
                shutil.copy(migrated_file, path)
            url = f"sqlite:///{path}"
        else:
            cluster: Cluster = request.getfixturevalue("cluster")
            url = cluster.create(f"test_{uuid.uuid4().hex}", TEMPLATE if migrated else "template1")
        made.append(open_database(url))
        return made[-1]

    yield make
    for one in made:
        one.engine.dispose()


@pytest.fixture(scope="session")
def demo_folder() -> CityFolder:
    """The demonstration city, read once: it takes seconds."""
    return read_folder(DEMO_CITY)


@pytest.fixture(scope="session")
def shared_postgres(make_database: MakeDatabase) -> Database:
    """One database on the server for all tests that take turns: emptying it is quicker than making another."""
    return make_database("postgresql")


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, make_database: MakeDatabase) -> Iterator[Database]:
    """A migrated, empty database."""
    made = make_database("sqlite") if request.param == "sqlite" else request.getfixturevalue("shared_postgres")
    yield made
    made.engine.dispose()
    if request.param != "sqlite":
        names = ", ".join(Base.metadata.tables)
        with made.engine.begin() as connection:
            # The audit log refuses to be emptied; nobody but a superuser can say that no trigger is asked.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture(params=BOTH)
def bare_database(request: pytest.FixtureRequest, make_database: MakeDatabase) -> Iterator[Database]:
    """A database without any tables."""
    made = make_database(request.param, migrated=False)
    yield made
    made.engine.dispose()
