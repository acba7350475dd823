"""Many services with their translations are all read, and the work grows with the rows alone. `newcomer bench desk` times 5,000."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.exchange.hsds import HsdsImport, export_datapackage, export_json, read_datapackage, read_json
from tests.calls import calls
from tests.unit.knowledge.exchange.hsds.towns import TODAY, full_town

FEW, MANY = 100, 400


@pytest.mark.parametrize(("export", "read"), [(export_datapackage, read_datapackage), (export_json, read_json)], ids=["package", "json"])
def test_given_four_times_the_services_then_all_are_read_with_four_times_the_work(
    export: Callable[..., None], read: Callable[..., HsdsImport], tmp_path: Path
) -> None:
    town = full_town()
    office = town.services["office"]
    work = {}
    for number in (FEW, MANY):
        services = {f"office-{n}": replace(office, id=f"office-{n}") for n in range(number)}
        folder = tmp_path / str(number)
        export(replace(town, services=services, municipality=replace(town.municipality, information_point=None)), folder, today=TODAY)
        found = read(folder, today=TODAY)
        assert len(found.documents["service"]) == number
        assert len(found.translations) > 4 * number
        work[number] = calls(lambda folder=folder: read(folder, today=TODAY))
    assert work[MANY] <= 4.4 * work[FEW]
