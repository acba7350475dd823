"""The demonstration city on both databases: imported once, then looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knowledge.exchange.newcomer.exporter import export_folder
from knowledge.exchange.newcomer.reader import CityFolder, read_folder
from tests.integration.conftest import BOTH, MakeDatabase
from tests.integration.databases import Database
from tests.integration.store.steps import bring_in, published, rows

NAME = "ankerstadt"


@pytest.fixture(scope="module", params=BOTH)
def demo(request: pytest.FixtureRequest, make_database: MakeDatabase, demo_folder: CityFolder) -> Iterator[Database]:
    made = make_database(request.param)
    bring_in(made, demo_folder)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def exported(demo_folder: CityFolder, make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> CityFolder:
    """The city as it comes out again, read once."""
    folder, database = tmp_path_factory.mktemp("exported"), make_database("sqlite")
    bring_in(database, demo_folder)
    export_folder(published(database, NAME), folder)
    return read_folder(folder)


def test_every_record_of_the_folder_is_there(demo: Database, demo_folder: CityFolder) -> None:
    known = published(demo, NAME)
    assert list(known.services) == [one.id for one in demo_folder.services]
    assert list(known.articles) == [one.id for one in demo_folder.articles]
    assert list(known.organizations) == [one.id for one in demo_folder.organizations]
    assert list(known.locations) == [one.id for one in demo_folder.locations]


@pytest.mark.parametrize("folder", ["demo_folder", "exported"])
def test_importing_it_again_or_what_it_exports_changes_nothing(demo: Database, request: pytest.FixtureRequest, folder: str) -> None:
    before, counted = published(demo, NAME), rows(demo)
    report = bring_in(demo, request.getfixturevalue(folder), replace=True)
    assert (report.texts_changed, report.translations_changed, report.removed) == (0, 0, 0)
    assert rows(demo) == counted
    assert published(demo, NAME) == before
