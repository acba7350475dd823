"""Lists of records: found by whatever people remember, in order and in pages."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy.orm import Session

from knowledge.editorial.records import body, get
from knowledge.editorial.save import save
from tests.integration.desk.conftest import DRAFT_THERE, SECRET_HERE, SECRET_THERE
from tests.integration.desk.people import Desk, Person
from tests.integration.desk.records_listed import OFFICE, count, names


@pytest.mark.parametrize(
    "kind",
    ["service", "article", "page", "organization", "location", "contact"],
)
async def test_every_kind_has_a_list(editor: Person, kind: str) -> None:
    page = await editor.page(f"/desk/records/{kind}")
    if kind in ("page", "contact"):  # the demonstration city has none of these
        assert f"/desk/records/{kind}/new" in page
        assert names(page) == []
    else:
        assert len(names(page)) > 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BURGERBURO altstadt", "Bürgerbüro Altstadt"),
        ("Einwohnermeldeamt", "Bürgerbüro Altstadt"),
        ("citizens-office-altstadt", "Bürgerbüro Altstadt"),
        ("meldebescheinigung nachweis", "Bürgerbüro Altstadt"),
        ("Rathausplatz", "Bürgerbüro Altstadt"),
        ("23125 110", "Bürgerbüro Altstadt"),
        ("frauenhafen fliederweg", "Frauenhaus Ankerstadt"),
    ],
)
async def test_a_service_is_found_by_name_other_name_id_text_address_and_number(editor: Person, text: str, expected: str) -> None:
    page = await editor.page(f"/desk/records/service?text={text}")
    assert expected in names(page)
    assert count(page) < 15


async def test_all_words_have_to_fit(editor: Person) -> None:
    assert count(await editor.page("/desk/records/service?text=Rathausplatz+Zahnarzt")) == 0


async def test_nothing_found_leads_to_a_new_one_with_that_name(editor: Person) -> None:
    page = await editor.page("/desk/records/service?text=Sonnen%26blume")
    assert count(page) == 0
    address = re.search(r'href="(/desk/records/service/new\?name=[^"]*)"', page)
    assert address is not None
    form = await editor.page(html.unescape(address.group(1)))
    assert 'value="Sonnen&amp;blume"' in form


async def test_an_empty_list_says_what_to_do(desk: Desk) -> None:
    editor, staff = await desk.sign_in("editor"), await desk.sign_in("staff")
    assert "There are no contacts yet" in await editor.page("/desk/records/contact")
    page = await staff.page("/desk/records/contact")
    assert "There are no contacts yet" in page
    assert "/desk/records/contact/new" not in page


async def test_pages_and_sorting(editor: Person) -> None:
    first, second = await editor.page("/desk/records/service"), await editor.page("/desk/records/service?page=2")
    assert len(names(first)) == 50
    assert set(names(first)).isdisjoint(names(second))
    assert count(first) == len(names(first)) + len(names(second))
    assert 'href="/desk/records/service?page=2"' in first
    # Beyond the last page comes the last one.
    assert names(await editor.page("/desk/records/service?page=999")) == names(second)
    everything = names(first) + names(second)
    assert everything == sorted(everything, key=lambda name: name.casefold().replace("ä", "a").replace("ü", "u").replace("ö", "o"))


async def test_last_changed_first(desk: Desk, editor: Person) -> None:
    actor = desk.actor("editor")

    def edit(session: Session) -> None:
        record = get(session, actor, OFFICE)
        document = body(session, record)
        save(session, actor, OFFICE, {**document, "email": "neu@ankerstadt.example"}, base=record.newest)

    desk.do(edit)
    page = await editor.page("/desk/records/service?sort=changed")
    assert names(page)[0] == "Bürgerbüro Altstadt"
    # The draft is found by its new words at once.
    assert names(await editor.page("/desk/records/service?text=neu@ankerstadt.example")) == ["Bürgerbüro Altstadt"]
    assert "an older version is public" in page


async def test_odd_values_in_the_address_do_no_harm(editor: Person) -> None:
    for query in ("page=abc", "page=-1", "state=nonsense", "language=xx-yy", "sort=../../", "topic=%27%3B--", "due=no&mine=0"):
        answer = await editor.get(f"/desk/records/service?{query}")
        assert answer.status == 200, query


async def test_nobody_sees_the_records_of_another_municipality(desk: Desk) -> None:
    editor, elsewhere = await desk.sign_in("editor"), await desk.sign_in("elsewhere")
    for kind in ("service", "organization", "location"):
        for query in ("", f"?text={SECRET_THERE}", "?state=draft"):
            assert SECRET_THERE not in re.sub(r'value="[^"]*"|name=[^"]*"|“[^”]*”', "", await editor.page(f"/desk/records/{kind}{query}"))
    assert names(await editor.page(f"/desk/records/service?text={SECRET_THERE}")) == []
    there = await elsewhere.page("/desk/records/service")
    assert f"{SECRET_THERE} Beratung" in names(there)
    assert SECRET_HERE not in there
    assert DRAFT_THERE.rpartition("/")[2] in there


async def test_staff_may_look_and_not_make(desk: Desk) -> None:
    staff = await desk.sign_in("staff")
    page = await staff.page("/desk/records/service")
    assert len(names(page)) == 50
    assert "/desk/records/service/new" not in page
    assert (await staff.get("/desk/records/service/new")).status == 403
