"""What is exported and read again is the same: documents, translations, the municipality."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.domain import records as r
from knowledge.domain.hours import HoursException, HoursRule, OpeningHours
from knowledge.exchange.hsds import HsdsImport, export_datapackage, export_json, read_datapackage, read_hsds, read_json
from tests import factories as f
from tests.unit.knowledge.exchange.hsds.towns import TODAY, as_documents, as_translations, full_town, outdated

Trip = Callable[..., HsdsImport]


def through_json(knowledge: r.Knowledge, folder: Path, **options: object) -> HsdsImport:
    export_json(knowledge, folder, include_confidential=True, today=TODAY, **options)  # type: ignore[arg-type]
    return read_json(folder, today=TODAY)


def through_datapackage(knowledge: r.Knowledge, folder: Path, **options: object) -> HsdsImport:
    export_datapackage(knowledge, folder, include_confidential=True, today=TODAY, **options)  # type: ignore[arg-type]
    return read_datapackage(folder, today=TODAY)


BOTH = pytest.mark.parametrize("trip", [through_json, through_datapackage])


@BOTH
def test_given_a_town_with_everything_when_it_is_exported_and_read_then_its_documents_are_the_same(trip: Trip, tmp_path: Path) -> None:
    town = full_town()
    found = trip(town, tmp_path)
    assert found.documents == as_documents(town)
    assert not found.rejected


@BOTH
def test_given_translations_when_they_are_exported_and_read_then_words_and_states_are_the_same(trip: Trip, tmp_path: Path) -> None:
    town = full_town()
    found = trip(town, tmp_path)
    assert {(t.kind, t.id, t.field, t.language, t.body, t.machine) for t in found.translations} == as_translations(town)
    assert {(t.kind, t.id, t.language, t.body) for t in found.municipality_translations} == {
        ("municipality", "ankerstadt", "ar", "أنكرشتات")
    }


@BOTH
def test_given_a_municipality_when_it_is_exported_and_read_then_districts_and_helplines_are_the_same(trip: Trip, tmp_path: Path) -> None:
    found = trip(full_town(), tmp_path).municipality
    assert found is not None
    assert (found.id, found.country, found.subdivision, found.timezone, found.information_point) == (
        "ankerstadt", "DE", "BY", "Europe/Berlin", "office",
    )  # fmt: skip
    assert [(one.id, one.latitude, one.also) for one in found.districts] == [
        ("altstadt", 49.8, ["Zentrum", "Mitte; Rathaus"]),
        ("ohne-mitte", None, []),
    ]
    evening = next(line for line in found.helplines if line.id == "line-b")
    assert not isinstance(evening.hours, str)
    assert [(rule.days, rule.opens, rule.closes) for rule in evening.hours] == [
        (["monday", "sunday"], "18:00", "24:00"),
        (["tuesday"], "00:00", "06:30"),
    ]


@BOTH
def test_given_our_own_export_when_it_is_read_then_every_row_is_imported(trip: Trip, tmp_path: Path) -> None:
    found = trip(full_town(), tmp_path)
    assert {table: count for table, count in found.counts.items() if count.read != count.imported} == {}


@BOTH
def test_given_an_outdated_translation_when_it_is_read_then_it_is_left_out_and_told(trip: Trip, tmp_path: Path) -> None:
    found = trip(outdated(full_town()), tmp_path)
    assert not [t for t in found.translations if (t.id, t.field) == ("plain", "name")]
    assert [one.key for one in found.skipped if one.key != "hsds.skipped.same"] == ["hsds.skipped.outdated"]


def test_given_a_source_text_changed_in_the_file_when_it_is_read_then_its_translations_count_as_outdated(tmp_path: Path) -> None:
    export_datapackage(full_town(), tmp_path, today=TODAY)
    services = tmp_path / "services.csv"
    services.write_text(services.read_text("utf-8").replace("Bürgerbüro", "Rathaus-Service", 1), "utf-8")
    found = read_datapackage(tmp_path)
    assert not [t for t in found.translations if (t.id, t.field) == ("office", "name")]
    assert "hsds.skipped.outdated" in {one.key for one in found.skipped}


@BOTH
def test_given_revisions_when_they_are_exported_then_the_batch_has_them(trip: Trip, tmp_path: Path) -> None:
    revisions = {("service", "office"): 12, ("article", "health.doctor:children"): 3, ("page", "guide"): 1, ("contact", "hotline"): 2}
    assert trip(full_town(), tmp_path, revisions=revisions).revisions == revisions


def test_given_only_nested_services_when_they_are_read_then_they_are_the_same(tmp_path: Path) -> None:
    town = full_town()
    export_json(town, tmp_path, include_confidential=True, today=TODAY)
    found = read_json(tmp_path / "service_package.json", today=TODAY)
    assert found.documents["service"] == as_documents(town)["service"]
    assert not found.rejected


def test_given_a_folder_of_either_form_when_the_form_is_not_known_then_it_is_recognised(tmp_path: Path) -> None:
    town = full_town()
    export_json(town, tmp_path / "json", today=TODAY)
    export_datapackage(town, tmp_path / "csv", today=TODAY)
    assert len(read_hsds(tmp_path / "json").documents["service"]) == len(town.services)
    assert len(read_hsds(tmp_path / "csv" / "datapackage.json").documents["service"]) == len(town.services)


def test_given_the_same_knowledge_when_it_is_exported_twice_then_the_files_are_the_same(tmp_path: Path) -> None:
    for name in ("first", "second"):
        export_datapackage(full_town(), tmp_path / name, today=TODAY)
    for file in (tmp_path / "first").glob("*.*"):
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes()


words = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() != "")
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def rules(draw: st.DrawFn) -> HoursRule:
    opens = draw(st.integers(0, 1438))
    season = sorted(draw(st.lists(days, min_size=2, max_size=2)))
    start, end = (draw(st.sampled_from([None, one])) for one in season)
    return HoursRule(draw(st.frozensets(st.integers(0, 6), min_size=1)), opens, draw(st.integers(opens + 1, 1440)), start, end)


@st.composite
def exceptions(draw: st.DrawFn) -> HoursException:
    if draw(st.booleans()):
        return HoursException(draw(days))
    opens = draw(st.integers(0, 1438))
    return HoursException(draw(days), opens, draw(st.integers(opens + 1, 1440)))


opening_hours = st.builds(
    OpeningHours, st.lists(rules(), max_size=4).map(tuple), st.lists(exceptions(), max_size=4).map(tuple), st.booleans()
)
costs = st.builds(
    r.Cost, st.none() | st.booleans(), st.none() | st.floats(0, 1e6, allow_nan=False), st.none() | st.sampled_from(["EUR", "USD"])
)
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@BOTH
@slow
@given(name=words, description=words, hours=opening_hours, cost=costs)
def test_given_any_words_hours_and_costs_when_they_are_exported_and_read_then_they_are_the_same(
    trip: Trip, tmp_path: Path, name: str, description: str, hours: OpeningHours, cost: r.Cost
) -> None:
    service = f.service("one", at={"rathaus": hours}, name=f.text(name, en=description), description=description)
    town = f.knowledge(replace(service, cost=cost))
    found = trip(town, tmp_path)
    assert found.documents["service"] == as_documents(town)["service"]
    assert {(t.kind, t.id, t.field, t.language, t.body, t.machine) for t in found.translations} == as_translations(town)
