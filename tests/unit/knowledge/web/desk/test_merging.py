"""Two people wrote on one document."""

from __future__ import annotations

from knowledge.web.desk.records.merging import MINE, THEIRS, clash, merged

BASE = {"id": "x", "email": "a@x", "phones": [{"number": "1"}], "texts": {"name": "Amt", "fees": "frei", "description": "alt"}}
THEIR = {"id": "x", "email": "b@x", "texts": {"name": "Amt Nord", "description": "alt"}}
MY = {
    "id": "x",
    "email": "c@x",
    "phones": [{"number": "1"}],
    "website": "https://x",
    "texts": {"name": "Amt", "fees": "5 Euro", "description": "neu"},
}


def test_changes_are_told_apart_by_who_made_them() -> None:
    found = clash(BASE, THEIR, MY)
    assert {one.path for one in found.both} == {"email", "texts.fees"}
    assert {one.path for one in found.only_theirs} == {"texts.name", "phones"}
    assert {one.path for one in found.only_mine} == {"website", "texts.description"}


def test_both_sides_of_a_field_that_both_changed() -> None:
    fee = next(one for one in clash(BASE, THEIR, MY).both if one.path == "texts.fees")
    assert (fee.before, fee.after) == (None, "5 Euro")


def test_the_merged_document_has_everything_that_only_one_changed_and_what_was_chosen() -> None:
    assert merged(BASE, THEIR, MY, {"email": THEIRS, "texts.fees": MINE}) == {
        "id": "x",
        "email": "b@x",
        "website": "https://x",
        "texts": {"name": "Amt Nord", "description": "neu", "fees": "5 Euro"},
    }


def test_what_was_not_chosen_stays_theirs() -> None:
    assert merged(BASE, THEIR, MY, {})["email"] == "b@x"
    assert "fees" not in merged(BASE, THEIR, MY, {})["texts"]


def test_the_same_change_by_both_is_no_clash() -> None:
    both = {**BASE, "email": "new@x"}
    found = clash(BASE, both, both)
    assert (found.both, found.only_mine, found.only_theirs) == ((), (), ())


def test_a_text_that_i_took_away_is_gone() -> None:
    mine = {**BASE, "texts": {"name": "Amt", "description": "alt"}}
    assert merged(BASE, BASE, mine, {})["texts"] == {"name": "Amt", "description": "alt"}
