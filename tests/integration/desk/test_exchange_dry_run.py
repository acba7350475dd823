"""What an import would do: every change is shown field by field, every wrong row with its reason, and nothing is changed."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from knowledge.editorial.publish import archive
from knowledge.editorial.save import create
from knowledge.store.desk_tables import RecordRow
from locales.catalogue import say
from tests.integration.desk.exchange_acts import (
    as_csv,
    bring_in,
    document,
    edited,
    everything,
    export,
    items,
    members,
    new_row,
    plain,
    planned,
    state,
    wait,
)
from tests.integration.desk.people import CITY, Desk, Person

only_sqlite = pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
FIRST, SECOND, THIRD = "welcome-point", "citizens-office-altstadt", "citizens-office-nordstadt"


def organization_name(desk: Desk, local: str) -> str:
    return desk.do(lambda session: session.get_one(RecordRow, f"organization:{CITY}/{local}").name)


async def test_given_a_corrected_table_then_every_change_is_shown_field_by_field_and_nothing_is_changed(
    desk: Desk, reviewer: Person
) -> None:
    before = everything(desk)
    old = document(desk, FIRST)["texts"]["fees"]
    url = await planned(
        reviewer, [("services.csv", await edited(reviewer, {FIRST: {"fees": "Zwei Euro."}}, extra=(new_row("Fahrradcafé"),)))]
    )
    page = await reviewer.page(f"{url}?show=update")
    assert "Willkommenspunkt" in page
    assert "Cost in words" in page
    assert "Zwei Euro." in plain(page)
    assert all(word in plain(page) for word in old.split())
    new = plain(await reviewer.page(f"{url}?show=create"))
    assert "Fahrradcafé" in new
    assert "Wir helfen." in new
    assert everything(desk) == before
    assert state(desk, url) == "planned"


async def test_given_wrong_rows_then_each_is_named_with_its_place_and_reason_and_the_others_are_kept(desk: Desk, reviewer: Person) -> None:
    table = await edited(
        reviewer, {FIRST: {"topics": "gibt-es-nicht"}, SECOND: {"fees": "Drei Euro."}}, extra=(new_row("Neu", email="kein@"),)
    )
    url = await planned(reviewer, [("liste.csv", table)])
    lines = items(desk, url, "rejected")
    name = document(desk, FIRST)["texts"]["name"]
    assert {(one["name"], one["detail"]["column"]) for one in lines} >= {(name, "topics")}
    assert all(one["detail"]["row"] for one in lines)
    page = plain(await reviewer.page(f"{url}?show=rejected"))
    assert "“gibt-es-nicht” is not one of the topics." in page
    assert "liste.csv · row" in page
    response = await reviewer.get(f"{url}/lines/rejected")
    assert response.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO((await response.read()).decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["File", "Row", "Column", "Record", "Reason"]
    assert len(rows) == len(lines) + 1
    await bring_in(reviewer, url)
    assert document(desk, SECOND)["texts"]["fees"] == "Drei Euro."
    assert document(desk, FIRST)["topics"] != ["gibt-es-nicht"]


@only_sqlite
async def test_a_row_that_leads_nowhere_is_named_by_its_name_and_its_number(desk: Desk, reviewer: Person) -> None:
    """Given a row without an id: one is made out of its name, which nobody has seen."""
    url = await planned(reviewer, [("liste.csv", await edited(reviewer, {}, extra=(new_row("Café für alle", organization="niemand"),)))])
    (line,) = items(desk, url, "rejected")
    assert (line["name"], line["detail"]["file"]) == ("Café für alle", "liste.csv")
    await reviewer.browser.post("/desk/account/details", data={"csrf": reviewer.csrf, "name": "Rita", "language": "de"})
    page = plain(await reviewer.page(f"{url}?show=rejected"))
    assert "Café für alle" in page
    assert say("desk.exchange.row", "de", row=line["detail"]["row"]) in page


@only_sqlite
async def test_reasons_are_said_in_the_readers_language(desk: Desk, reviewer: Person) -> None:
    url = await planned(reviewer, [("services.csv", await edited(reviewer, {FIRST: {"topics": "gibt-es-nicht"}}))])
    await reviewer.browser.post("/desk/account/details", data={"csrf": reviewer.csrf, "name": "Rita", "language": "de"})
    page = plain(await reviewer.page(f"{url}?show=rejected"))
    assert "gibt-es-nicht" in page
    assert "is not one of the topics" not in page
    assert "Prüfen, bevor eingelesen wird" in page


@only_sqlite
async def test_records_that_others_point_at_are_shown_by_their_names(desk: Desk, reviewer: Person) -> None:
    """Given one that is at the desk, one that is archived there, and one that comes with the same file."""
    organizations = as_csv(["id", "name", "kind"], [{"id": "lv", "name": "Leseverein am Hafen", "kind": "association"}])
    contact = "familientelefon"
    desk.do(
        lambda session: create(session, desk.actor("reviewer"), CITY, "contact", {"id": contact, "texts": {"name": "Nummer für Familien"}})
    )
    desk.do(lambda session: archive(session, desk.actor("reviewer"), f"contact:{CITY}/{contact}"))
    changed = {FIRST: {"organization": "lv", "contact": contact}, SECOND: {"organization": "offene-hand"}}
    url = await planned(reviewer, [("organizations.csv", organizations), ("services.csv", await edited(reviewer, changed))])
    page = plain("".join([await reviewer.page(f"{url}?show={section}") for section in ("conflict", "update")]))
    for name in ("Leseverein am Hafen", "Nummer für Familien", organization_name(desk, "offene-hand")):
        assert name in page, name
    assert f" {contact}" not in page


@only_sqlite
async def test_facts_of_the_day_are_shown_in_words(desk: Desk, reviewer: Person) -> None:
    facts = {"closed_since": "2026-12-01", "capacity_state": "full", "capacity_as_of": "2026-11-30"}
    url = await planned(reviewer, [("services.csv", await edited(reviewer, {SECOND: facts}))])
    page = plain("".join([await reviewer.page(f"{url}?show={section}") for section in ("conflict", "update")]))
    assert all(words in page for words in ("December 1, 2026", "November 30, 2026", say("desk.record.capacity.full", "en")))
    assert not any(key in page for key in ("closed.since", "capacity.state", "2026-12-01"))


@only_sqlite
async def test_two_records_of_the_same_name_are_told_apart_by_their_ids(desk: Desk, reviewer: Person) -> None:
    same = organization_name(desk, document(desk, FIRST)["organization"])
    organizations = as_csv(["id", "name", "kind"], [{"id": "zweite", "name": same, "kind": "association"}])
    table = await edited(reviewer, {FIRST: {"organization": "zweite"}})
    url = await planned(reviewer, [("organizations.csv", organizations), ("services.csv", table)])
    page = plain("".join([await reviewer.page(f"{url}?show={section}") for section in ("conflict", "update")]))
    assert f"{same} (zweite)" in page


@only_sqlite
async def test_a_usual_file_that_is_missing_is_told_and_takes_nothing_away_unless_somebody_wants_it(desk: Desk, reviewer: Person) -> None:
    """Given our own data package without its files of telephone numbers and of hours."""
    package = members(await (await export(reviewer, "hsds-csv")).read())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in package.keys() - {"phones.csv", "schedules.csv"}:
            archive.writestr(name, package[name])
    url = await planned(reviewer, [("package.zip", file.getvalue())])
    told = plain(await reviewer.page(url))
    assert "phones.csv : Telephone numbers" in told and "schedules.csv : Places and opening hours" in told
    assert say("desk.exchange.missing.kept", "en") in told
    assert [items(desk, url, section) for section in ("update", "conflict")] == [[], []]
    await reviewer.post(f"{url}/again", missing_shown="yes", missing_gone="yes")
    assert say("desk.exchange.missing.gone", "en") in plain(await wait(reviewer, url))
    changes = [change for one in items(desk, url, "update") for change in one["detail"]["changes"]]
    assert {change["path"] for change in changes} == {"phones", "at"}
    assert all(change["after"] == [] for change in changes if change["path"] == "phones")
    assert document(desk, FIRST)["phones"], "nothing is changed by a dry run"
    await reviewer.post(f"{url}/again", missing_shown="yes")
    assert say("desk.exchange.missing.kept", "en") in plain(await wait(reviewer, url))
    assert items(desk, url, "update") == []


@only_sqlite
async def test_thousands_of_lines_are_shown_in_pages(desk: Desk, reviewer: Person) -> None:
    rows = tuple(new_row(f"Angebot {number:03}") for number in range(120))
    url = await planned(reviewer, [("services.csv", await edited(reviewer, {}, extra=rows))])
    first, last = await reviewer.page(f"{url}?show=create"), await reviewer.page(f"{url}?show=create&page=3")
    assert ("Angebot 000" in first, "Angebot 119" in first) == (True, False)
    assert ("Angebot 000" in last, "Angebot 119" in last) == (False, True)
    assert (await reviewer.get(f"{url}?show=create&page=99")).status == 200
    assert (await reviewer.get(f"{url}?show=nonsense&page=x")).status == 200
