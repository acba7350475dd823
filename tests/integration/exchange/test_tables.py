"""The demonstration city as tables, and back: every document and every translation as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.documents.canonical import canonical
from knowledge.documents.from_records import documents as published_documents
from knowledge.documents.models import MODELS
from knowledge.domain.records import Knowledge
from knowledge.exchange.newcomer.reader import CityFolder
from knowledge.exchange.tables.csv_writer import export_csv
from knowledge.exchange.tables.entries import entries
from knowledge.exchange.tables.reading import read_tables
from knowledge.exchange.tables.xlsx_writer import export_xlsx
from tests.integration.conftest import MakeDatabase
from tests.integration.store.steps import bring_in, published
from tests.unit.knowledge.exchange.tables.files import documents


@pytest.fixture(scope="module")
def city(make_database: MakeDatabase, demo_folder: CityFolder) -> Knowledge:
    database = make_database("sqlite")
    bring_in(database, demo_folder)
    return published(database, "ankerstadt")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_demonstration_city_comes_back_as_it_was(city: Knowledge, tmp_path: Path, form: str) -> None:
    path = tmp_path / "city" if form == "csv" else tmp_path / "city.xlsx"
    revisions = {(kind, entry.id): 1 for kind, group in entries(city, {}).items() for entry in group}
    if form == "csv":
        export_csv(city, path, revisions)
    else:
        export_xlsx(city, path, revisions)
    batch = read_tables(path)
    assert documents(batch) == {
        (kind, id): canonical(MODELS[kind].parse_obj(one)) for kind, group in published_documents(city).items() for id, one in group.items()
    }
    translated = {
        (one.kind, one.id, one.field, one.language): (one.body, "machine" if one.machine else "reviewed")
        for one in batch.translations
        if one.body
    }
    assert translated == {
        (kind, entry.id, field, language): (translation.body, translation.state.value)
        for kind, group in entries(city, {}).items()
        for entry in group
        for field, by_language in entry.translations.items()
        for language, translation in by_language.items()
    }
    assert batch.revisions == revisions
    assert (batch.rejected, batch.skipped, batch.notices) == ([], [], [])
