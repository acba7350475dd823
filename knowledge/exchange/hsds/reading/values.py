"""Single values out of text."""

from __future__ import annotations

import math
import re
from datetime import date

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?\s*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?")
_YES, _NO = ("true", "1", "yes"), ("false", "0", "no")


def number(value: str | None) -> float | None:
    """A finite number; None where there is none."""
    if value is None or _NUMBER.fullmatch(value.strip()) is None:
        return None
    found = float(value)
    return found if math.isfinite(found) else None


def whole(value: str | None) -> int | None:
    """A whole number."""
    found = number(value)
    return int(found) if found is not None and found == int(found) else None


def yes(value: str | None) -> bool | None:
    """True, False, or None where neither is said."""
    said = (value or "").strip().lower()
    return True if said in _YES else False if said in _NO else None


def day(value: str | None) -> date | None:
    """A date, or the date of a moment, in ISO 8601."""
    try:
        return date.fromisoformat(value.strip()[:10]) if value else None
    except ValueError:
        return None


def clock(value: str | None) -> tuple[int, bool] | None:
    """Minutes after midnight, and whether the time is told in UTC ("Z"); None where it is no time of the day."""
    found = _TIME.fullmatch(value.strip()) if value else None
    if found is None:
        return None
    minutes = int(found.group(1)) * 60 + int(found.group(2))
    if minutes > 1440 or int(found.group(2)) > 59:
        return None
    return minutes, (found.group(3) or "") in ("Z", "z")


def split(value: str | None) -> list[str]:
    """Parts between commas."""
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def lines(value: str | None) -> list[str]:
    """Lines that are not empty."""
    return [line for line in (value or "").split("\n") if line.strip()]


def blank(value: object) -> bool:
    """Whether a value says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())
