"""Broken files: a clear word on what is wrong and where, and what is right is kept."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from knowledge.exchange.hsds import HsdsImport, export_datapackage, read_datapackage, read_hsds, read_json
from knowledge.exchange.hsds.reading import source
from knowledge.exchange.hsds.reading.source import UnreadableSource
from tests.unit.knowledge.exchange.hsds.towns import TODAY, full_town

ORGANIZATION = {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Help", "description": "We help.", "legal_status": "charity"}


def service(number: int = 1, **values: Any) -> dict[str, Any]:
    """A service as others publish it."""
    id = f"ac148810-d857-441c-9679-{number:012d}"
    return {"id": id, "name": f"Advice {number}", "status": "active", "organization": ORGANIZATION} | values


def read(folder: Path, text: str, name: str = "services.json") -> HsdsImport:
    """Write one file and read it."""
    path = folder / name
    path.write_text(text, "utf-8")
    return read_json(path)


def test_given_json_that_breaks_off_then_the_entries_before_are_kept_and_the_place_is_named(tmp_path: Path) -> None:
    whole = json.dumps([service(1), service(2), service(3)], indent=1)
    found = read(tmp_path, whole[: whole.rindex('"Advice 3"')])
    assert len(found.documents["service"]) == 2
    (problem,) = found.rejected
    assert problem.key == "hsds.rejected.json" and problem.fields["entries"] == 2 and int(str(problem.fields["line"])) > 20


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "hsds.rejected.json"),
        ("{", "hsds.rejected.json"),
        ("[1, 2]", "hsds.rejected.no_object"),
        ('"text"', "hsds.rejected.no_object"),
        ('{"colour": "blue"}', "hsds.rejected.no_kind"),
        ("[" * 100_000, "hsds.rejected.deep"),
        ('{"id": ' + "1" * 5000 + "}", "hsds.rejected.unreadable"),
    ],
)
def test_given_json_that_is_nothing_of_ours_then_it_is_told(text: str, key: str, tmp_path: Path) -> None:
    found = read(tmp_path, text, "things.json")
    assert {one.key for one in found.rejected} == {key}
    assert not any(found.documents.values())


def test_given_json_in_another_encoding_then_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "services.json"
    path.write_bytes(json.dumps([service(name="Bürgerbüro")], ensure_ascii=False).encode("latin-1"))
    assert [one.key for one in read_json(path).rejected] == ["hsds.rejected.encoding"]


def test_given_wrong_types_inside_a_service_then_the_service_is_kept(tmp_path: Path) -> None:
    odd = service(phones="none", languages=[3, {"id": "x", "code": "ar"}], description={"en": "Advice"}, required_documents=[None])
    found = read(tmp_path, json.dumps([odd]))
    (kept,) = found.documents["service"]
    assert [one.language for one in kept.languages] == ["ar"]  # type: ignore[union-attr]
    assert {one.key for one in found.rejected} == {"hsds.rejected.nested"}
    assert "hsds.skipped.nested" in {one.key for one in found.skipped}


def test_given_one_line_a_service_then_all_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, "\n".join(json.dumps(service(number)) for number in range(3)), "services.ndjson")
    assert len(found.documents["service"]) == 3


def csv_package(folder: Path, **files: str) -> HsdsImport:
    """A package of one organization and these files, by table."""
    (folder / "organizations.csv").write_text("id,name,description\no-1,Help,We help.\n", "utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return read_datapackage(folder)


def test_given_rows_with_missing_cells_or_stray_quotes_then_they_are_rejected_and_the_others_kept(tmp_path: Path) -> None:
    rows = ["s-1,o-1,Advice,active", "s-2,o-1,Too,many,active", 's-3,o-1,"Advice" 3,active', "s-4,o-1,Advice 4,active"]
    found = csv_package(tmp_path, services="\n".join(["id,organization_id,name,status", *rows]))
    assert len(found.documents["service"]) == 2
    assert [(one.key, one.row) for one in found.rejected] == [("hsds.rejected.cells", 3), ("hsds.rejected.csv", 4)]
    assert found.counts["service"].adds_up and found.counts["service"].read == 4


def test_given_a_quote_that_is_never_closed_then_the_rest_is_told_to_be_lost(tmp_path: Path) -> None:
    rows = ["s-1,o-1,Advice,active", 's-2,o-1,"Advice,active', "s-3,o-1,Advice 3,active", ""]
    found = csv_package(tmp_path, services="\n".join(["id,organization_id,name,status", *rows]))
    assert len(found.documents["service"]) == 1
    assert [one.key for one in found.rejected] == ["hsds.rejected.csv"]


def test_given_the_same_id_twice_then_the_first_row_is_kept(tmp_path: Path) -> None:
    rows = ["s-1,o-1,First,active", "s-1,o-1,Second,active"]
    found = csv_package(tmp_path, services="\n".join(["id,organization_id,name,status", *rows]))
    assert [one.texts["name"] for one in found.documents["service"]] == ["First"]
    assert [(one.key, one.row) for one in found.rejected] == [("hsds.rejected.twice", 3)]


def test_given_a_file_without_header_then_it_is_told(tmp_path: Path) -> None:
    found = csv_package(tmp_path, services="s-1,o-1,Advice,active\n")
    assert [(one.file, one.key) for one in found.rejected] == [("services.csv", "hsds.rejected.no_header")]


def test_given_semicolons_and_a_byte_order_mark_then_the_file_is_read_all_the_same(tmp_path: Path) -> None:
    found = csv_package(tmp_path, services="\ufeffid;organization_id;name;status\ns-1;o-1;Advice;active\n")
    assert len(found.documents["service"]) == 1


def test_given_a_descriptor_that_points_outside_then_nothing_outside_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("id,name,description\no-9,Secret,Secret\n", "utf-8")
    inside = tmp_path / "package"
    inside.mkdir()
    resources = [{"name": "organization", "path": path} for path in ("../secret.csv", str(tmp_path / "secret.csv"))]
    (inside / "datapackage.json").write_text(json.dumps({"resources": resources}), "utf-8")
    assert not any(read_datapackage(inside).documents.values())


def test_given_names_of_files_in_the_descriptor_then_they_are_found(tmp_path: Path) -> None:
    resources = [{"name": "organization", "path": "data/orgs.csv"}]
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}), "utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "orgs.csv").write_text("id,name,description,legal_status\no-1,Help,We help.,charity\n", "utf-8")
    assert [one.texts["name"] for one in read_datapackage(tmp_path).documents["organization"]] == ["Help"]


def test_given_a_zip_file_with_a_folder_in_it_then_it_is_read(tmp_path: Path) -> None:
    export_datapackage(full_town(), tmp_path / "out", today=TODAY)
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as packed:
        for path in sorted((tmp_path / "out").rglob("*")):
            packed.write(path, Path("ankerstadt") / path.relative_to(tmp_path / "out"))
    found = read_hsds(tmp_path / "export.zip")
    assert len(found.documents["service"]) == len(full_town().services) and not found.rejected


def test_given_a_damaged_file_inside_a_zip_then_the_others_are_kept(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("organizations.csv", "id,name,description,legal_status\no-1,Help,We help.,charity\n")
        packed.writestr("services.csv", "id,organization_id,name,status\n" + "s-1,o-1,Advice,active\n" * 50)
    content = bytearray((tmp_path / "export.zip").read_bytes())
    start = content.index(b"services.csv") + len("services.csv")
    content[start : start + 10] = b"0123456789"
    (tmp_path / "export.zip").write_bytes(content)
    found = read_hsds(tmp_path / "export.zip")
    assert len(found.documents["organization"]) == 1
    assert [(one.file, one.key) for one in found.rejected] == [("services.csv", "hsds.rejected.unreadable")]


@pytest.mark.parametrize(("name", "content", "key"), [("no.json", None, "missing"), ("bad.zip", b"PK no zip", "bad_zip")])
def test_given_no_file_or_no_zip_then_there_is_one_clear_error(name: str, content: bytes | None, key: str, tmp_path: Path) -> None:
    if content:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableSource) as caught:
        read_hsds(tmp_path / name)
    assert caught.value.key == f"hsds.file.{key}" and name in str(caught.value)


def test_given_files_larger_than_allowed_then_they_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 10)
    (tmp_path / "services.json").write_text("[" + " " * 20 + "]", "utf-8")
    with pytest.raises(UnreadableSource, match="too large"):
        read_hsds(tmp_path)


def test_given_a_folder_without_anything_then_it_is_told(tmp_path: Path) -> None:
    assert [one.key for one in read_hsds(tmp_path).rejected] == ["hsds.rejected.no_files"]
