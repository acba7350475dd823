"""The town and its people, for every test of the desk's verbs; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.editorial.actor import Actor, Role
from knowledge.store import library
from tests.integration.databases import Database, open_database
from tests.integration.editorial.steps import TOWN, Town, found_town, parts


@pytest.fixture
def town(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Whatever a test does with it, a reader who was there all the time and one who comes at the end know the same."""
    monkeypatch.setattr(library, "CHECK_SECONDS", 0.0)
    another_process = open_database(database.url)
    town = found_town(database, tmp_path, library.Library(another_process.sessions))
    yield town
    held, fresh = town.reader.knowledge(TOWN), library.Library(database.sessions).knowledge(TOWN)
    assert held == fresh
    assert [list(part) for part in parts(held)] == [list(part) for part in parts(fresh)]
    another_process.engine.dispose()


@pytest.fixture
def staff(town: Town) -> Actor:
    return town.user("Stefan", Role.STAFF)


@pytest.fixture
def editor(town: Town) -> Actor:
    return town.user("Edda", Role.EDITOR)


@pytest.fixture
def reviewer(town: Town) -> Actor:
    return town.user("Rike", Role.REVIEWER)


@pytest.fixture
def administrator(town: Town) -> Actor:
    return town.user("Anna", Role.ADMINISTRATOR)


@pytest.fixture
def club_editor(town: Town, administrator: Actor) -> Actor:
    """Works for the club only, which is there with a draft of its café."""
    town.new_club(administrator)
    return town.user("Otto", Role.EDITOR, TOWN, f"{TOWN}/verein")
