"""Files that are not as they should be, and whose imports they are."""

from __future__ import annotations

import csv
import io
import re

import pytest

from knowledge.store.reader import read_knowledge
from locales.catalogue import say
from tests.integration.desk.exchange_acts import (
    HOME,
    bring_in,
    document,
    edit,
    edited,
    everything,
    export,
    item_id,
    items,
    new_row,
    plain,
    planned,
    state,
    upload,
    wait,
)
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, Person

only_sqlite = pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
FIRST, SECOND, THIRD = "welcome-point", "citizens-office-altstadt", "citizens-office-nordstadt"


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
