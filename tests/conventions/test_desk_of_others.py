"""Who works for one organization sees of all others what readers see: on every page of the desk, in every file, in every answer to a
script. New routes are looked at by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

import pytest

from knowledge.editorial.actor import Role
from knowledge.editorial.home.parts import Name
from knowledge.exchange.formats import WRITABLE
from knowledge.store.account_tables import MembershipRow
from knowledge.web.desk.routes import DESK_ROUTES
from tests.conventions.desk_walk import address, only_sqlite
from tests.conventions.test_desk_foreign_records import readable, text_of
from tests.integration.desk.city_of_others import OWN, PUBLIC, RECORDS, SECRETS, fill
from tests.integration.desk.people import CITY, Desk, Person, user_of
from tests.integration.desk.records_form import open_form
from tests.integration.desk.records_script import ask

READERS = ("organization_editor", "organization_reviewer")
KINDS = ("service", "article", "page", "organization", "location", "contact")
# No secret among them: a page repeats what was searched for.
IN_LISTS = (
    "", "?state=draft", "?state=archived", "?sort=changed", "?confidential=yes", "?due=yes", "?language=uk-missing",
    "?text=Beratung", "?text=23125", "?organization=schutzhaus", "?q=Mira", "?q=haus",
)  # fmt: skip
IN_OTHER_PAGES = (
    "", "?q=Mira", "?q=Beratung", "?whose=all", "?state=handled", "?kind=service&state=missing", "?record=service:ankerstadt/amsel",
    "?record=location:ankerstadt/zuflucht", "?record=location:ankerstadt/schlehenweg-4", "?record=service:ankerstadt/neu",
)  # fmt: skip
OF_A_RECORD = {"history": ("?from=1&to=2", "?from=2&to=3"), "edit": ("?typed=yes",)}
# What a person asks for by its name is in the address of the page, and so may stand on it.
ADDRESS = re.compile(r"(?:/desk/record/location/|\?record=location(?:%3A|:)ankerstadt(?:%2F|/))schlehenweg-4")


async def look(person: Person) -> dict[str, str]:
    """Everything that can be read, about all records that were made for this, and what forms and scripts are answered with."""
    seen: dict[str, str] = {}
    for path in paths():
        response = await person.get(path)
        assert response.status < 500, path
        seen[path] = text_of(response, await response.read())
    for path, form in sent():
        response = await person.post(path, form)
        assert response.status < 500, path
        seen[f"POST {path} {form}"] = text_of(response, await response.read())
    for street in ("Quittenpfad 7", "Mispelsteig 9", "Schlehenweg 4"):
        for kind in ("location", "service"):
            fields = [["texts.name", "Beratung"], ["address.street", street], ["at.0.location", "zuflucht"]]
            response = await ask(person, f"/desk/records/{kind}/similar", {"fields": fields, "record": ""})
            seen[f"similar {kind} {street}"] = await response.text()
    return seen


def paths() -> Iterable[str]:
    for route in readable(DESK_ROUTES):
        kinds = re.search(r"\{kind:([a-z|]+)\}", route.path)
        if "{id" in route.path:
            more = ("", *OF_A_RECORD.get(route.path.rpartition("/")[2], ()))
            yield from (address(route, kind=kind, id=id, language="uk") + query for kind, id in RECORDS for query in more)
        elif "{name" in route.path:
            yield from (address(route, name=name) + query for name in Name for query in ("", "?whose=all"))
        elif kinds:
            yield from (address(route, kind=kind) + query for kind in kinds[1].split("|") for query in IN_LISTS)
        else:
            yield from (address(route, language="uk") + query for query in IN_OTHER_PAGES)


def sent() -> Iterable[tuple[str, dict[str, object]]]:
    """Forms that are answered with a page or a file and change nothing."""
    every = {"kind": list(KINDS)}
    yield from (("/desk/exchange/export", {"format": format, **every}) for format in WRITABLE)
    yield from (("/desk/exchange/export", {"format": format, **every, "private": "yes"}) for format in WRITABLE)
    for words in ("Mira", "haus", "weg", "Leitung"):
        typed = {"find:at.0.location": "1", "_find.at.0.location": words, "add:at": "1", "texts.name": "Beratung"}
        yield "/desk/records/service/new", typed
    # A record of this id is there.
    yield "/desk/records/service/new", {"id": "neu", "texts.name": "Ganz anders", "topics": "work.search", "organization": "offene-hand"}
    yield "/desk/questions/1", {"q": "Beratung"}
    # Their own service needs a place that is a draft of the city's.
    yield f"/desk/record/service/{OWN}/publish", {"number": "2"}
    for kind, id in RECORDS:
        for under in ("suggest", "publish", "verify", "undo", "submit", "edit", "take-over", "restore"):
            if (kind, id) != ("service", OWN):
                yield f"/desk/record/{kind}/{quote(id)}/{under}", {"text": "x", "number": "1", "texts.name": "x", "revision": "1"}


def told(seen: dict[str, str], *words: str) -> dict[str, list[str]]:
    """Which pages have which of the words."""
    found = {word: [path for path, text in seen.items() if word in ADDRESS.sub("", text)] for word in words}
    return {word: pages for word, pages in found.items() if pages}


@pytest.fixture
def city(desk: Desk) -> Desk:
    fill(desk)
    return desk


@only_sqlite
@pytest.mark.parametrize("reader", READERS)
async def test_nothing_of_others_that_is_not_public_is_told_to_people_of_one_organization(city: Desk, reader: str) -> None:
    seen = await look(await city.sign_in(reader))
    assert told(seen, *SECRETS.values()) == {}
    # They can work all the same: what is public is there.
    assert set(told(seen, *PUBLIC)) == set(PUBLIC)


@only_sqlite
async def test_whoever_works_for_the_whole_city_sees_all_of_it(city: Desk) -> None:
    """Otherwise the test above would prove nothing."""
    assert set(told(await look(await city.sign_in("editor")), *SECRETS.values())) == set(SECRETS.values())


@only_sqlite
async def test_a_role_for_the_whole_city_counts_beside_one_for_an_organization(city: Desk) -> None:
    """Given: an organization's editor who helps out at the city's information point."""

    def help_out(session: object) -> None:
        session.add(  # type: ignore[attr-defined]
            MembershipRow(user_id=user_of(session, "organization_editor").id, role=Role.STAFF.value, municipality_id=CITY)  # type: ignore[arg-type]
        )

    city.do(help_out)
    person = await city.sign_in("organization_editor")
    assert "Quittenpfad" in await person.page("/desk/record/location/zuflucht/history")
    assert "Vogelbeere" in await person.page("/desk/records/service?text=Vogelbeere")
    assert (await person.get("/desk/record/location/zuflucht/edit")).status == 403


@only_sqlite
@pytest.mark.parametrize("street", ["Quittenpfad", "Mispelsteig", "Schlehenweg", "Haselbusch"])
async def test_a_search_for_an_address_that_is_secret_finds_nothing(city: Desk, street: str) -> None:
    """What a search finds tells as much as a page: nobody tries street after street."""
    person, reviewer = await city.sign_in("organization_editor"), await city.sign_in("reviewer")
    found: dict[str, list[bool]] = {}
    for path in ("/desk/records/service?text=", "/desk/records/location?text=", "/desk/records/location/choices?q=", "/desk/suggest?q="):
        found[path] = ["amsel" in text or "zuflucht" in text for text in [await who.page(path + street) for who in (person, reviewer)]]
    assert [path for path, (theirs, _) in found.items() if theirs] == []
    if street in ("Mispelsteig", "Schlehenweg"):
        assert found["/desk/records/service?text="][1]


@only_sqlite
async def test_an_address_that_is_secret_does_not_make_two_places_alike(city: Desk) -> None:
    fields = {"fields": [["texts.name", "Ganz anders"], ["address.street", "Mispelsteig 9"]], "record": ""}
    answers = []
    for who in ("organization_editor", "reviewer"):
        response = await ask(await city.sign_in(who), "/desk/records/location/similar", fields)
        answers.append([one["key"] for one in (await response.json())["found"]])
    assert answers == [[], [f"location:{CITY}/zuflucht"]]


@only_sqlite
async def test_drafts_of_others_are_not_there_and_what_is_more_than_public_is_refused_in_plain_words(city: Desk) -> None:
    person = await city.sign_in("organization_editor")
    for gone in ("service/neu", "service/alt", "contact/leitung", "location/haus-9", "location/schlehenweg-4"):
        assert (await person.get(f"/desk/record/{gone}")).status == 404, gone
    for under in ("history", "preview"):
        response = await person.get(f"/desk/record/service/amsel/{under}")
        assert response.status == 403
        assert "This belongs to others" in await response.text()
    assert "Kostenlos" in await person.page("/desk/record/service/amsel")


@only_sqlite
async def test_a_service_that_the_city_has_put_into_a_secret_place_can_be_written_on(city: Desk) -> None:
    """Given: their own service at a place whose address they do not see, and at one that is not public yet."""
    person = await city.sign_in("organization_editor")
    form = await open_form(person, f"/desk/record/service/{OWN}/edit")
    assert "Something that is not shown here" in form.page
    assert await form.fill({"texts.fees": "Kostenlos."}).saved() == f"/desk/record/service/{OWN}"
    reviewer = await city.sign_in("reviewer")
    assert "Quittenpfad" not in await person.page(f"/desk/record/service/{OWN}/history?from=1&to=3")
    again = await open_form(reviewer, f"/desk/record/service/{OWN}/edit")
    assert [again[f"at.{row}.location"] for row in range(2)] == ["zuflucht", "haus-9"]


@only_sqlite
async def test_a_translators_file_names_no_draft_of_others(city: Desk) -> None:
    """Given: a file that the city has given to somebody, with texts of all records; it comes back by an organization's editor."""
    file = await (await (await city.sign_in("reviewer")).get("/desk/translations/uk/export?state=missing")).read()
    # Its words are taken out: whatever name the page has, it has from the desk.
    bare = re.sub(rb"(<(?:note|source)[^>]*>)[^<]*", rb"\1Wort", file)
    pages = {}
    for who in ("organization_editor", "reviewer"):
        person = await city.sign_in(who)
        response = await person.post("/desk/translations/xliff", file=bare)
        pages[who] = await person.page(response.headers["Location"])
    found = {who: {word for word in SECRETS.values() if word in page} for who, page in pages.items()}
    assert found["organization_editor"] == set()
    assert {"Vogelbeere", "Speierling", "Apfelbeere"} <= found["reviewer"]
