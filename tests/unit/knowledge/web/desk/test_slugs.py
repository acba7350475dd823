"""Ids out of names."""

from __future__ import annotations

import pytest

from knowledge.documents.models import OrganizationModel
from knowledge.editorial.slugs import free_id, slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bürgerbüro Mitte", "buergerbuero-mitte"),
        ("  Straße & Café – Öffnung!  ", "strasse-cafe-oeffnung"),
        ("Łódź Ørsted Æble", "lodz-oersted-aeble"),
        ("Citizens’ office", "citizens-office"),
        ("Їжа для всіх: Ґанок", "izha-dlia-vsikh-ganok"),
        ("Йорж", "iorzh"),
        ("Объединение", "obedynenye"),
        ("Αθήνα Σπίτι", "athina-spiti"),
        ("مكتب القادمين", "mktb-alqadmyn"),
        ("İzmir Işık", "izmir-isik"),
        ("Büro 24/7", "buero-24-7"),
        ("ትግርኛ", ""),
        ("", ""),
    ],
)
def test_a_name_in_any_script_becomes_an_id(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_a_long_name_is_cut_between_words() -> None:
    found = slug("Beratungsstelle für Menschen mit " + "sehr " * 30 + "langen Namen")
    assert len(found) <= 60
    assert not found.endswith("-")
    assert "beratungsstelle-fuer-menschen" in found


def test_ids_are_ids_even_where_the_name_has_no_latin_form() -> None:
    for name in ("ትግርኛ", "!!!", "北京", "Rathaus"):
        found = free_id(name, "service", lambda _: False)
        assert OrganizationModel(id=found, kind="public", texts={"name": "x"}).id == found


def test_a_taken_id_gets_a_number() -> None:
    taken = {"rathaus", "rathaus-2"}
    assert free_id("Rathaus", "location", taken.__contains__) == "rathaus-3"
