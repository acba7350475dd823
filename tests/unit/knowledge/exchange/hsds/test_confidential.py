"""Confidential places: a public export keeps silent, and reading it back deletes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.exchange.hsds import export_datapackage, export_json, read_datapackage, read_json
from tests.unit.knowledge.exchange.hsds.towns import SECRET, TODAY, full_town

EXPORTS = pytest.mark.parametrize(("export", "read"), [(export_json, read_json), (export_datapackage, read_datapackage)])


def everything(folder: Path) -> bytes:
    """All bytes of all files."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@EXPORTS
def test_given_a_confidential_place_when_the_town_is_published_then_no_byte_tells_where_it_is(
    export: Callable[..., None], read: object, tmp_path: Path
) -> None:
    export(full_town(), tmp_path, today=TODAY, revisions={("location", "fliederhaus-nord"): 4})
    content = everything(tmp_path)
    assert [secret for secret in SECRET if secret.encode() in content or secret.encode("unicode-escape") in content] == []
    assert b"Rathausplatz 1" in content


@EXPORTS
def test_given_an_installation_is_moved_when_it_is_exported_whole_then_the_place_is_there_and_the_file_says_private(
    export: Callable[..., None], read: object, tmp_path: Path
) -> None:
    export(full_town(), tmp_path, today=TODAY, include_confidential=True)
    content = everything(tmp_path)
    assert [secret for secret in SECRET if secret.encode() not in content] == []
    assert b"private" in content


@EXPORTS
def test_given_a_public_export_when_a_city_reads_it_that_knows_the_place_then_the_place_is_left_as_it_is(
    export: Callable[..., None], read: Callable[..., object], tmp_path: Path
) -> None:
    town = full_town()
    export(town, tmp_path, today=TODAY)
    known = {"location": town.locations, "service": town.services}
    found = read(tmp_path, known_ids=known, into="ankerstadt")
    assert "fliederhaus-nord" not in {one.id for one in found.documents["location"]}  # type: ignore[attr-defined]
    assert "hsds.skipped.withheld" in {one.key for one in found.skipped}  # type: ignore[attr-defined]
    shelter = next(one for one in found.documents["service"] if one.id == "shelter")  # type: ignore[attr-defined]
    assert [at.location for at in shelter.at] == ["fliederhaus-nord"]


@EXPORTS
def test_given_a_public_export_when_somebody_else_reads_it_then_the_place_is_there_without_its_address(
    export: Callable[..., None], read: Callable[..., object], tmp_path: Path
) -> None:
    export(full_town(), tmp_path, today=TODAY)
    found = read(tmp_path)
    (place,) = [one for one in found.documents["location"] if one.confidential]  # type: ignore[attr-defined]
    assert found.withheld == {place.id}  # type: ignore[attr-defined]
    assert place.address.dict() == {"street": None, "postal_code": None, "city": None}
    assert (place.latitude, place.longitude, place.district, place.texts, place.accessibility) == (None, None, None, {}, ["lift"])
