"""`newcomer kb import` and `export` of HSDS: out and in again, public exports, the examples of the specification."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.domain.records import Knowledge, Location
from knowledge.exchange.hsds.ids import uuid_of
from tests.integration.databases import Database
from tests.integration.kb_formats.acts import CITY, Newcomer, a_town, runner
from tests.integration.store.steps import published
from tests.unit.knowledge.exchange.hsds.towns import hsds_folder


def by_order(knowledge: Knowledge) -> list[list[str]]:
    return [list(getattr(knowledge, name)) for name in ("organizations", "locations", "contacts", "services", "articles", "pages")]


class TestHsds:
    @pytest.mark.parametrize("format", ["hsds", "hsds-csv"])
    def test_the_whole_city_goes_out_and_into_an_empty_database_as_the_same(
        self, demo: tuple[Newcomer, Database], database: Database, tmp_path: Path, format: str
    ) -> None:
        newcomer, source = demo
        assert newcomer("export", format, tmp_path / "out", "--private").exit_code == 0
        done = runner(database, tmp_path / "var2")("import", "hsds", tmp_path / "out")
        assert done.exit_code == 0, done.output
        before, after = published(source, CITY), published(database, CITY)
        assert after == before
        assert by_order(after) == by_order(before)
        assert after.municipality.texts["name"].translations == before.municipality.texts["name"].translations

    @pytest.mark.parametrize("format", ["hsds", "hsds-csv"])
    def test_of_a_public_export_only_secrets_are_missing(
        self, demo: tuple[Newcomer, Database], database: Database, tmp_path: Path, format: str
    ) -> None:
        newcomer, source = demo
        before = published(source, CITY)
        said = newcomer("export", format, tmp_path / "out")
        assert "Without the addresses of 1 confidential places" in said.stderr
        assert runner(database, tmp_path / "var2")("import", "hsds", tmp_path / "out").exit_code == 0
        after = published(database, CITY)
        (secret,) = (place for place in before.locations.values() if place.confidential)
        (hidden,) = (place for place in after.locations.values() if place.confidential)
        silent = Location(hidden.id, None, None, None, None, None, None, True, secret.accessibility, {})
        services = {
            id: replace(one, at=tuple(replace(at, location=hidden.id if at.location == secret.id else at.location) for at in one.at))
            for id, one in before.services.items()
        }
        locations = {id: place for id, place in before.locations.items() if id != secret.id} | {hidden.id: silent}
        assert after == replace(before, locations=locations, services=services)

    def test_a_public_export_that_comes_back_takes_nothing_away(self, demo: tuple[Newcomer, Database], tmp_path: Path) -> None:
        newcomer, database = demo
        before = published(database, CITY)
        for format in ("hsds", "hsds-csv", "csv", "newcomer"):
            assert newcomer("export", format, tmp_path / format).exit_code == 0
            done = newcomer("import", format.removesuffix("-csv"), tmp_path / format)
            assert done.exit_code == 0, done.output
            assert published(database, CITY) == before, format

    def test_every_example_of_the_specification_comes_in(self, newcomer: Newcomer, database: Database, tmp_path: Path) -> None:
        a_town(newcomer, tmp_path)
        examples = hsds_folder() / "examples"
        for path in sorted(examples.iterdir()):
            done = newcomer("import", "hsds", path)
            # Their location is not on earth, which is told and kept without.
            assert done.exit_code == (2 if "latitude 100 and longitude 101" in done.stderr else 0), (path.name, done.output)
            assert done.stderr.count("rejected:") <= 1, (path.name, done.stderr)
        services = [one for one in published(database).services.values() if one.texts["name"].body == "Community Counselling"]
        assert len(services) == 1
        ids = {one["id"] for one in json.loads((examples / "service_list.json").read_text(encoding="utf-8"))["contents"]}
        assert len(ids) == 1

    def test_ids_are_the_same_at_every_export(self, demo: tuple[Newcomer, Database], tmp_path: Path) -> None:
        newcomer, _ = demo
        newcomer("export", "hsds", tmp_path / "one")
        newcomer("export", "hsds", tmp_path / "two")
        assert (tmp_path / "one" / "tabular.json").read_text() == (tmp_path / "two" / "tabular.json").read_text()
        assert uuid_of(CITY, "service", "welcome-point") in (tmp_path / "one" / "service_package.json").read_text()
