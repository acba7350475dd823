"""What a cell looks like from outside: guarded against being taken for a formula, and lists in one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time

CellValue = str | int | float | bool | date | datetime | time | None

# What a spreadsheet would calculate instead of showing (OWASP, "CSV injection"); the wide ones are what Japanese keyboards type.
_FORMULA = r"[=+\-@\t\r\n＝＋－＠]"
_WOULD_CALCULATE = re.compile(rf"'*{_FORMULA}")
_GUARDED = re.compile(rf"'+{_FORMULA}")
# A letter that XML has no room for, as Excel itself writes it.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x(005F|00[01][0-9A-F]|FFF[EF])_", re.IGNORECASE)
_TOKEN = re.compile(r"\\[|\\]|[|\n]|[^|\n\\]+|\\")


def guard(text: str) -> str:
    """`text` for a CSV cell: with an apostrophe before it where a spreadsheet would take it for a formula.

    A text that begins with apostrophes and such a sign gets one more, so that `unguard` gives back exactly what went in.
    """
    return f"'{text}" if _WOULD_CALCULATE.match(text) else text


def unguard(text: str) -> str:
    """What `guard` was given. A sign that was typed without an apostrophe stays, too."""
    return text[1:] if _GUARDED.match(text) else text


def guard_typed(text: str) -> str:
    """As `guard`, for XLSX, where a cell says itself that it is text: only apostrophes that `unguard` would take off are doubled."""
    return f"'{text}" if _GUARDED.match(text) else text


def calculates(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula once somebody edits the cell."""
    return bool(_WOULD_CALCULATE.match(text))


def for_xml(text: str) -> str:
    """`text` without letters that XML forbids: they become ``_x000B_``, as Excel writes them."""
    return _UNPRINTABLE.sub(lambda found: f"_x{ord(found.group()):04X}_", _LOOKS_ESCAPED.sub("_x005F_", text))


def from_xml(text: str) -> str:
    """What `for_xml` was given."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def has_lost_letters(text: str) -> bool:
    """Whether a program has put question marks in the place of letters: saved as plain "CSV", Excel keeps those of one half of Europe."""
    signs = [sign for sign in text if not sign.isspace()]
    marks = signs.count("?")
    if "????" in text or (marks > 3 and marks * 5 >= len(signs) * 2):
        return True
    return marks > 1 and not any(sign.isalpha() for sign in signs)


def join(items: Iterable[str], between: str = " | ") -> str:
    """A list in one cell. A stroke within an item is written ``\\|``, a backslash ``\\\\``."""
    return between.join(item.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ") for item in items)


def split(cell: str) -> list[str]:
    """The items of a cell: separated by strokes or line breaks, without spaces around them, without empty ones."""
    items = [""]
    for token in _TOKEN.findall(cell.replace("\r\n", "\n").replace("\r", "\n")):
        if token in ("|", "\n"):
            items.append("")
        else:
            items[-1] += token[1] if token in ("\\|", "\\\\") else token
    return [kept for one in items if (kept := one.strip())]
