"""Rows of forms: numbered, added, removed, moved; nothing typed gets lost on the way."""

from __future__ import annotations

from multidict import MultiDict, MultiDictProxy

from knowledge.web.desk.records.fields import Fields, add_row, compact, from_form, move_up, remove_row, same


def numbers(fields: Fields, *names: str) -> list[str]:
    return [fields[name][0] for name in names]


def test_a_form_keeps_what_belongs_to_it_and_nothing_else() -> None:
    sent: MultiDict[str] = MultiDict(
        [
            ("csrf", "x"),
            ("topics", "a"),
            ("topics", "b"),
            ("texts.description", "one\r\ntwo"),
            ("add:phones", "1"),
            ("_base", "3"),
            ("_minor", "yes"),
        ]
    )
    assert from_form(MultiDictProxy(sent)) == {"topics": ["a", "b"], "texts.description": ["one\ntwo"], "_minor": ["yes"]}


def test_holes_close_and_what_belongs_to_a_row_goes_along() -> None:
    fields = {
        "phones.1.number": ["1"],
        "phones.4.number": ["4"],
        "at.2.hours": ["Mo 9-12"],
        "_shown.at.2.hours": ["stamp"],
        "at.2.exceptions.3.date": ["2026-12-24"],
        "texts.name": ["x"],
    }
    assert compact("service", fields, drop_blank=False) == {
        "phones.0.number": ["1"],
        "phones.1.number": ["4"],
        "at.0.hours": ["Mo 9-12"],
        "_shown.at.0.hours": ["stamp"],
        "at.0.exceptions.0.date": ["2026-12-24"],
        "texts.name": ["x"],
    }


def test_rows_that_say_nothing_are_dropped_for_saving_only() -> None:
    fields = {
        "phones.0.number": [" "],
        "phones.0.kind": ["voice"],
        "phones.1.number": ["5"],
        "phones.1.kind": ["fax"],
        "at.0.closed_on_holidays": ["yes"],
        "at.0.location": [""],
        "texts.required_documents.0": [""],
    }
    assert compact("service", fields, drop_blank=True) == {"phones.0.number": ["5"], "phones.0.kind": ["fax"]}
    assert set(compact("service", fields, drop_blank=False)) == set(fields)


def test_a_place_with_only_a_day_that_differs_is_not_blank() -> None:
    fields = {"at.0.location": [""], "at.0.exceptions.0.date": ["2026-12-24"]}
    assert compact("service", fields, drop_blank=True) == fields


def test_ten_rows_stay_in_the_order_of_their_numbers() -> None:
    fields = {f"texts.steps.{number}": [str(number)] for number in range(12)}
    assert [compact("article", fields, drop_blank=True)[f"texts.steps.{n}"][0] for n in range(12)] == [str(n) for n in range(12)]


def test_adding_a_row() -> None:
    fields: Fields = {"phones.0.number": ["1"]}
    assert add_row("service", fields, "phones") == "phones.1.number"
    assert fields["phones.1.number"] == [""]
    assert add_row("service", fields, "at") == "at.0.location"
    assert fields["at.0.closed_on_holidays"] == ["yes"]
    assert add_row("service", fields, "at.0.exceptions") == "at.0.exceptions.0.date"
    assert add_row("service", fields, "nothing.like.it") is None


def test_removing_a_row_in_the_middle() -> None:
    fields = {f"texts.steps.{number}": [str(number)] for number in range(3)}
    left = remove_row("article", fields, "texts.steps.1")
    assert numbers(left, "texts.steps.0", "texts.steps.1") == ["0", "2"]
    assert "texts.steps.2" not in left
    assert remove_row("article", fields, "title") == fields


def test_moving_a_row_up() -> None:
    fields = {f"texts.steps.{number}": [str(number)] for number in range(3)}
    moved = move_up("article", fields, "texts.steps.2")
    assert numbers(moved, "texts.steps.0", "texts.steps.1", "texts.steps.2") == ["0", "2", "1"]
    assert move_up("article", fields, "texts.steps.0") == fields


def test_two_forms_that_say_the_same() -> None:
    one = {"topics": ["b", "a"], "phones.0.number": ["5 "], "phones.1.number": [""], "_note": ["x"]}
    assert same("service", one, {"topics": ["a", "b"], "phones.3.number": ["5"], "texts.fees": [""]})
    assert not same("service", one, {"topics": ["a"], "phones.0.number": ["5"]})
    # The order of steps means something.
    steps = {"texts.steps.0": ["a"], "texts.steps.1": ["b"]}
    assert not same("article", steps, {"texts.steps.0": ["b"], "texts.steps.1": ["a"]})
