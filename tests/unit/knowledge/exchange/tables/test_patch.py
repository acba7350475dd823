"""A row over a document: what the row does not speak about stays, what it empties goes."""

from __future__ import annotations

from typing import Any

from knowledge.exchange.patch import Patch, merge


def patch(**values: Any) -> Patch:
    """A patch of a service; double underscores stand for dots."""
    return Patch("service", "office", {name.replace("__", "."): value for name, value in values.items()}, "services.csv, row 2")


DOCUMENT: dict[str, Any] = {
    "id": "office",
    "email": "a@example.org",
    "closed": {"since": "2026-11-02"},
    "texts": {"name": "Amt", "fees": "Nichts."},
    "at": [{"location": "rathaus", "hours": [{"days": ["monday"], "opens": "09:00", "closes": "10:00"}]}, {"location": "nord"}],
}


def test_what_the_row_has_no_column_for_stays() -> None:
    assert merge(DOCUMENT, patch(texts__name="Bürgeramt")) == DOCUMENT | {"texts": {"name": "Bürgeramt", "fees": "Nichts."}}


def test_what_the_row_empties_is_taken_away_with_the_part_that_held_it() -> None:
    merged = merge(DOCUMENT, patch(email=None, closed__since=None, closed__until=None, texts__fees=None))
    assert "email" not in merged
    assert "closed" not in merged
    assert merged["texts"] == {"name": "Amt"}


def test_the_document_itself_is_left_alone() -> None:
    before = repr(DOCUMENT)
    merge(DOCUMENT, patch(texts__name="x", at__0__hours=None, at__1__location=None))
    assert repr(DOCUMENT) == before


def test_hours_of_one_place_are_changed_without_touching_the_place() -> None:
    merged = merge(DOCUMENT, patch(at__0__hours=[], at__0__closed_on_holidays=False))
    assert merged["at"][0] == {"location": "rathaus", "hours": [], "closed_on_holidays": False}
    assert merged["at"][1] == {"location": "nord"}


def test_an_emptied_place_falls_out_and_a_new_one_comes_in() -> None:
    assert merge(DOCUMENT, patch(at__0__location=None, at__0__hours=None))["at"] == [{"location": "nord"}]
    assert merge(DOCUMENT, patch(at__0__location=None))["at"] == [{"location": "nord"}]
    assert [one["location"] for one in merge(DOCUMENT, patch(at__3__location="sued"))["at"]] == ["rathaus", "nord", "sued"]


def test_hours_without_a_place_are_not_dropped_silently() -> None:
    hours = [{"days": ["monday"], "opens": "09:00", "closes": "10:00"}]
    assert merge({}, patch(at__0__location=None, at__0__hours=hours))["at"] == [{"hours": hours}]


def test_a_new_record_is_the_patch_alone() -> None:
    assert merge({}, patch(cost__free=True, texts__name="Amt", at__0__location=None)) == {
        "cost": {"free": True},
        "texts": {"name": "Amt"},
        "at": [],
    }
