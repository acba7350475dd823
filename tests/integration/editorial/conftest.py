"""The town and its people, for every test of the desk's verbs; on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.editorial.actor import Actor, Role
from tests.integration.databases import Database
from tests.integration.editorial.steps import TOWN, Town, found_town


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return found_town(database, tmp_path)


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
