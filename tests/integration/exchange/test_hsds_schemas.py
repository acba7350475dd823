"""The export of the demonstration city is valid: for HSDS's compiled schemas, and for frictionless as a data package."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frictionless
import jsonschema
import pytest

from knowledge.domain.records import Knowledge
from knowledge.exchange.hsds import export_datapackage, export_json
from knowledge.exchange.hsds.tables import tables
from knowledge.exchange.newcomer.reader import CityFolder
from tests.integration.conftest import MakeDatabase
from tests.integration.store.steps import bring_in, published
from tests.unit.knowledge.exchange.hsds.towns import TODAY, full_town, hsds_folder

# Compiled schema -> file of the export, and where its objects are: the whole file, entries of an array, entries of a page.
COMPILED = {
    "tabular": ("tabular", "file"),
    "organization_package": ("organization_package", "file"),
    "service_package": ("service_package", "file"),
    "service_at_location_package": ("service_at_location_package", "file"),
    "organization": ("organization_package", "array"),
    "service": ("service_package", "array"),
    "service_with_definitions": ("service_package", "array"),
    "service_at_location": ("service_at_location_package", "array"),
    "organization_list": ("organization_list", "page"),
    "service_list": ("service_list", "page"),
    "service_at_location_list": ("service_at_location_list", "page"),
}
# Tables of which a city has nothing that it could publish.
NOTHING_OF_OURS = {"program", "funding", "service_area", "metadata", "organization_identifier"}


@dataclass(frozen=True)
class Exported:
    """One city, exported in both forms."""

    knowledge: Knowledge
    json: Path
    package: Path

    def objects(self, file: str, where: str) -> list[Any]:
        """What a schema speaks about."""
        content = json.loads((self.json / f"{file}.json").read_text("utf-8"))
        return [content] if where == "file" else list(content["contents"] if where == "page" else content)


def _exported(knowledge: Knowledge, folder: Path) -> Exported:
    export_json(knowledge, folder / "json", today=TODAY)
    export_datapackage(knowledge, folder / "package", today=TODAY)
    return Exported(knowledge, folder / "json", folder / "package")


@pytest.fixture(scope="module", params=["demo", "full"])
def city(
    request: pytest.FixtureRequest, make_database: MakeDatabase, demo_folder: CityFolder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exported]:
    """The demonstration city, and a town whose records use every field."""
    folder = tmp_path_factory.mktemp("hsds")
    if request.param == "full":
        yield _exported(full_town(), folder)
        return
    database = make_database("sqlite")
    bring_in(database, demo_folder)
    yield _exported(published(database, "ankerstadt"), folder)
    database.engine.dispose()


@pytest.mark.parametrize("schema", sorted(COMPILED))
def test_given_a_compiled_schema_then_all_objects_of_the_export_follow_it(schema: str, city: Exported) -> None:
    rules = json.loads((hsds_folder() / "schema" / "compiled" / f"{schema}.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(rules, format_checker=jsonschema.FormatChecker())
    objects = city.objects(*COMPILED[schema])
    assert objects
    problems = [f"{list(error.path)}: {error.message}" for one in objects for error in validator.iter_errors(one)]
    assert problems[:5] == []


def test_no_compiled_schema_is_left_out() -> None:
    assert {path.stem for path in (hsds_folder() / "schema" / "compiled").glob("*.json")} == set(COMPILED)


@pytest.mark.parametrize("name", ["taxonomy", "taxonomy_term"])
def test_given_taxonomies_then_they_follow_their_schema(name: str, city: Exported) -> None:
    folder = hsds_folder() / "schema"
    rules = json.loads((folder / f"{name}.json").read_text("utf-8"))
    resolver = jsonschema.RefResolver(f"{folder.as_uri()}/", rules)
    validator = jsonschema.Draft202012Validator(rules, resolver=resolver)
    objects = city.objects(f"{name}_list", "page")
    assert objects and [error.message for one in objects for error in validator.iter_errors(one)] == []


def test_given_all_objects_then_every_table_that_a_city_can_fill_is_there(city: Exported) -> None:
    content = json.loads((city.json / "tabular.json").read_text("utf-8"))
    missing = {name for name, table in tables().items() if name not in content and not table.ours}
    assert missing == NOTHING_OF_OURS | (set() if city.knowledge.contacts else {"contact"})


def test_given_the_json_then_services_have_their_organization_place_hours_and_topics(city: Exported) -> None:
    for one in city.objects("service_package", "array"):
        assert one["organization"]["name"] and one["newcomer"]["local_id"] in city.knowledge.services
        assert [x["value"] for x in one["attributes"] if x["link_type"] == "topic"] == list(
            city.knowledge.services[one["newcomer"]["local_id"]].topics
        )


def _validated(descriptor: Path) -> list[str]:
    report = frictionless.validate(str(descriptor))
    assert report["stats"]["tasks"] >= 21
    return [f"{task.resource.name}: {error.message}" for task in report.tasks for error in task.errors] + list(map(str, report.errors))


def test_given_the_data_package_then_frictionless_finds_it_valid(city: Exported) -> None:
    assert _validated(city.package / "datapackage.json") == []


def test_given_the_data_package_then_it_also_fits_the_descriptor_of_hsds(city: Exported, tmp_path: Path) -> None:
    shutil.copytree(city.package, tmp_path / "package")
    shutil.copy(hsds_folder() / "datapackage.json", tmp_path / "package" / "datapackage.json")
    assert _validated(tmp_path / "package" / "datapackage.json") == []


def test_given_a_broken_cell_then_frictionless_would_find_it(city: Exported, tmp_path: Path) -> None:
    shutil.copytree(city.package, tmp_path / "package")
    services = tmp_path / "package" / "services.csv"
    services.write_text(services.read_text("utf-8").replace(",active,", ",asleep,", 1), "utf-8")
    assert _validated(tmp_path / "package" / "datapackage.json")


def test_given_the_demonstration_city_then_no_byte_of_its_export_tells_a_confidential_address(city: Exported) -> None:
    content = b"\n".join(path.read_bytes() for path in (*city.json.rglob("*"), *city.package.rglob("*")) if path.is_file())
    secret = [place for place in city.knowledge.locations.values() if place.confidential]
    assert secret
    for place in secret:
        directions = [body for text in place.texts.values() if text is place.texts.get("directions") for _, body in text.all_bodies()]
        for value in (place.street, str(place.latitude), str(place.longitude), *directions):
            assert value and value.encode() not in content
