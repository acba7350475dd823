"""Exported, imported into an empty database and read: the same knowledge.

What may differ, and nothing else: the version of the knowledge, which counts changes of one database; outdated translations, which an
import leaves out and tells (none here); and in a public export what is secret about confidential places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowledge.documents.city import TranslationModel
from knowledge.domain.records import Knowledge, Location
from knowledge.exchange.batch import TranslatedText
from knowledge.exchange.hsds import HsdsImport, export_datapackage, export_json, read_datapackage, read_json
from knowledge.exchange.newcomer.reader import CityFolder
from tests.integration.conftest import MakeDatabase
from tests.integration.databases import Database
from tests.integration.store.steps import bring_in, published
from tests.unit.knowledge.exchange.hsds.towns import TODAY, full_town

FORMS = pytest.mark.parametrize(
    ("export", "read"), [(export_json, read_json), (export_datapackage, read_datapackage)], ids=["json", "package"]
)


def as_folder(found: HsdsImport) -> CityFolder:
    """What was read from HSDS in the shape that the importer of our own format takes."""
    assert found.municipality is not None
    documents: dict[str, Any] = found.documents
    city = CityFolder(found.municipality)
    city.organizations, city.locations, city.contacts = documents["organization"], documents["location"], documents["contact"]
    city.services, city.articles, city.pages = documents["service"], documents["article"], documents["page"]
    _translations(city, [*found.translations, *found.municipality_translations])
    return city


def _translations(city: CityFolder, translations: Iterable[TranslatedText]) -> None:
    files = {"district": "municipality", "helpline": "municipality", "municipality": "municipality"}
    texts: dict[tuple[str, str, bool], dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for one in translations:
        stem = files.get(one.kind, f"{one.kind}s")
        texts[one.language, stem, one.machine][one.id][one.field] = one.body
    for (language, stem, machine), records in texts.items():
        city.translations[language, stem if machine else f"{stem}.reviewed"] = TranslationModel(machine=machine, texts=records)


def in_a_database(make_database: MakeDatabase, folder: CityFolder) -> tuple[Database, Knowledge]:
    """An empty database with the folder in it, and what it publishes."""
    database = make_database("sqlite")
    bring_in(database, folder)
    return database, published(database, "ankerstadt")


@pytest.fixture(scope="module")
def demo(make_database: MakeDatabase, demo_folder: CityFolder) -> Knowledge:
    """The demonstration city as published."""
    return in_a_database(make_database, demo_folder)[1]


def without_secrets(knowledge: Knowledge, ids: dict[str, str]) -> Knowledge:
    """As a public export tells it: `ids` are the ids that confidential places get when they are imported."""

    def masked(place: Location) -> Location:
        if not place.confidential:
            return place
        return Location(ids[place.id], None, None, None, None, None, None, True, place.accessibility, {})

    places = [masked(place) for place in knowledge.locations.values()]
    services = {
        id: replace(one, at=tuple(replace(at, location=ids.get(at.location, at.location)) for at in one.at))
        for id, one in knowledge.services.items()
    }
    return replace(knowledge, locations={place.id: place for place in places}, services=services)


@FORMS
def test_given_the_demonstration_city_when_its_whole_export_is_imported_then_it_is_the_same(
    export: Callable[..., None], read: Callable[..., HsdsImport], demo: Knowledge, make_database: MakeDatabase, tmp_path: Path
) -> None:
    export(demo, tmp_path, include_confidential=True)
    found = read(tmp_path)
    assert found.rejected == []
    assert in_a_database(make_database, as_folder(found))[1] == demo


@FORMS
def test_given_the_demonstration_city_when_its_public_export_is_imported_then_only_secrets_are_missing(
    export: Callable[..., None], read: Callable[..., HsdsImport], demo: Knowledge, make_database: MakeDatabase, tmp_path: Path
) -> None:
    export(demo, tmp_path)
    found = read(tmp_path)
    secret = [place.id for place in demo.locations.values() if place.confidential]
    ids = dict(zip(secret, (one.id for one in found.documents["location"] if one.id in found.withheld), strict=True))
    assert in_a_database(make_database, as_folder(found))[1] == without_secrets(demo, ids)


@FORMS
def test_given_a_town_whose_records_use_every_field_when_it_is_imported_then_it_is_the_same(
    export: Callable[..., None], read: Callable[..., HsdsImport], make_database: MakeDatabase, tmp_path: Path
) -> None:
    town = replace(full_town(), version=0)
    export(town, tmp_path, include_confidential=True, today=TODAY)
    assert in_a_database(make_database, as_folder(read(tmp_path)))[1] == town


def test_given_the_import_when_it_is_done_again_then_nothing_is_doubled(
    demo: Knowledge, make_database: MakeDatabase, tmp_path: Path
) -> None:
    export_json(demo, tmp_path, include_confidential=True)
    database, _ = in_a_database(make_database, as_folder(read_json(tmp_path)))
    report = bring_in(database, as_folder(read_json(tmp_path)))
    assert (report.texts_changed, report.translations_changed) == (0, 0)
    assert published(database, "ankerstadt") == demo
