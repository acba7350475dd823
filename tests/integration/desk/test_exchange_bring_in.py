"""Bringing in: what is right is kept, nobody's work is overwritten unasked."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from knowledge.store.desk_tables import ImportFileRow, ImportRunRow
from knowledge.store.reader import read_knowledge
from tests.integration.desk.exchange_acts import (
    HOME,
    bring_in,
    decide,
    document,
    edit,
    edited,
    everything,
    item_id,
    items,
    new_row,
    number_of,
    plain,
    planned,
    record,
    state,
)
from tests.integration.desk.people import CITY, Desk, Person

only_sqlite = pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
FIRST, SECOND, THIRD = "welcome-point", "citizens-office-altstadt", "citizens-office-nordstadt"


async def test_given_the_import_is_published_then_readers_see_it_and_the_report_stays(desk: Desk, reviewer: Person) -> None:
    table = await edited(reviewer, {FIRST: {"fees": "Zwei Euro.", "name@en": "The welcome desk"}}, extra=(new_row("Fahrradcafé"),))
    url = await planned(reviewer, [("services.csv", table)])
    report = await bring_in(reviewer, url)
    knowledge = desk.do(lambda session: read_knowledge(session, CITY))
    assert knowledge.services[FIRST].texts["fees"].body == "Zwei Euro."
    assert knowledge.services[FIRST].texts["name"].translations["en"].body == "The welcome desk"
    assert knowledge.services["fahrradcafe"].texts["name"].body == "Fahrradcafé"
    assert "The import is done" in report
    assert f'href="/desk/record/service/{FIRST}"' in report
    assert 'href="/desk/record/service/fahrradcafe"' in report
    run = desk.do(lambda session: session.get_one(ImportRunRow, number_of(url)))
    assert (run.state, run.report["numbers"]["created"], run.report["numbers"]["updated"]) == ("done", 1, 1)
    assert desk.do(lambda session: session.scalar(select(func.count()).select_from(ImportFileRow))) == 0
    assert url in await reviewer.page(HOME)


async def test_given_drafts_then_readers_see_nothing_of_it(desk: Desk, reviewer: Person) -> None:
    before = desk.do(lambda session: read_knowledge(session, CITY))
    table = await edited(reviewer, {FIRST: {"fees": "Zwei Euro."}}, extra=(new_row("Fahrradcafé"),))
    url = await planned(reviewer, [("services.csv", table)])
    await bring_in(reviewer, url, publish="no")
    assert desk.do(lambda session: read_knowledge(session, CITY)) == before
    assert document(desk, FIRST)["texts"]["fees"] == "Zwei Euro."
    found = record(desk, "fahrradcafe")
    assert found is not None
    assert (found.state, found.published) == ("draft", None)


async def test_a_second_import_of_the_same_file_changes_nothing(desk: Desk, reviewer: Person) -> None:
    table = await edited(reviewer, {FIRST: {"fees": "Zwei Euro."}}, extra=(new_row("Fahrradcafé"),))
    await bring_in(reviewer, await planned(reviewer, [("services.csv", table)]))
    before = everything(desk)
    url = await planned(reviewer, [("services.csv", table)])
    assert [one for one in items(desk, url) if one["section"] in ("create", "update", "conflict")] == []
    assert "There is nothing to bring in" in plain(await reviewer.page(url))
    assert everything(desk) == before


@only_sqlite
async def test_whether_to_publish_is_asked_and_never_guessed(desk: Desk, reviewer: Person) -> None:
    url = await planned(reviewer, [("services.csv", await edited(reviewer, {FIRST: {"fees": "Zwei Euro."}}))])
    before = everything(desk)
    response = await decide(reviewer, url, "write")
    assert "choose=how" in response.headers["Location"]
    assert "Please choose one of the two." in await reviewer.page(response.headers["Location"])
    assert (state(desk, url), everything(desk)) == ("planned", before)


@only_sqlite
async def test_what_is_left_out_by_hand_stays_out(desk: Desk, reviewer: Person) -> None:
    url = await planned(reviewer, [("services.csv", await edited(reviewer, {FIRST: {"fees": "Zwei."}, SECOND: {"fees": "Drei."}}))])
    out = item_id(desk, url, FIRST)
    await decide(reviewer, url, "save", shown=f"{out} {item_id(desk, url, SECOND)}", **{f"out__{out}": "yes"})
    assert f'name="out-{out}" value="yes" checked' in await reviewer.page(f"{url}?show=update")
    await bring_in(reviewer, url)
    assert document(desk, FIRST)["texts"]["fees"] != "Zwei."
    assert document(desk, SECOND)["texts"]["fees"] == "Drei."
    assert {one["record"]: one["outcome"] for one in items(desk, url, "update")} == {
        f"service:{CITY}/{FIRST}": "left_out",
        f"service:{CITY}/{SECOND}": "written",
    }


# Conflicts


async def conflict(desk: Desk, reviewer: Person) -> str:
    """A file that was made before somebody changed the same words of two services at the desk."""
    table = await edited(reviewer, {one: {"fees": "Aus der Datei."} for one in (FIRST, SECOND, THIRD)})
    for one in (FIRST, SECOND):
        edit(desk, one, "fees", "Am Desk.")
    return await planned(reviewer, [("services.csv", table)])


async def test_given_newer_words_at_the_desk_then_they_stay_unless_somebody_decides_otherwise(desk: Desk, reviewer: Person) -> None:
    url = await conflict(desk, reviewer)
    page = await reviewer.page(url)
    assert "To decide" in page
    assert "Somebody has changed this at the desk since the file was made." in plain(page)
    take = item_id(desk, url, SECOND)
    await bring_in(
        reviewer,
        url,
        shown=f"{item_id(desk, url, FIRST)} {take}",
        **{f"conflict__{take}": "take", f"conflict__{item_id(desk, url, FIRST)}": "keep"},
    )
    fees = {one: document(desk, one)["texts"]["fees"] for one in (FIRST, SECOND, THIRD)}
    assert fees == {FIRST: "Am Desk.", SECOND: "Aus der Datei.", THIRD: "Aus der Datei."}
    assert "Ours kept" in plain(await reviewer.page(url))


async def test_without_a_decision_ours_is_kept(desk: Desk, reviewer: Person) -> None:
    url = await conflict(desk, reviewer)
    await bring_in(reviewer, url)
    assert {document(desk, one)["texts"]["fees"] for one in (FIRST, SECOND)} == {"Am Desk."}


@only_sqlite
@pytest.mark.parametrize(("act", "fees"), [("take_all", "Aus der Datei."), ("keep_all", "Am Desk.")])
async def test_one_decision_for_all_conflicts(desk: Desk, reviewer: Person, act: str, fees: str) -> None:
    url = await conflict(desk, reviewer)
    assert (await decide(reviewer, url, act)).status == 303
    await bring_in(reviewer, url)
    assert {document(desk, one)["texts"]["fees"] for one in (FIRST, SECOND)} == {fees}


async def test_given_somebody_edits_between_the_dry_run_and_the_import_then_their_words_stay(desk: Desk, reviewer: Person) -> None:
    table = await edited(reviewer, {FIRST: {"fees": "Aus der Datei."}, SECOND: {"fees": "Aus der Datei."}})
    url = await planned(reviewer, [("services.csv", table)])
    edit(desk, FIRST, "fees", "Gerade eben am Desk.")
    report = plain(await bring_in(reviewer, url))
    assert document(desk, FIRST)["texts"]["fees"] == "Gerade eben am Desk."
    assert document(desk, SECOND)["texts"]["fees"] == "Aus der Datei."
    assert "Changed meanwhile" in report
