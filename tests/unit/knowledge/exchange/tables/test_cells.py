"""Cells look harmless to a spreadsheet and come back exactly as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.exchange.tables.cells import calculates, for_xml, from_xml, guard, guard_typed, join, split, unguard

RISKY = st.builds(lambda quotes, sign, rest: "'" * quotes + sign + rest, st.integers(0, 3), st.sampled_from("=+-@\t\r＝＋"), st.text())


@pytest.mark.parametrize("text", ["=1+1", "+49 30 23125 100", "-5", "@SUM(A1)", "\t=1", "'=1", "＝1"])
def test_what_would_be_calculated_is_guarded(text: str) -> None:
    assert guard(text) == f"'{text}"
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["Bürgerbüro", "'tis", "", "1-2", "a=b", "112"])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text
    assert not calculates(text)


def test_a_sign_that_somebody_typed_without_an_apostrophe_stays() -> None:
    assert unguard("+49 30 23125 100") == "+49 30 23125 100"


@given(st.one_of(st.text(), RISKY))
def test_guarding_is_undone_exactly(text: str) -> None:
    assert unguard(guard(text)) == text
    assert unguard(guard_typed(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.one_of(st.text(), st.text(alphabet="_x0aB5F1\x00\x0b\x1f\r")))
def test_letters_that_xml_forbids_come_back(text: str) -> None:
    written = for_xml(text)
    assert from_xml(written) == text
    assert not any(ord(letter) < 32 and letter not in "\t\n" for letter in written)


ITEMS = st.lists(
    st.one_of(st.text(), st.text(alphabet="ab|\\ ")).map(lambda item: item.replace("\r", "").replace("\n", "").strip()).filter(bool)
)


@given(ITEMS, st.sampled_from([" | ", "\n"]))
def test_lists_come_back_with_strokes_and_backslashes_in_them(items: list[str], between: str) -> None:
    assert split(join(items, between)) == items


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("a | b", ["a", "b"]),
        ("a\nb\r\nc", ["a", "b", "c"]),
        ("a|b||", ["a", "b"]),
        ("C:\\x", ["C:\\x"]),
        ("a\\\nb", ["a\\", "b"]),
        ("", []),
    ],
)
def test_lists_are_read_as_people_type_them(cell: str, items: list[str]) -> None:
    assert split(cell) == items
