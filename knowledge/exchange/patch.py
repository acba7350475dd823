"""What one row of a table says about a record: some of its values. What the row does not speak about stays as it is.

A table may have fewer columns than a record has values, so a row alone is no document and cannot be checked as one. A `Patch` keeps what
the row says by path, and `merge` lays it over the document as it is at the moment (nothing, for a new record). The result is a whole
document again, which a model of `knowledge.documents` checks.

Paths are those of the document: names and positions in lists, with dots between them ("cost.free", "texts.name", "at.0.hours").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

PLACES = "at"
_HOURS = ("hours", "exceptions")
_ROW = re.compile(r"(.+), row (\d+)", re.DOTALL)


def place_of_row(file: str, row: int) -> str:
    """Where in a table something stands, in one line."""
    return f"{file}, row {row}"


def file_and_row(place: str) -> tuple[str, int | None]:
    """The two parts of `place_of_row`; other places are a file alone."""
    found = _ROW.fullmatch(place)
    return (found[1], int(found[2])) if found else (place, None)


@dataclass(frozen=True, slots=True)
class Patch:
    """Values of the record `kind`:`id` by path. None takes a value away, so that the model's default holds again.

    `place` says where it stands ("services.csv, row 12").
    """

    kind: str
    id: str
    values: Mapping[str, Any]
    place: str

    @property
    def paths(self) -> frozenset[str]:
        """The parts of the document that the row speaks about."""
        return frozenset(self.values)


def merge(document: Mapping[str, Any], patch: Patch) -> dict[str, Any]:
    """A copy of `document` with the values of `patch`; `document` is left alone.

    Places are counted: ``at.1`` is the second place of a service. One that the patch empties falls out, and the others move up.
    """
    merged = deepcopy(dict(document))
    for path, value in patch.values.items():
        _put(merged, path.split("."), deepcopy(value))
    if any(path.startswith(f"{PLACES}.") for path in patch.values):
        merged[PLACES] = [one for number, one in enumerate(merged.get(PLACES) or []) if not _emptied(patch, number, one)]
    # A part of which nothing is left ("closed", "cost") is no part any more; texts stay, since their model says what is missing.
    return {name: value for name, value in merged.items() if value != {} or name == "texts"}


def _put(node: Any, steps: list[str], value: Any) -> None:
    for step, following in pairwise(steps):
        node = _child(node, step, following)
    name = steps[-1]
    if value is None:
        node.pop(name, None)
    else:
        node[name] = value


def _child(node: Any, step: str, following: str) -> Any:
    if isinstance(node, list):
        position = int(step)
        node.extend({} for _ in range(position + 1 - len(node)))
        return node[position]
    child = node.get(step)
    if child is None:
        child = node[step] = [] if following.isdigit() else {}
    return child


def _emptied(patch: Patch, number: int, place: Mapping[str, Any]) -> bool:
    """Whether the patch takes the place away. Hours without a place are kept: the model then says what is missing."""
    if not place:
        return True
    at = f"{PLACES}.{number}"
    if patch.values.get(f"{at}.location", "") is not None:
        return False
    return not any(patch.values.get(f"{at}.{name}") for name in _HOURS)
