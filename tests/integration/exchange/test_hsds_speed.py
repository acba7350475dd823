"""5,000 services with their translations are read and checked in seconds, and time grows with the rows alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from knowledge.exchange.hsds import HsdsImport, export_datapackage, export_json, read_datapackage, read_json
from tests.unit.knowledge.exchange.hsds.towns import TODAY, full_town

SERVICES = 5000
MOST_SECONDS = 40


@pytest.mark.parametrize(("export", "read"), [(export_datapackage, read_datapackage), (export_json, read_json)], ids=["package", "json"])
def test_given_5000_services_then_they_are_read_in_time(
    export: Callable[..., None], read: Callable[..., HsdsImport], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    town = full_town()
    office = town.services["office"]
    many = {f"office-{number}": replace(office, id=f"office-{number}") for number in range(SERVICES)}
    export(replace(town, services=many, municipality=replace(town.municipality, information_point=None)), tmp_path, today=TODAY)
    begun = perf_counter()
    found = read(tmp_path, today=TODAY)
    seconds = perf_counter() - begun
    record_property("seconds", round(seconds, 1))
    assert len(found.documents["service"]) == SERVICES
    assert len(found.translations) > 4 * SERVICES
    assert seconds < MOST_SECONDS
