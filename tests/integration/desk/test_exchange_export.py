"""Taking out at the desk: every format can be read again, says the same, and keeps secret what has to be."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.actor import desk_itself
from knowledge.editorial.publish import publish
from knowledge.editorial.save import create
from knowledge.exchange.formats import WRITABLE
from knowledge.store.account_tables import AuditRow
from tests.folders import a_service
from tests.integration.desk.exchange_acts import HOME, everything, export, items, members, plain, planned
from tests.integration.desk.people import CITY, ORGANIZATION, Desk

only_sqlite = pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)


SECRETS = {"Fliederweg", "fliederhaus-nord", "Haus Flieder", "90001", "49.8009", "9.9375"}


def hide_a_place(desk: Desk) -> None:
    """A confidential place with words that stand nowhere else, and a service there."""
    place = {
        "id": "fliederhaus-nord",
        "confidential": True,
        "district": "nordstadt",
        "address": {"street": "Fliederweg 44", "postal_code": "90001", "city": "Ankerstadt"},
        "latitude": 49.8009,
        "longitude": 9.9375,
        "accessibility": ["lift"],
        "texts": {"name": "Haus Flieder", "directions": "Bus 7 bis Fliederweg"},
    }
    organization = ORGANIZATION.partition("/")[2]
    service = a_service("schutz", organization=organization, texts={"name": "Schutz und Rat"})
    service["at"] = [{"location": "fliederhaus-nord", "hours": [{"days": ["monday"], "opens": "09:00", "closes": "12:00"}]}]

    def work(session: Session) -> None:
        for kind, document in (("location", place), ("service", service)):
            publish(session, desk_itself("test"), create(session, desk_itself("test"), CITY, kind, document).id)

    desk.do(work)


@pytest.mark.parametrize("format", WRITABLE)
async def test_given_an_export_when_it_comes_back_then_it_says_nothing_new(desk: Desk, format: str) -> None:
    hide_a_place(desk)
    person = await desk.sign_in("reviewer")
    response = await export(person, format)
    assert response.status == 200
    name = response.headers["Content-Disposition"].partition('filename="')[2].rstrip('"')
    assert name.startswith(f"{CITY}-{format}-")
    url = await planned(person, [(name, await response.read())])
    page = plain(await person.page(url))
    assert "There is nothing to bring in" in page
    told = items(desk, url)
    assert [one for one in told if one["section"] in ("create", "update", "conflict", "rejected")] == []


@only_sqlite
@pytest.mark.parametrize("format", WRITABLE)
async def test_given_a_confidential_place_then_only_a_private_export_tells_where_it_is(desk: Desk, format: str) -> None:
    hide_a_place(desk)
    text = "\n".join(members(await (await export(await desk.sign_in("editor"), format)).read()).values())
    assert "Schutz und Rat" in text
    assert {one for one in SECRETS if one in text} == set()
    private = "\n".join(members(await (await export(await desk.sign_in("reviewer"), format, private="yes")).read()).values())
    assert {one for one in SECRETS if one in private} == SECRETS


@only_sqlite
@pytest.mark.parametrize("format", WRITABLE)
async def test_given_a_public_export_that_comes_back_then_the_place_keeps_its_address_and_its_services(desk: Desk, format: str) -> None:
    hide_a_place(desk)
    person = await desk.sign_in("reviewer")
    before = everything(desk)
    content = await (await export(person, format)).read()
    url = await planned(person, [("back.zip", content)])
    assert "There is nothing to bring in" in plain(await person.page(url))
    assert everything(desk) == before


@only_sqlite
@pytest.mark.parametrize("role", ["editor", "organization_editor", "organization_reviewer", "organization_administrator"])
async def test_addresses_of_confidential_places_are_for_those_who_answer_for_the_city(desk: Desk, role: str) -> None:
    person = await desk.sign_in(role)
    assert 'name="private"' not in await person.page(HOME)
    assert (await export(person, "newcomer", private="yes")).status == 403
    assert (await export(person, "newcomer")).status == 200


@only_sqlite
async def test_only_what_was_chosen_is_in_it(desk: Desk) -> None:
    person = await desk.sign_in("editor")
    assert set(members(await (await export(person, "csv", kind=["service"])).read())) == {"services.csv"}
    hsds = members(await (await export(person, "hsds-csv", kind=["service"])).read())
    # A service in HSDS is nothing without its organization and its place.
    assert len(hsds["organizations.csv"].splitlines()) > 10
    assert len(hsds["newcomer_articles.csv"].splitlines()) == 1
    folder = members(await (await export(person, "newcomer", kind=["page", "organization"])).read())
    assert set(folder) == {"municipality.yml", "organizations.yml", "locations.yml", "services.yml"} | {
        name for name in folder if name.startswith("translations/")
    }
    assert folder["services.yml"].strip() == "[]"


@only_sqlite
@pytest.mark.parametrize(("fields", "words"), [({"format": "word"}, "kind of file"), ({"format": "csv", "kind": []}, "at least one kind")])
async def test_a_choice_that_is_none_is_named_and_the_rest_is_kept(desk: Desk, fields: dict[str, object], words: str) -> None:
    person = await desk.sign_in("reviewer")
    format = str(fields.pop("format"))
    response = await export(person, format, private="yes", **fields)
    text = await response.text()
    assert response.status == 400
    assert words in plain(text)
    assert 'name="private" value="yes" aria-describedby="private-hint" checked' in text


@only_sqlite
async def test_who_has_taken_out_what_is_in_the_log(desk: Desk) -> None:
    await export(await desk.sign_in("administrator"), "newcomer", private="yes")

    def last(session: Session) -> tuple[str, dict[str, object]]:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "export").order_by(AuditRow.id.desc()).limit(1)).one()
        return row.actor, row.detail

    actor, detail = desk.do(last)
    assert actor == "Administrator"
    assert (detail["format"], detail["private"]) == ("newcomer", True)


@only_sqlite
async def test_somebody_without_the_right_to_import_sees_only_what_they_may(desk: Desk) -> None:
    assert "Bring in files" not in await (await desk.sign_in("editor")).page(HOME)
    assert "Bring in files" in await (await desk.sign_in("reviewer")).page(HOME)
    assert (await (await desk.sign_in("staff")).get(HOME)).status == 403
