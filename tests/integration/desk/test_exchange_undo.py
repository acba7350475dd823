"""An import taken back: everything as before, but what somebody has worked on since."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.history import revisions
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import RecordRow
from knowledge.store.reader import read_knowledge
from tests.integration.desk.exchange_acts import (
    bring_in,
    decide,
    document,
    edit,
    edited,
    items,
    new_row,
    plain,
    planned,
    record,
    wait,
)
from tests.integration.desk.people import CITY, Desk, Person

only_sqlite = pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
FIRST, SECOND, THIRD = "welcome-point", "citizens-office-altstadt", "citizens-office-nordstadt"


async def test_given_an_import_that_was_a_mistake_then_one_click_brings_everything_back(desk: Desk, reviewer: Person) -> None:
    before = desk.do(lambda session: read_knowledge(session, CITY))
    table = await edited(
        reviewer, {FIRST: {"fees": "Falsch.", "name@en": "Wrong name", "capacity_state": "full"}}, extra=(new_row("Fahrradcafé"),)
    )
    url = await planned(reviewer, [("services.csv", table)])
    await bring_in(reviewer, url)
    response = await reviewer.post(f"{url}/undo")
    assert response.status == 303
    page = plain(await wait(reviewer, url))
    assert "Records that are as they were before: 2." in page
    after = desk.do(lambda session: read_knowledge(session, CITY))
    for kind in ("services", "locations", "organizations", "articles", "pages", "contacts"):
        assert getattr(after, kind) == getattr(before, kind)
    new = record(desk, "fahrradcafe")
    assert new is not None
    assert (new.state, new.published) == ("archived", None)

    def history(session: Session) -> list[tuple[int, int | None]]:
        row = session.get_one(RecordRow, f"service:{CITY}/{FIRST}")
        return [(one.number, one.restored_from) for one in revisions(session, row)]

    assert desk.do(history)[0] == (3, 1)
    entries = desk.do(lambda session: session.scalars(select(AuditRow.action).where(AuditRow.action == "undo_import")).all())
    assert entries == ["undo_import"]
    again = await reviewer.post(f"{url}/undo")
    assert again.status == 400


async def test_given_an_import_was_taken_back_then_the_same_file_can_come_in_again(desk: Desk, reviewer: Person) -> None:
    table = await edited(reviewer, {FIRST: {"fees": "Zwei Euro."}})
    url = await planned(reviewer, [("services.csv", table)])
    await bring_in(reviewer, url)
    await reviewer.post(f"{url}/undo")
    await wait(reviewer, url)
    second = await planned(reviewer, [("services.csv", table)])
    assert [one["record"] for one in items(desk, second) if one["section"] in ("update", "conflict")] == [f"service:{CITY}/{FIRST}"]
    await decide(reviewer, second, "take_all")
    await bring_in(reviewer, second)
    assert document(desk, FIRST)["texts"]["fees"] == "Zwei Euro."


async def test_given_somebody_has_worked_on_a_record_since_then_the_undo_leaves_it_alone(desk: Desk, reviewer: Person) -> None:
    table = await edited(reviewer, {FIRST: {"fees": "Falsch."}, SECOND: {"fees": "Falsch."}}, extra=(new_row("Fahrradcafé"),))
    url = await planned(reviewer, [("services.csv", table)])
    before = document(desk, SECOND)
    await bring_in(reviewer, url)
    edit(desk, FIRST, "fees", "Richtig, von Hand.")
    edit(desk, "fahrradcafe", "fees", "Auch von Hand.")
    await reviewer.post(f"{url}/undo")
    page = plain(await wait(reviewer, url))
    assert "Records that are as they were before: 1. Records that were left alone: 2." in page
    assert document(desk, FIRST)["texts"]["fees"] == "Richtig, von Hand."
    assert document(desk, SECOND) == before
    kept = record(desk, "fahrradcafe")
    assert kept is not None
    assert kept.state == "published"
    assert {one["outcome"] for one in items(desk, url) if one["record"] in (f"service:{CITY}/{FIRST}", kept.id)} == {"edited"}


async def test_given_others_use_a_new_record_by_now_then_the_undo_leaves_it(desk: Desk, reviewer: Person) -> None:
    place = b"id;name;street;postal_code;city\nneues-haus;Neues Haus;Weg 1;90001;Ankerstadt\n"
    url = await planned(reviewer, [("locations.csv", place)])
    await bring_in(reviewer, url)
    # Another import puts a service there.
    second = await planned(reviewer, [("services.csv", await edited(reviewer, {FIRST: {"location_1": "neues-haus"}}))])
    await bring_in(reviewer, second)
    await reviewer.post(f"{url}/undo")
    assert "Records that are as they were before: 0. Records that were left alone: 1." in plain(await wait(reviewer, url))
    house = record(desk, "neues-haus", "location")
    assert house is not None
    assert house.state == "published"


@only_sqlite
async def test_drafts_of_an_import_are_taken_back_too(desk: Desk, reviewer: Person) -> None:
    before = document(desk, FIRST)
    url = await planned(reviewer, [("services.csv", await edited(reviewer, {FIRST: {"fees": "Falsch."}}, extra=(new_row("Fahrradcafé"),)))])
    await bring_in(reviewer, url, publish="no")
    await reviewer.post(f"{url}/undo")
    await wait(reviewer, url)
    assert document(desk, FIRST) == before
    new = record(desk, "fahrradcafe")
    assert new is not None
    assert new.state == "archived"
