"""Documents into forms and back: nothing is lost, whatever the document has."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.cli import DEMO_CITY
from knowledge.documents.canonical import canonical, parse
from knowledge.documents.models import MODELS
from knowledge.exchange.newcomer.reader import read_folder
from knowledge.web.desk.records.documents import Here, checked, document_of, fields_of
from knowledge.web.desk.records.fields import Fields, compact
from knowledge.web.desk.records.hours_field import HoursReader
from tests.folders import a_location, a_service, an_article

TODAY = date(2026, 11, 2)
HERE = Here("DE")
CITY = read_folder(DEMO_CITY)
RICH: dict[str, dict[str, Any]] = {
    "service": a_service(
        "office",
        contact="hotline",
        closed={"since": "2026-11-01", "until": "2026-11-09"},
        languages=[{"language": "ar", "mode": "interpreter", "days": ["tuesday", "friday"]}, {"language": "gsg"}],
    ),
    "article": an_article("schools.enrol", audience="refugees", services=["a", "b"]),
    "page": {
        "id": "p", "parent": "above", "order": 3, "topic": "health.doctor", "url": "https://x.example/", "checked_on": "2026-01-01",
        "texts": {"title": "T", "body": "# A\n\n- b\n"},
    },
    "organization": {
        "id": "o", "kind": "charity", "website": "https://o.example", "email": "a@o.example", "texts": {"name": "O", "description": "D"},
    },
    "location": a_location("l", confidential=True),
    "contact": {
        "id": "c", "organization": "o", "email": "c@o.example", "texts": {"name": "C"},
        "phones": [{"number": "112"}, {"number": "+49 30 23125 100", "kind": "sms"}],
    },
}  # fmt: skip


def there_and_back(kind: str, document: dict[str, Any], language: str = "en") -> dict[str, Any]:
    """What is saved when a form is opened and sent as it is."""
    fields = compact(kind, fields_of(kind, document, language), drop_blank=True)
    return checked(kind, document_of(kind, fields, document, HERE, HoursReader(language, TODAY, document)))


@pytest.mark.parametrize("kind", MODELS)
def test_a_rich_document_comes_back_as_it_was(kind: str) -> None:
    document = canonical(parse(kind, RICH[kind]))
    assert there_and_back(kind, document) == document


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("kind", ["organization", "location", "service", "article"])
def test_every_document_of_the_demonstration_city_comes_back_as_it_was(kind: str, language: str) -> None:
    documents = [canonical(one) for one in CITY.by_kind[kind]]
    assert len(documents) > 10
    assert [one for one in documents if there_and_back(kind, one, language) != one] == []


def typed(kind: str, fields: Fields, base: dict[str, Any] | None = None) -> dict[str, Any]:
    short = compact(kind, fields, drop_blank=True)
    return document_of(kind, short, base or {}, HERE, HoursReader("en", TODAY, base or {}))


def test_what_the_form_does_not_ask_for_stays() -> None:
    base = canonical(parse("service", RICH["service"]))
    changed = typed("service", {**fields_of("service", base, "en"), "texts.name": ["Anders"]}, base)
    assert changed["capacity"] == base["capacity"]
    assert changed["closed"] == base["closed"]
    assert changed["texts"]["name"] == "Anders"


def test_an_emptied_field_is_taken_away() -> None:
    base = canonical(parse("service", RICH["service"]))
    fields = {**fields_of("service", base, "en"), "texts.fees": [" "], "contact": [""], "phones.0.number": [""], "cost.amount": [""]}
    changed = typed("service", fields, base)
    assert "fees" not in changed["texts"]
    assert "contact" not in changed
    assert [one["number"] for one in changed["phones"]] == ["+49 30 23125101"]
    assert changed["cost"] == {"free": "false"}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("030 23125 100", "+49 30 23125100"),
        ("0049 30 23125100", "+49 30 23125100"),
        ("+41 44 668 18 00", "+41 44 668 18 00"),
        ("112", "112"),
        ("116 117", "116117"),
        ("0821", "0821"),
        ("call us", "call us"),
    ],
)
def test_telephone_numbers_are_taken_as_one_dials_them_here(written: str, kept: str) -> None:
    assert typed("contact", {"phones.0.number": [written]})["phones"][0]["number"] == kept


def test_money_and_numbers_are_taken_as_they_are_written_here() -> None:
    assert typed("service", {"cost.amount": ["12,50"], "cost.free": ["false"]})["cost"] == {
        "amount": "12.50",
        "currency": "EUR",
        "free": "false",
    }
    assert typed("location", {"latitude": ["49,8001"], "longitude": ["9.95"]})["latitude"] == "49.8001"
    pasted = typed("location", {"latitude": ["49.8001, 9.9502"]})
    assert (pasted["latitude"], pasted["longitude"]) == ("49.8001", "9.9502")


def test_a_web_address_needs_no_https() -> None:
    assert typed("organization", {"website": ["www.city.example"]})["website"] == "https://www.city.example"


def test_hours_in_words_become_rules_and_days_that_differ_come_together() -> None:
    fields = {
        "at.0.location": ["rathaus"],
        "at.0.hours": ["Mo-Fr 9-12, 24.12.2026 closed, closed on public holidays"],
        "at.0.exceptions.0.date": ["2026-12-24"],
        "at.0.exceptions.0.opens": ["08:00"],
        "at.0.exceptions.0.closes": ["10:00"],
        "at.0.exceptions.1.date": ["2026-12-31"],
        "at.1.location": ["anderswo"],
        "at.1.closed_on_holidays": ["yes"],
    }
    places = checked("service", {**typed("service", fields), "id": "x", "organization": "o", "topics": [], "texts": {"name": "N"}})["at"]
    days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    assert places[0]["hours"] == [{"days": days, "opens": "09:00", "closes": "12:00"}]
    # The words say "closed" on the 24th: they count for that day, and the other day stays.
    assert sorted(one["date"] for one in places[0]["exceptions"]) == ["2026-12-24", "2026-12-31"]
    assert all(one["closed"] for one in places[0]["exceptions"])
    assert {name: value for name, value in places[1].items() if value} == {"location": "anderswo"}


def test_saved_hours_are_not_read_again_however_they_are_told() -> None:
    base = canonical(parse("service", RICH["service"]))
    reader = HoursReader("de", TODAY, base)
    fields = compact("service", fields_of("service", base, "de"), drop_blank=True)
    document_of("service", fields, base, HERE, reader)
    assert [one.known for one in reader.found.values()] == [True]
