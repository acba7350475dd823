"""HSDS's own examples import; every row of them is accounted for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.exchange.hsds import HsdsImport, read_datapackage, read_hsds, read_json
from tests.unit.knowledge.exchange.hsds.towns import TODAY, hsds_folder

# File -> how many organizations, locations, contacts and services it has for us.
EXAMPLES = {
    "base.json": (0, 0, 0, 0),
    "location.json": (0, 1, 1, 0),
    "organization_full.json": (1, 1, 1, 1),
    "organization_list.json": (1, 0, 0, 0),
    "service_at_location_full.json": (1, 1, 1, 1),
    "service_at_location_list.json": (1, 1, 0, 1),
    "service_full.json": (1, 1, 1, 1),
    "service_list.json": (1, 0, 0, 1),
    "tabular.json": (1, 1, 1, 1),
    "taxonomy.json": (0, 0, 0, 0),
    "taxonomy_list.json": (0, 0, 0, 0),
    "taxonomy_term.json": (0, 0, 0, 0),
    "taxonomy_term_list.json": (0, 0, 0, 0),
    "csv": (1, 1, 1, 1),
}


def examples() -> Path:
    """Their folder."""
    return hsds_folder() / "examples"


def numbers(found: HsdsImport) -> tuple[int, ...]:
    """How many documents there are of each kind that HSDS has."""
    return tuple(len(found.documents[kind]) for kind in ("organization", "location", "contact", "service"))


def ids_in(content: object) -> set[str]:
    """Every id anywhere in JSON."""
    if isinstance(content, list):
        return set().union(*map(ids_in, content), set())
    if not isinstance(content, dict):
        return set()
    own = {str(content["id"])} if "id" in content else set()
    return own.union(*map(ids_in, content.values()))


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_given_an_example_then_it_imports(name: str) -> None:
    assert numbers(read_hsds(examples() / name, today=TODAY)) == EXAMPLES[name]


def test_no_example_is_left_out() -> None:
    assert {path.name for path in examples().iterdir()} == set(EXAMPLES)


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {"csv"}))
def test_given_an_example_then_every_object_in_it_is_accounted_for(name: str) -> None:
    found = read_json(examples() / name, today=TODAY)
    assert all(count.adds_up for count in found.counts.values())
    assert sum(count.read for count in found.counts.values()) == len(ids_in(json.loads((examples() / name).read_text("utf-8"))))


def test_given_the_csv_example_then_every_row_is_accounted_for() -> None:
    found = read_datapackage(examples() / "csv", today=TODAY)
    rows = {path.name: len(path.read_text("utf-8").strip().split("\n")) - 1 for path in (examples() / "csv").glob("*.csv")}
    assert set(rows.values()) == {1}
    assert sum(count.read for count in found.counts.values()) == len(rows)
    assert all(count.adds_up for count in found.counts.values())


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_given_what_was_left_out_then_each_entry_has_a_reason_in_words(name: str) -> None:
    found = read_hsds(examples() / name, today=TODAY)
    for one in (*found.rejected, *found.skipped, *found.notices):
        assert one.file and one.record and len(one.reason.split()) >= 3 and not one.reason.startswith("hsds.")


def test_given_the_same_records_as_json_and_csv_then_they_are_the_same_documents() -> None:
    tabular, csv = read_json(examples() / "tabular.json", today=TODAY), read_datapackage(examples() / "csv", today=TODAY)
    assert tabular.documents == csv.documents


def test_given_the_full_service_then_its_values_are_where_they_belong() -> None:
    (service,) = read_json(examples() / "service_full.json", today=TODAY).documents["service"]
    values = service.dict()
    assert values["id"].startswith("community-counselling-")
    assert values["organization"].startswith("example-organization-inc-")
    assert [phone["number"] for phone in values["phones"]] == ["+44 1234 234567"]
    assert [language["language"] for language in values["languages"]] == ["ur"]
    assert values["website"] == "http://example.com/counselling" and values["also"] == ["MyCity Counselling Services"]
    assert len(values["at"]) == 1 and values["topics"] == []
    assert set(values["texts"]) == {"name", "description", "eligibility", "fees", "application_process", "required_documents"}


def test_given_all_examples_in_one_folder_then_the_records_that_they_share_come_once() -> None:
    assert numbers(read_json(examples(), today=TODAY)) == (1, 1, 1, 1)
