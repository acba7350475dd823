"""Identifiers stay the same, and are readable where they can be."""

from __future__ import annotations

import pytest

from knowledge.exchange.hsds.ids import LocalIds, is_local_id, slug, text_hash, uuid_of

FIRST, SECOND = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "ac148810-d857-441c-9679-408f346de14b"


def test_the_uuid_of_a_thing_never_changes() -> None:
    # Written down once: other cities and portals know our records by these.
    assert uuid_of("ankerstadt", "service", "welcome-point") == "fccdf3dd-1b88-5685-9806-c69fc07bd09b"


def test_two_municipalities_never_share_a_uuid() -> None:
    assert uuid_of("ankerstadt", "service", "office") != uuid_of("kleinstadt", "service", "office")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Community Counselling", "community-counselling"),
        ("Bürgerbüro & Straße", "buergerbuero-strasse"),
        ("Çocuk Işığı", "cocuk-isigi"),
        ("Притулок", ""),
        ("ملجأ", ""),
        ("x" * 200, "x" * 60),
    ],
)
def test_given_a_name_then_its_slug_is_readable_latin(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_given_a_name_in_arabic_then_the_id_has_the_kind_and_a_hash() -> None:
    made = LocalIds("service").give(FIRST, "ملجأ", None, None)
    assert made is not None and made.startswith("service-") and is_local_id(made)


def test_given_two_records_of_one_name_then_their_ids_differ() -> None:
    ids = LocalIds("service")
    assert ids.give(FIRST, "Advice", None, None) != ids.give(SECOND, "Advice", None, None)


def test_given_the_same_record_in_another_import_then_its_id_is_the_same() -> None:
    assert LocalIds("service").give(FIRST, "Advice", None, None) == LocalIds("service").give(FIRST.upper(), "Advice", None, None)


def test_given_a_known_record_whose_name_has_changed_then_it_keeps_its_id() -> None:
    before = LocalIds("service").give(FIRST, "Advice", None, None)
    assert before is not None
    assert LocalIds("service", [before]).give(FIRST, "Legal advice", None, None) == before


def test_given_one_of_ours_without_local_id_then_it_is_known_by_its_uuid() -> None:
    ids = LocalIds("location", ["fliederhaus", "rathaus"])
    assert ids.give(uuid_of("ankerstadt", "location", "fliederhaus"), "", None, "ankerstadt") == "fliederhaus"


def test_given_a_local_id_that_another_record_has_then_there_is_none() -> None:
    ids = LocalIds("service")
    assert ids.give(FIRST, "", "office", None) == "office"
    assert ids.give(SECOND, "", "office", None) is None


def test_given_other_white_space_then_a_text_is_still_the_same() -> None:
    assert text_hash("eins\nzwei ") == text_hash("eins  zwei") != text_hash("einszwei")
