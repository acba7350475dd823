"""HSDS of others: what becomes of their values, and of those that break our rules."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from knowledge.documents.models import ContactModel, LocationModel, OrganizationModel, ServiceModel
from knowledge.exchange.hsds import HsdsImport, export_datapackage, read_datapackage, read_json
from tests.unit.knowledge.exchange.hsds.towns import TODAY, full_town

ORGANIZATION = {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Help", "description": "We help.", "legal_status": "Charity"}
SERVICE_ID = "ac148810-d857-441c-9679-408f346de14b"


def read(folder: Path, *services: dict[str, Any], **options: Any) -> HsdsImport:
    """Read services as others publish them; each has a name, a status and an organization unless it says otherwise."""
    whole = [{"id": SERVICE_ID, "name": "Advice", "status": "active", "organization": ORGANIZATION} | one for one in services]
    path = folder / "services.json"
    path.write_text(json.dumps(whole), "utf-8")
    return read_json(path, today=TODAY, **options)


def only(found: HsdsImport) -> ServiceModel:
    """The one service of the file."""
    (service,) = found.documents["service"]
    assert isinstance(service, ServiceModel)
    return service


def keys(entries: list[Any]) -> Counter[str]:
    """How often which reason was given."""
    return Counter(one.key for one in entries)


@pytest.mark.parametrize(
    ("phone", "country", "expected"),
    [
        ({"number": '"+44 1234 234567"', "type": "voice"}, None, [("+44 1234 234567", "voice")]),
        ({"number": "112", "type": "voice"}, None, [("112", "voice")]),
        ({"number": "+49 152 28817386", "type": "cell"}, None, [("+49 1522 8817386", "mobile")]),
        ({"number": "030 23125 000"}, "DE", [("+49 30 23125000", "voice")]),
        ({"number": "+49 30 23125 000", "type": "text"}, None, [("+49 30 23125000", "sms")]),
    ],
)
def test_given_a_number_then_it_is_brought_to_international_form(
    phone: dict[str, str], country: str | None, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    service = only(read(tmp_path, {"phones": [{"id": "p", **phone}]}, country=country))
    assert [(one.number, one.kind) for one in service.phones] == expected


def test_given_numbers_that_are_none_then_the_service_is_kept_without_them(tmp_path: Path) -> None:
    phones = [{"id": "a", "number": "ask at the desk"}, {"id": "b", "number": "030 23125 000"}, {"id": "c", "number": "1", "type": "pager"}]
    found = read(tmp_path, {"phones": phones})
    assert only(found).phones == []
    assert keys(found.rejected) == {"hsds.rejected.phone": 2}
    assert "hsds.skipped.phone_type" in keys(found.skipped)


def test_given_addresses_in_one_country_then_national_numbers_are_read_as_its(tmp_path: Path) -> None:
    location = {"id": "l", "location_type": "physical", "addresses": [{"id": "a", "address_1": "Main St 1", "country": "us"}]}
    place = {"id": "s", "location": location}
    found = read(tmp_path, {"service_at_locations": [place], "phones": [{"id": "p", "number": "(202) 555-0123"}]})
    assert [one.number for one in only(found).phones] == ["+1 202-555-0123"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://www.example.org/a?b=c", "https://www.example.org/a?b=c"),
        ("www.example.org", "http://www.example.org"),
        ("javascript:alert(1)", None),
        ("ask us", None),
    ],
)
def test_given_a_web_address_then_only_http_is_taken(value: str, expected: str | None, tmp_path: Path) -> None:
    found = read(tmp_path, {"url": value})
    assert only(found).website == expected
    assert ("hsds.rejected.website" in keys(found.rejected)) is (expected is None)


def test_given_an_address_for_mail_that_is_none_then_the_service_is_kept_without_it(tmp_path: Path) -> None:
    found = read(tmp_path, {"email": "n/a"})
    assert only(found).email is None and keys(found.rejected) == {"hsds.rejected.email": 1}


@pytest.mark.parametrize(
    ("legal_status", "kind"),
    [
        ("Limited Company", "company"),
        ("501(c)(3)", "charity"),
        ("Non-profit", "charity"),
        ("City government", "public"),
        ("", "association"),
    ],
)
def test_given_what_an_organization_says_of_itself_then_its_kind_is_told_from_it(legal_status: str, kind: str, tmp_path: Path) -> None:
    found = read(tmp_path, {"organization": ORGANIZATION | {"legal_status": legal_status}})
    (organization,) = found.documents["organization"]
    assert isinstance(organization, OrganizationModel) and organization.kind == kind
    assert ("hsds.notice.organization_kind" in keys(found.notices)) is (legal_status == "")


def attribute(code: str, name: str = "", taxonomy: str = "Theirs") -> dict[str, Any]:
    """A term of a taxonomy, on a service."""
    term = {"id": f"t-{code}-{name}", "code": code, "name": name, "description": "x", "taxonomy": taxonomy}
    return {"id": f"a-{code}-{name}", "taxonomy_term": term}


def test_given_terms_of_others_then_those_named_as_our_topics_become_topics(tmp_path: Path) -> None:
    found = read(tmp_path, {"attributes": [attribute("health.doctor"), attribute("42", "Health.Dentist"), attribute("BD-180", "Food")]})
    assert only(found).topics == ["health.doctor", "health.dentist"]
    (told,) = [one for one in found.skipped if one.key == "hsds.skipped.term"]
    assert told.record == "Food" and told.fields == {"number": 1}


def test_given_a_term_of_others_named_as_an_audience_then_nobody_is_shut_out_by_it(tmp_path: Path) -> None:
    assert only(read(tmp_path, {"attributes": [attribute("women", "Women")]})).audience == ["everyone"]


def test_given_a_service_without_topic_then_it_is_listed_for_the_editor(tmp_path: Path) -> None:
    found = read(tmp_path, {})
    assert found.without_topic == [only(found).id] and keys(found.notices) == {"hsds.notice.no_topic": 1}


def test_given_a_service_that_is_gone_then_it_is_skipped_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    found = read(tmp_path, {"status": "defunct", "phones": [{"id": "p", "number": "112"}]})
    assert not found.documents["service"]
    assert keys(found.skipped) == {"hsds.skipped.status": 1, "hsds.skipped.orphan": 1}


def test_given_a_service_temporarily_closed_then_it_is_closed_since_the_last_change(tmp_path: Path) -> None:
    found = read(tmp_path, {"status": "temporarily closed", "last_modified": "2026-10-01T10:00:00Z"})
    closed = only(found).closed
    assert closed is not None and closed.since.isoformat() == "2026-10-01"
    assert "hsds.notice.closed" in keys(found.notices)


@pytest.mark.parametrize(
    ("options", "cost", "fees"),
    [
        ([{"amount": 0}], (True, 0.0, None), None),
        ([{"amount": 35, "currency": "gbp"}], (False, 35.0, "GBP"), None),
        (
            [{"amount": 35, "currency": "gbp", "option": "Under 18", "amount_description": "per hour"}],
            (False, None, None),
            "Under 18: 35 GBP, per hour",
        ),
        ([{"amount": 5, "option": "Adults"}, {"amount": 0, "option": "Children"}], (False, None, None), "Adults: 5\nChildren: 0"),
        ([{"amount": 5, "valid_to": "2020-01-01"}], (None, None, None), None),
    ],
)
def test_given_prices_then_one_for_everybody_is_the_cost_and_others_are_words(
    options: list[dict[str, Any]], cost: tuple[Any, ...], fees: str | None, tmp_path: Path
) -> None:
    service = only(read(tmp_path, {"cost_options": [{"id": str(number), **one} for number, one in enumerate(options)]}))
    assert (service.cost.free, service.cost.amount, service.cost.currency) == cost
    assert service.texts.get("fees") == fees


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ({"code": "eng"}, ("en", "staff")),
        ({"name": "Urdu"}, ("ur", "staff")),
        ({"code": "ar", "note": "Telephone interpreters"}, ("ar", "phone_interpreter")),
        ({"code": "zh_Hans", "note": "Interpreter on request"}, ("zh-Hans", "interpreter")),
        ({"name": "Elvish"}, None),
    ],
)
def test_given_a_language_then_it_is_known_by_code_or_name(
    language: dict[str, str], expected: tuple[str, str] | None, tmp_path: Path
) -> None:
    found = only(read(tmp_path, {"languages": [{"id": "l", **language}]})).languages
    assert [(one.language, one.mode.value) for one in found] == ([expected] if expected else [])


def test_given_hours_of_the_service_alone_then_they_hold_at_each_of_its_places(tmp_path: Path) -> None:
    schedule = {"id": "h", "freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}
    own = schedule | {"id": "h2", "byday": "FR"}
    places = [
        {"id": "s1", "location": {"id": "l1", "location_type": "physical", "name": "North"}},
        {"id": "s2", "location": {"id": "l2", "location_type": "physical", "name": "South"}, "schedules": [own]},
    ]
    found = only(read(tmp_path, {"service_at_locations": places, "schedules": [schedule]}))
    assert [[rule.days for rule in at.hours] for at in found.at] == [[["monday"]], [["friday"]]]


def test_given_contacts_then_the_first_belongs_to_the_service_and_the_others_are_kept(tmp_path: Path) -> None:
    contacts = [
        {"id": "c1", "name": "Ann Persona", "title": "Reception", "phones": [{"id": "p1", "number": "+44 1234 234567"}]},
        {"id": "c2", "department": "Office", "email": "office@example.org"},
        {"id": "c3"},
    ]
    found = read(tmp_path, {"contacts": contacts})
    kept = {one.id: one for one in found.documents["contact"]}
    assert [one.texts["name"] for one in kept.values()] == ["Ann Persona (Reception)", "Office"]
    first = kept[only(found).contact or ""]
    assert isinstance(first, ContactModel) and [one.number for one in first.phones] == ["+44 1234 234567"]
    assert keys(found.notices)["hsds.notice.second_contact"] == 1 and keys(found.skipped)["hsds.skipped.nameless_contact"] == 1


def test_given_a_number_of_the_organization_alone_then_it_becomes_a_contact(tmp_path: Path) -> None:
    found = read(tmp_path, {"organization": ORGANIZATION | {"phones": [{"id": "p", "number": "+44 1234 234567"}]}})
    (contact,) = found.documents["contact"]
    assert contact.texts == {"name": "Help"} and only(found).contact is None


def test_given_a_place_off_the_earth_then_it_is_kept_without_coordinates(tmp_path: Path) -> None:
    location = {"id": "l", "location_type": "physical", "name": "Hall", "latitude": 100, "longitude": 101}
    found = read(tmp_path, {"service_at_locations": [{"id": "s", "location": location}]})
    (place,) = found.documents["location"]
    assert isinstance(place, LocationModel) and (place.latitude, place.longitude) == (None, None)
    assert keys(found.rejected) == {"hsds.rejected.coordinates": 1}


def test_given_a_value_that_breaks_a_rule_of_documents_then_only_the_value_is_lost(tmp_path: Path) -> None:
    found = read(tmp_path, {"url": "https://example.org/" + "x" * 600, "cost_options": [{"id": "c", "amount": 3, "currency": "pounds"}]})
    service = only(found)
    assert service.website is None and service.cost.amount == 3 and service.cost.currency is None
    assert {one.column for one in found.rejected} == {"website", "cost.currency"}


@pytest.mark.parametrize(
    ("service", "key"),
    [
        ({"organization": None}, "hsds.rejected.no_organization"),
        ({"organization": None, "organization_id": "nobody"}, "hsds.rejected.unknown_organization"),
        ({"name": None}, "hsds.rejected.record"),
        ({"id": None}, "hsds.rejected.no_id"),
    ],
)
def test_given_a_service_that_cannot_be_one_then_it_is_rejected_with_a_reason(service: dict[str, Any], key: str, tmp_path: Path) -> None:
    found = read(tmp_path, service)
    assert not found.documents["service"] and key in keys(found.rejected)
    assert all(count.adds_up for count in found.counts.values())


def test_given_an_organization_that_is_known_here_then_a_file_of_services_alone_is_enough(tmp_path: Path) -> None:
    known = read(tmp_path, {}).documents["organization"][0].id
    found = read(tmp_path, {"organization": None, "organization_id": ORGANIZATION["id"]}, known_ids={"organization": [known]})
    assert only(found).organization == known


def test_given_a_renamed_service_when_it_is_imported_again_then_it_keeps_its_id(tmp_path: Path) -> None:
    before = only(read(tmp_path, {"name": "Advice"})).id
    after = only(read(tmp_path, {"name": "Legal advice"}, known_ids={"service": [before]})).id
    assert before == after and before.startswith("advice-")


def test_given_the_export_of_another_town_then_its_records_get_ids_of_their_own_and_its_answers_stay_out(tmp_path: Path) -> None:
    export_datapackage(full_town(), tmp_path, today=TODAY)
    found = read_datapackage(tmp_path, into="kleinstadt", today=TODAY)
    assert found.municipality is None and not found.documents["article"]
    assert all("-" in one.id and one.id != "office" for one in found.documents["service"])
    assert not any(place.district for place in found.documents["location"] if isinstance(place, LocationModel))
    assert "hsds.skipped.other_municipality" in keys(found.skipped)
    assert all(count.adds_up for count in found.counts.values())


def test_given_a_template_in_a_foreign_text_then_it_stays_text(tmp_path: Path) -> None:
    found = read(tmp_path, {"name": "{number} {0.__class__}", "languages": [{"id": "l", "name": "{words}"}]})
    assert only(found).texts["name"] == "{number} {0.__class__}"
