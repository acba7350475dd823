"""What a file may say: each mistake is named where it stands, in words for the person who wrote it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from sqlalchemy import String, inspect

from knowledge.documents import models as m
from knowledge.documents.city import MunicipalityModel, TranslationModel
from knowledge.store import tables as t
from tests.folders import a_helpline, a_location, a_service, an_article, small_town

TOWN = small_town()["municipality.yml"]
ORGANIZATION = small_town()["organizations.yml"][0]


def complaint(model: type[BaseModel], content: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        model.parse_obj(content)
    return "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in caught.value.errors())


def service_at(**changes: Any) -> dict[str, Any]:
    return a_service("office", at=[{"location": "rathaus"} | changes])


def rule(**changes: Any) -> dict[str, Any]:
    return service_at(hours=[{"days": ["monday"], "opens": "08:00", "closes": "12:00"} | changes])


def special(**changes: Any) -> dict[str, Any]:
    return service_at(exceptions=[{"date": "2026-12-24"} | changes])


def texts_of(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return record | {"texts": {name: value for name, value in (record["texts"] | changes).items() if value is not None}}


def test_what_is_right_is_accepted() -> None:
    MunicipalityModel.parse_obj(TOWN)
    m.OrganizationModel.parse_obj(ORGANIZATION)
    m.LocationModel.parse_obj(a_location("rathaus"))
    m.ServiceModel.parse_obj(a_service("office"))
    m.ArticleModel.parse_obj(an_article("registration.address"))


@pytest.mark.parametrize(
    ("model", "content", "named"),
    [
        (m.ServiceModel, a_service("Bürgerbüro"), "id: an id has small letters"),
        (m.ServiceModel, a_service("a" * 80), "79 at most"),
        (m.ServiceModel, a_service("office", topic="x"), "topic: extra fields"),
        (m.ServiceModel, a_service("office", topics=["registration.adress"]), "'registration.adress' is not a topic"),
        (m.ServiceModel, a_service("office", audience=["all"]), "'all' is not an audience; use one of everyone"),
        (m.ServiceModel, a_service("office", languages=[{"language": "ar", "days": ["tusday"]}]), "'tusday' is not a weekday"),
        (m.ServiceModel, a_service("office", phones=[{"number": "030 23125"}]), "'030 23125' is not an international number"),
        (m.ServiceModel, a_service("office", cost={"amount": -1}), "cost.amount"),
        (m.ServiceModel, a_service("office", cost={"currency": "Euro"}), "cost.currency"),
        (m.ServiceModel, a_service("office", capacity={"state": "busy"}), "capacity.state"),
        (m.ServiceModel, a_service("office", checked_on="2026-13-01"), "checked_on: invalid date"),
        (m.ServiceModel, texts_of(a_service("office"), name=None), "missing text name"),
        (m.ServiceModel, texts_of(a_service("office"), price="5"), "unknown text fields price; there are name"),
        (m.ServiceModel, rule(days=["montag"]), "'montag' is not a weekday; use one of monday"),
        (m.ServiceModel, rule(days=[]), "hours.0.days"),
        (m.ServiceModel, rule(opens="8 Uhr"), 'times are written "08:30"'),
        (m.ServiceModel, rule(opens="20:00", closes="06:00"), "write a night as two rules"),
        (m.ServiceModel, rule(valid_from="2026-06-01", valid_to="2026-05-01"), "valid_from is after valid_to"),
        (m.ServiceModel, special(), "either closed: true, or has opens and closes"),
        (m.ServiceModel, special(opens="08:00"), "either closed: true, or has opens and closes"),
        (m.ServiceModel, special(closed=True, opens="08:00"), "either closed: true, or has opens and closes"),
        (m.ServiceModel, special(opens="8", closes="10:00"), 'times are written "08:30"'),
        (m.ServiceModel, special(opens="12:00", closes="10:00"), "opens before it closes"),
        (m.LocationModel, a_location("rathaus", latitude=498.0), "latitude"),
        (m.LocationModel, a_location("rathaus", accessibility=["ramp"]), "'ramp' is none of wheelchair_entrance"),
        (m.LocationModel, a_location("rathaus", texts={"direction": "x"}), "unknown text fields direction"),
        (m.OrganizationModel, ORGANIZATION | {"kind": "state"}, "kind"),
        (m.OrganizationModel, ORGANIZATION | {"texts": {"description": "x"}}, "missing text name"),
        (MunicipalityModel, TOWN | {"timezone": "Europe/Berlim"}, "'Europe/Berlim' is not a time zone such as Europe/Berlin"),
        (MunicipalityModel, TOWN | {"country": "GER"}, "country"),
        (MunicipalityModel, TOWN | {"districts": TOWN["districts"] * 2}, "districts: the id mitte stands twice"),
        (MunicipalityModel, TOWN | {"districts": [{"id": "mitte", "texts": {}}]}, "missing text name"),
        (MunicipalityModel, TOWN | {"helplines": [a_helpline("a", kinds=["violence"])]}, "'violence' is not a topic; crisis topics are"),
        (MunicipalityModel, TOWN | {"helplines": [a_helpline("a", hours="always")]}, "helplines.0.hours"),
        (m.ArticleModel, an_article("registration.adress"), "'registration.adress' is not a topic"),
        (m.ArticleModel, texts_of(an_article("schools.enrol"), answer=None), "missing text answer"),
        (m.ArticleModel, texts_of(an_article("schools.enrol"), answer="Eins. Zwei. Drei. Vier."), "the answer has 4 sentences; 3 at most"),
        (m.ArticleModel, an_article("schools.enrol", source={"title": "x", "url": "x", "level": "town"}), "source.level"),
        (TranslationModel, {"texts": {}}, "machine: field required"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(model: type[BaseModel], content: dict[str, Any], named: str) -> None:
    assert named in complaint(model, content)


@pytest.mark.parametrize(
    ("written", "kept"), [("112", "112"), ("+493023125001", "+49 30 23125001"), ("+49 152 28817386", "+49 1522 8817386")]
)
def test_numbers_are_brought_to_one_form_and_short_codes_stay(written: str, kept: str) -> None:
    assert m.PhoneModel(number=written).number == kept


def test_other_names_of_a_service_stand_among_its_texts_in_the_file_only() -> None:
    read = m.ServiceModel.parse_obj(a_service("office"))
    assert read.also == ["Meldeamt"]
    assert "also" not in read.texts


@pytest.mark.parametrize(
    ("model", "table", "names"),
    [
        (MunicipalityModel, t.MunicipalityRow, {}),
        (m.OrganizationModel, t.OrganizationRow, {}),
        (m.ServiceModel, t.ServiceRow, {}),
        (m.AddressModel, t.LocationRow, {"street": "address_1"}),
        (m.SourceModel, t.ArticleRow, {"title": "source_title", "url": "source_url"}),
        (m.CostModel, t.ServiceRow, {"currency": "cost_currency"}),
        (m.LanguageModel, t.LanguageRow, {"language": "code"}),
        (TranslationModel, t.TextTranslationRow, {}),
    ],
)
def test_what_is_accepted_fits_its_column_on_every_database(model: type[BaseModel], table: type, names: dict[str, str]) -> None:
    """SQLite stores what is too long, PostgreSQL refuses the whole import: so the file is refused, record by record."""
    columns = inspect(table).columns
    for name, field in model.__fields__.items():
        column = columns.get(names.get(name, name))
        if field.outer_type_ is str and name not in ("id", "information_point", "organization") and column is not None:
            assert isinstance(column.type, String)
            assert field.field_info.max_length is not None, name
            assert field.field_info.max_length <= (column.type.length or 0), name
