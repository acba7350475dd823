"""How alike two names or addresses are."""

from __future__ import annotations

import pytest

from knowledge.editorial.contents import fold
from knowledge.editorial.duplicates import BY_NAME, WITH_ADDRESS, likeness, street_key


def alike(one: str, other: str, **rare: float) -> float:
    return likeness(fold(one), fold(other), rare)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bürgerbüro Altstadt", "Buergerbüro Altstadt"),
        ("Bürgerbüro Altstadt", "Bürgerbüro  ALTSTADT"),
        ("Bürgerbüro Altstadt", "Altstadt Bürgerbüro"),
        ("Kinderschutz-Notdienst", "Kinderschutz Notdienst"),
        ("Migrationsberatung Nordstadt", "Migrationsberatug Nordstadt"),
        ("مكتب القادمين", "مكتب القادمين"),
    ],
)
def test_the_same_name_written_otherwise_is_alike(one: str, other: str) -> None:
    assert alike(one, other) >= BY_NAME


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bürgerbüro Altstadt", "Frauenhaus"), ("Kita-Büro", "Jobcenter Ankerstadt"), ("Apotheke am Bahnhof", "Mieterverein")],
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert alike(one, other) < WITH_ADDRESS


def test_a_word_that_every_name_has_says_little() -> None:
    common, rare = {"beratung": 0.1, "nord": 1.0, "sued": 1.0}, {"beratung": 1.0, "nord": 1.0, "sued": 1.0}
    assert likeness("beratung nord", "beratung sued", common) < likeness("beratung nord", "beratung sued", rare) or (
        likeness("beratung nord", "beratung sued", common) < BY_NAME
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hauptstraße 5", "Hauptstr. 5"),
        ("Hauptstraße 5 A", "Haupt-Str. 5a"),
        ("Karl-Marx-Straße 12", "Karl Marx Str 12"),
        ("Straße des 17. Juni 135", "Str. des 17. Juni 135"),
        ("Am Lindenhof 14", "am lindenhof 14"),
        ("12 rue de la Paix", "rue de la Paix 12"),
    ],
)
def test_an_address_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert street_key(one) == street_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Hauptstraße 5", "Hauptstraße 7"), ("Hauptstraße 5", "Hauptstraße 5a"), ("Bergstraße 5", "Burgstraße 5")]
)
def test_another_house_is_another_address(one: str, other: str) -> None:
    assert street_key(one) != street_key(other)


def test_a_street_without_a_number_is_no_address() -> None:
    assert street_key("Hauptstraße") == ""
    assert street_key("") == ""
