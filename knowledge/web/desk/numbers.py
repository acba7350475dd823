"""Whole numbers as they come with forms and addresses."""

from __future__ import annotations

# What a key of the database can be.
_MOST_DIGITS = 9


def whole(given: str) -> int | None:
    """The number that `given` writes, in the digits of any script; None where it is none, or too large to be the number of anything.

    ("²" is a digit for Python, and no number.)
    """
    return int(given) if given.isdecimal() and len(given) <= _MOST_DIGITS else None
