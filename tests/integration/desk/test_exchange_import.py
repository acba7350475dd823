"""Bringing in at the desk: nothing changes unseen, what is right is kept, nobody's work is overwritten unasked, all of it can be undone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.editorial.history import revisions
from knowledge.editorial.publish import archive
from knowledge.editorial.save import create
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import ImportFileRow, ImportRunRow, RecordRow
from knowledge.store.reader import read_knowledge
from locales.catalogue import say
from tests.integration.desk.exchange_acts import (
    HOME,
    as_csv,
    bring_in,
    decide,
    document,
    edit,
    everything,
    export,
    item_id,
    items,
    number_of,
    plain,
    planned,
    record,
    services_csv,
    state,
    upload,
    wait,
)
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, Person

only_sqlite = pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
Edited = Callable[..., Awaitable[str]]
FIRST, SECOND, THIRD = "welcome-point", "citizens-office-altstadt", "citizens-office-nordstadt"


@pytest.fixture
async def reviewer(desk: Desk) -> Person:
    return await desk.sign_in("reviewer")


async def edited(person: Person, changes: dict[str, dict[str, str]], *, extra: tuple[dict[str, str], ...] = ()) -> bytes:
    """services.csv as it is taken out, with these cells changed and these rows added."""
    headers, rows = await services_csv(person)
    for row in rows:
        row |= changes.get(row["id"], {})
    assert {row["id"] for row in rows} >= set(changes)
    return as_csv(headers, [*rows, *extra])


def new_row(name: str, **values: str) -> dict[str, str]:
    return {"name": name, "organization": "offene-hand", "topics": "language.courses", "description": "Wir helfen."} | values


def organization_name(desk: Desk, local: str) -> str:
    return desk.do(lambda session: session.get_one(RecordRow, f"organization:{CITY}/{local}").name)


# The dry run


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
async def test_thousands_of_lines_are_shown_in_pages(desk: Desk, reviewer: Person) -> None:
    rows = tuple(new_row(f"Angebot {number:03}") for number in range(120))
    url = await planned(reviewer, [("services.csv", await edited(reviewer, {}, extra=rows))])
    first, last = await reviewer.page(f"{url}?show=create"), await reviewer.page(f"{url}?show=create&page=3")
    assert ("Angebot 000" in first, "Angebot 119" in first) == (True, False)
    assert ("Angebot 000" in last, "Angebot 119" in last) == (False, True)
    assert (await reviewer.get(f"{url}?show=create&page=99")).status == 200
    assert (await reviewer.get(f"{url}?show=nonsense&page=x")).status == 200


# Bringing it in


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


# The undo


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


# Files that are not as they should be


@only_sqlite
async def test_a_form_without_a_file_says_so(desk: Desk, reviewer: Person) -> None:
    for files in ([], [("", b"")]):
        response = await upload(reviewer, files)
        assert response.status == 400
        assert "Please choose a file." in await response.text()


@only_sqlite
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("leer.csv", b"", "is empty"),
        ("bild.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "We cannot tell what kind of file this is"),
        ("alt.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"), "save it as .xlsx"),
        ("kaputt.zip", b"PK\x03\x04 kaputt", "The file is damaged"),
        ("wort.txt", b"nur ein Satz", "no table"),
        ("dienste.json", b'{"services": [', "not readable as JSON"),
    ],
)  # fmt: skip
async def test_files_that_cannot_be_read_get_a_reason(desk: Desk, reviewer: Person, name: str, content: bytes, words: str) -> None:
    before = everything(desk)
    response = await upload(reviewer, [(name, content)])
    page = await response.text() if response.status == 400 else await wait(reviewer, response.headers["Location"])
    shown = plain(page)
    if "0 To decide" not in shown and words not in shown:
        shown = plain(await reviewer.page(response.headers["Location"] + "?show=rejected"))
    assert words in shown
    assert everything(desk) == before


@only_sqlite
async def test_a_file_that_was_taken_for_another_kind_is_read_again_without_choosing_it_again(desk: Desk, reviewer: Person) -> None:
    table = await edited(reviewer, {FIRST: {"fees": "Zwei Euro."}})
    url = await planned(reviewer, [("liste.bin", table)])
    assert state(desk, url) == "failed"
    assert "We cannot tell" in await reviewer.page(url)
    response = await reviewer.post(f"{url}/again", format="csv")
    assert response.status == 303
    await wait(reviewer, url)
    assert state(desk, url) == "planned"
    assert len(items(desk, url, "update")) == 1


@only_sqlite
async def test_several_files_are_one_import(desk: Desk, reviewer: Person) -> None:
    place = b"id;name;street;postal_code;city\nneues-haus;Neues Haus;Weg 1;90001;Ankerstadt\n"
    table = await edited(reviewer, {}, extra=(new_row("Fahrradcafé", location_1="neues-haus"),))
    url = await planned(reviewer, [("services.csv", table), ("locations.csv", place)])
    assert {one["record"] for one in items(desk, url, "create")} == {f"location:{CITY}/neues-haus", f"service:{CITY}/fahrradcafe"}
    await bring_in(reviewer, url)
    knowledge = desk.do(lambda session: read_knowledge(session, CITY))
    assert [at.location for at in knowledge.services["fahrradcafe"].at] == ["neues-haus"]


@only_sqlite
async def test_given_the_files_were_read_anew_in_another_tab_then_choices_of_the_old_page_are_not_passed_over(
    desk: Desk, reviewer: Person
) -> None:
    url = await planned(reviewer, [("services.csv", await edited(reviewer, {FIRST: {"fees": "Zwei Euro."}, SECOND: {"fees": "Drei."}}))])
    opened = await reviewer.page(url)
    unwanted = item_id(desk, url, SECOND)
    seen = re.search(r'name="made" value="([^"]+)"', opened)
    assert seen is not None
    await reviewer.post(f"{url}/again")
    await wait(reviewer, url)
    choices = {f"out-{unwanted}": "yes", "shown": unwanted, "made": seen[1]}
    response = await reviewer.post(f"{url}/decide", choices, do="write", publish="yes")
    assert response.status == 400
    assert say("desk.error.exchange.not_now", "en") in plain(await response.text())
    assert state(desk, url) == "planned"
    assert document(desk, SECOND)["texts"].get("fees") != "Drei."


@only_sqlite
async def test_a_list_of_what_was_left_out_opens_in_the_citys_spreadsheet(desk: Desk, reviewer: Person) -> None:
    url = await planned(reviewer, [("services.csv", await edited(reviewer, {FIRST: {"email": "kein@"}}))])
    response = await reviewer.get(f"{url}/lines/rejected")
    (head, *rows) = csv.reader(io.StringIO((await response.read()).decode("utf-8-sig")), delimiter=";")
    assert len(head) == 5
    assert ["services.csv", "email"] in [[row[0], row[2]] for row in rows]


@only_sqlite
async def test_more_than_the_desk_takes_is_refused_in_words(desk: Desk, reviewer: Person) -> None:
    response = await upload(reviewer, [("gross.csv", b"x" * 33 * 1024 * 1024)])
    assert response.status == 400
    assert "at most 30 MB" in await response.text()


@only_sqlite
async def test_a_file_may_be_thrown_away_and_a_report_may_not(desk: Desk, reviewer: Person) -> None:
    table = await edited(reviewer, {FIRST: {"fees": "Zwei Euro."}})
    url = await planned(reviewer, [("services.csv", table)])
    assert (await reviewer.post(f"{url}/discard")).status == 303
    assert (await reviewer.get(url)).status == 404
    url = await planned(reviewer, [("services.csv", table)])
    await bring_in(reviewer, url)
    assert (await reviewer.post(f"{url}/discard")).status == 400
    assert (await reviewer.get(url)).status == 200


# Whose imports they are


@only_sqlite
async def test_another_municipality_sees_nothing_of_an_import_and_cannot_touch_it(desk: Desk, reviewer: Person) -> None:
    url = await planned(reviewer, [("services.csv", await edited(reviewer, {FIRST: {"fees": "Zwei Euro."}}))])
    stranger = await desk.sign_in("elsewhere")
    assert desk.actor("elsewhere").municipalities == (OTHER_CITY,)
    assert (await stranger.get(url)).status == 404
    assert (await stranger.get(f"{url}/progress")).status == 404
    assert (await stranger.get(f"{url}/lines/rejected")).status == 404
    for act in ("decide", "cancel", "again", "discard", "undo", "topics"):
        assert (await stranger.post(f"{url}/{act}", do="write", publish="yes")).status == 404
    assert state(desk, url) == "planned"
    assert url not in await stranger.page(HOME)


@only_sqlite
@pytest.mark.parametrize("role", ["editor", "organization_administrator"])
async def test_only_those_who_answer_for_the_city_import(desk: Desk, reviewer: Person, role: str) -> None:
    url = await planned(reviewer, [("services.csv", await edited(reviewer, {FIRST: {"fees": "Zwei Euro."}}))])
    person = await desk.sign_in(role)
    assert (await person.get(url)).status == 403
    assert (await upload(person, [("services.csv", b"id;name\n")])).status == 403
    assert (await person.post(f"{url}/decide", do="write", publish="no")).status == 403
    assert state(desk, url) == "planned"


@only_sqlite
async def test_a_copy_of_another_newcomer_desk_comes_in_record_by_record(desk: Desk, reviewer: Person) -> None:
    content = await (await export(reviewer, "newcomer", private="yes")).read()
    edit(desk, FIRST, "fees", "Am Desk.")
    url = await planned(reviewer, [("kopie.zip", content)])
    assert [one["record"] for one in items(desk, url, "conflict")] == [f"service:{CITY}/{FIRST}"]
    assert "its districts and its emergency numbers are not changed" in plain(await reviewer.page(f"{url}?show=notices"))
