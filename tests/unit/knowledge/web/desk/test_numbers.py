"""Numbers of forms and addresses: what is none is said to be none, and nothing fails."""

from __future__ import annotations

import pytest

from knowledge.web.desk.numbers import whole


@pytest.mark.parametrize(("given", "number"), [("7", 7), ("007", 7), ("٤٢", 42), ("999999999", 999_999_999)])
def test_numbers_in_any_digits(given: str, number: int) -> None:
    assert whole(given) == number


@pytest.mark.parametrize("given", ["", " 7", "²", "-1", "1.5", "x", "9" * 10, "9" * 5000])
def test_what_is_no_number_of_anything(given: str) -> None:
    assert whole(given) is None
