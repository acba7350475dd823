"""Thousands of records at once."""

from __future__ import annotations

import pytest

from knowledge.editorial.actor import Actor
from knowledge.editorial.imports.apply import apply
from tests.integration.editorial.steps import Town
from tests.integration.editorial.tables import (
    NEW,
    Table,
    applied,
    planned,
    read,
)
from tests.integration.statements import counted
from tests.integration.store.steps import published


def many_services(first: int, last: int) -> Table:
    """Services with the numbers from `first` to `last`, with hours, languages and an English translation."""
    columns = ["id", "name", "organization", "topics", "description", "phones"]
    same = {
        "languages": "de | ar (interpreter: Tu) | uk",
        "location_1": "rathaus",
        "hours_1": "Mo-Fr 09:00-12:00, 14:00-18:00; 2026-12-24 closed",
    }
    table: list[list[str]] = [[*columns, *same, "name@en", "description@en"]]
    for n in range(first, last):
        own = [f"s{n}", f"Angebot {n}", "stadt", "language.courses | language.interpreting", f"Beschreibung {n}", "+49 30 23125 100"]
        table.append([*own, *same.values(), f"Service {n}", f"About {n}"])
    return table


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_five_thousand_services_come_in_at_once(town: Town, reviewer: Actor) -> None:
    told: list[tuple[int, int]] = []
    made = planned(town, read(town, many_services(0, 5000)))
    report = applied(town, reviewer, made, progress=lambda done, total: told.append((done, total)))
    assert (report.created, report.published, report.translations) == (5000, 5000, 10_000)
    assert told[0] == (0, 5000) and told[-1] == (5000, 5000) and len(told) > 10 and told == sorted(told)
    assert len(published(town.database).services) == 5002
    again = planned(town, read(town, many_services(0, 5000)))
    assert (again.counts["unchanged"], again.counts["create"], again.counts["update"]) == (5000, 0, 0)


def test_ten_times_as_many_services_are_written_by_few_more_statements(town: Town, reviewer: Actor) -> None:
    """Reading what is there, the plan, the writing; rows go in together, in parts of hundreds."""
    asked = []
    for first, last in ((0, 40), (40, 440)):
        batch = read(town, many_services(first, last))
        with counted(town.database) as sent:
            made = planned(town, batch)
            report = applied(town, reviewer, made)
        assert report.published == last - first
        asked.append(len(sent))
    assert asked[1] <= asked[0] + 40
    assert len(published(town.database).services) == 442


def test_the_whole_of_an_import_is_one_transaction_of_the_caller(town: Town, reviewer: Actor) -> None:
    made = planned(town, read(town, NEW))
    with town.database.sessions() as session:
        apply(session, reviewer, made)
        session.rollback()
    assert "cafe" not in published(town.database).services
