"""Our definition of HSDS's tables is HSDS's, and the profile's schemas are schemas."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from knowledge.exchange.hsds import export_json
from knowledge.exchange.hsds.export.files import export_rows
from knowledge.exchange.hsds.nesting import OURS, profile_of
from knowledge.exchange.hsds.tables import PREFIX, PROFILE_FOLDER, descriptor, profile_schemas, tables
from locales.catalogue import catalogue
from tests.unit.knowledge.exchange.hsds.towns import TODAY, full_town, hsds_folder

PATCHED = sorted(path.stem for path in PROFILE_FOLDER.glob("*.json") if not path.name.startswith(PREFIX))


def test_our_tables_of_hsds_are_those_of_its_data_package() -> None:
    theirs = json.loads((hsds_folder() / "datapackage.json").read_text("utf-8"))["resources"]
    ours = descriptor("x", "x", [table for table in tables().values() if not table.ours])["resources"]

    def essence(resource: dict[str, Any]) -> Any:
        schema = resource["schema"]
        keys = sorted((key["fields"], key["reference"]["resource"]) for key in schema.get("foreignKeys", []))
        fields = [(one["name"], one["type"], one.get("format"), one["constraints"]) for one in schema["fields"]]
        return resource["name"], resource["path"], schema["primaryKey"], fields, keys

    assert [essence(one) for one in ours] == [essence(one) for one in theirs]


@pytest.mark.parametrize("name", sorted(profile_schemas()))
def test_each_schema_of_the_profile_is_one_and_says_what_its_columns_mean(name: str) -> None:
    schema = profile_schemas()[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["description"] and all(rule["description"] for rule in schema["properties"].values())
    assert set(schema["required"]) <= set(schema["properties"])
    assert set(schema.get("foreign_keys", {}).values()) <= set(tables())


@pytest.mark.parametrize("name", sorted(profile_schemas()))
def test_rows_of_the_profile_follow_its_schemas(name: str) -> None:
    rows = export_rows(full_town(), today=TODAY, include_confidential=True)[name]
    validator = jsonschema.Draft202012Validator(profile_schemas()[name], format_checker=jsonschema.FormatChecker())
    assert rows, f"the test's town has nothing for {name}"
    assert [error.message for row in rows for error in validator.iter_errors(row)] == []
    assert {column for row in rows for column in row} <= set(tables()[name].columns)


@pytest.mark.parametrize("name", PATCHED)
def test_the_profile_patches_exactly_the_objects_that_it_completes(name: str) -> None:
    patch = json.loads((PROFILE_FOLDER / f"{name}.json").read_text("utf-8"))["properties"]
    assert patch[OURS]["$ref"] == f"{profile_of(name)}.json"
    for rule in patch.values():
        assert (PROFILE_FOLDER / rule.get("items", rule)["$ref"]).is_file()


def test_every_table_that_completes_an_object_has_its_patch() -> None:
    completing = {name for name in tables() if profile_of(name) and not name.startswith(PREFIX)}
    assert completing == set(PATCHED)


@pytest.mark.parametrize("private", [True, False])
def test_every_key_of_an_export_points_at_a_row(private: bool) -> None:
    rows = export_rows(full_town(), today=TODAY, include_confidential=private)
    ids = {name: {row["id"] for row in found} for name, found in rows.items()}
    dangling = [
        (name, column, row[column])
        for name, table in tables().items()
        for column, other in table.foreign_keys.items()
        for row in rows[name]
        if column in row and row[column] not in ids[other]
    ]
    assert dangling == []
    assert {name: len(found) for name, found in rows.items()} == {name: len(found) for name, found in ids.items()}


def test_every_reason_that_the_code_gives_has_words_and_no_word_is_idle() -> None:
    code = "".join(path.read_text("utf-8") for path in PROFILE_FOLDER.parent.rglob("*.py"))
    used = set(re.findall(r'"(hsds\.[a-z_]+(?:\.[a-z_]+)?)"', code))
    used |= {f"hsds.file.{key}" for key in re.findall(r'UnreadableSource\("([a-z_]+)"', code)}
    for language in ("en", "de"):
        assert {key for key in catalogue(language) if key.startswith("hsds.")} == used


def test_the_json_export_carries_the_profile(tmp_path: Path) -> None:
    export_json(full_town(), tmp_path, today=TODAY)
    assert {path.name for path in (tmp_path / "profile").iterdir()} == {path.name for path in PROFILE_FOLDER.glob("*.json")}
