"""The desk with the demonstration city, a second municipality and people of every role, on both databases.

Filling a database takes seconds, so that it is done once a session for each kind: tests get copies.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from knowledge.config import load_settings
from knowledge.editorial.actor import Actor, desk_itself
from knowledge.editorial.save import create
from knowledge.editorial.sync import sync
from knowledge.exchange.newcomer.importer import import_folder
from knowledge.exchange.newcomer.reader import CityFolder, read_folder
from knowledge.store.engine import begin_writing
from knowledge.web.desk.accounts.city_account import BACK
from tests.folders import a_service, small_town, write
from tests.integration.conftest import BOTH, MakeDatabase
from tests.integration.databases import Cluster, Database, open_database
from tests.integration.desk.acts import ANNA
from tests.integration.desk.openid_provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.integration.desk.people import CITY, ORGANIZATION, OTHER_CITY, Desk, Person, actor_of, add_people, start_desk

MakeDesk = Callable[..., Awaitable[Desk]]
FILLED = "desk_filled"

# Words that stand in the drafts only: wherever they turn up for others, something has leaked.
SECRET_HERE, SECRET_THERE = "Zitronenfalter", "Nachtigallenhain"
DRAFT_HERE, DRAFT_THERE = f"service:{CITY}/entwurf", f"service:{OTHER_CITY}/entwurf"
PUBLISHED_THERE = f"service:{OTHER_CITY}/office"


def _fill(database: Database, city: CityFolder, other: CityFolder) -> None:
    desk = desk_itself("test")
    with database.sessions() as session, session.begin():
        for folder in (city, other):
            report = import_folder(session, folder)
            sync(session, report.municipality, desk)
        organization = ORGANIZATION.partition("/")[2]
        here = a_service("entwurf", organization=organization, at=[], texts={"name": f"{SECRET_HERE} Beratung", "fees": SECRET_HERE})
        create(session, desk, CITY, "service", here)
        there = a_service("entwurf", texts={"name": f"{SECRET_THERE} Beratung", "fees": SECRET_THERE})
        create(session, desk, OTHER_CITY, "service", there)
        add_people(session)


@pytest.fixture(scope="session")
def other_folder(tmp_path_factory: pytest.TempPathFactory) -> CityFolder:
    """A second municipality."""
    return read_folder(write(tmp_path_factory.mktemp("other"), small_town(OTHER_CITY)))


@pytest.fixture(scope="session")
def filled_file(make_database: MakeDatabase, demo_folder: CityFolder, other_folder: CityFolder) -> Path:
    """A SQLite file to copy."""
    made = make_database("sqlite")
    _fill(made, demo_folder, other_folder)
    made.engine.dispose()
    return Path(str(made.engine.url.database))


@pytest.fixture(scope="session")
def filled_template(cluster: Cluster, demo_folder: CityFolder, other_folder: CityFolder) -> str:
    """Name of a PostgreSQL database to copy."""
    made = open_database(cluster.create(FILLED, "migrated"))
    _fill(made, demo_folder, other_folder)
    made.engine.dispose()
    return FILLED


@pytest.fixture(params=BOTH)
def desk_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with everything that the desk's tests start from."""
    if request.param == "sqlite":
        copy = tmp_path / "knowledge.db"
        shutil.copy(request.getfixturevalue("filled_file"), copy)
        made = open_database(f"sqlite:///{copy}")
        yield made
        made.engine.dispose()
        return
    template = request.getfixturevalue("filled_template")
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"desk_{uuid.uuid4().hex}"
    made = open_database(cluster.create(name, template))
    yield made
    made.engine.dispose()
    server = create_engine(cluster.url("postgres").replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


@pytest.fixture
async def make_desk(desk_database: Database, tmp_path: Path) -> AsyncIterator[MakeDesk]:
    """Starts desks with settings of your choice: ``await make_desk(NEWCOMER_SMTP_URL="smtp://…")``. Two of them share the database."""
    made: list[Desk] = []

    async def make(**environment: str) -> Desk:
        given = {"NEWCOMER_SECRET": "for the tests only", "NEWCOMER_VAR": str(tmp_path), "NEWCOMER_MUNICIPALITY": CITY}
        given["NEWCOMER_DATABASE_URL"] = desk_database.url
        made.append(await start_desk(desk_database, load_settings({**given, **environment})))
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.fixture
async def desk(make_desk: MakeDesk) -> Desk:
    """The desk as it is by default."""
    return await make_desk()


@pytest.fixture(scope="module")
def running_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """A real provider of city accounts."""
    found = Provider(tmp_path_factory.mktemp("provider"))
    found.start()
    yield found
    found.stop()


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    """The same, with one person who can sign in there: "anna"."""
    running_provider.people({"anna": ANNA})
    return running_provider


@pytest.fixture
async def desk_with_provider(make_desk: MakeDesk, provider: Provider) -> Desk:
    """The desk of a city that has accounts of its own."""
    made = await make_desk(
        NEWCOMER_OIDC_ISSUER=provider.issuer,
        NEWCOMER_OIDC_CLIENT_ID=CLIENT_ID,
        NEWCOMER_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        NEWCOMER_OIDC_NAME="Ankerstadt-Konto",
    )
    provider.redirect_to(str(made.server.make_url(BACK)))
    return made


@pytest.fixture
async def reviewer(desk: Desk) -> Person:
    return await desk.sign_in("reviewer")


@pytest.fixture
async def editor(desk: Desk) -> Person:
    return await desk.sign_in("editor")


@pytest.fixture
async def second(desk: Desk) -> Person:
    """Another editor."""
    return await desk.sign_in("second_editor")


@pytest.fixture
def do(desk_database: Database) -> Callable[[Callable[[Session], Any]], Any]:
    """Runs work in a transaction of its own, as the desk does."""

    def run(work: Callable[[Session], Any]) -> Any:
        with desk_database.sessions() as session, session.begin():
            begin_writing(session)
            return work(session)

    return run


@pytest.fixture
def who(do: Callable[[Callable[[Session], Actor]], Actor]) -> Callable[[str], Actor]:
    """People by name."""
    return lambda name: do(lambda session: actor_of(session, name))
