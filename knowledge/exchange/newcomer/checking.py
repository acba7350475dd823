"""``checking.yml``: records that have to be looked at more often than their kind, since something in them ends on a day that is known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge.documents.models import MODELS
from knowledge.exchange.batch import Rejection

FILE = "checking.yml"
# As at the desk: ten years.
_MOST = 3650


def intervals_in(content: Any, known: Mapping[str, set[str]], rejected: list[Rejection]) -> dict[tuple[str, str], int]:
    """(kind, id) -> days between two checks, from what the file holds: ``article: {money.benefits: 45}``. What is wrong goes to `rejected`.

    `known`: the ids of the folder's records by kind. An article for everyone is named by its topic.
    """
    found: dict[tuple[str, str], int] = {}
    if not isinstance(content, dict):
        rejected.append(
            Rejection(FILE, "(whole file)", "the file names kinds of records, and below each its records with a number of days")
        )
        return found
    for kind, records in content.items():
        if kind not in MODELS or not isinstance(records, dict):
            rejected.append(Rejection(FILE, str(kind), f"a kind is one of {', '.join(MODELS)}, with its records below it"))
            continue
        for name, days in records.items():
            id = f"{name}:everyone" if kind == "article" and ":" not in str(name) else str(name)
            if id not in known.get(kind, set()):
                rejected.append(Rejection(FILE, str(name), "there is no such record"))
            elif type(days) is not int or not 1 <= days <= _MOST:
                rejected.append(Rejection(FILE, str(name), f"a number of days from 1 to {_MOST} is missing"))
            else:
                found[kind, id] = days
    return found


def write_intervals(folder: Path, intervals: Mapping[tuple[str, str], int]) -> None:
    """Write the file; none where every record is checked as often as its kind."""
    content: dict[str, dict[str, int]] = {}
    for (kind, id), days in sorted(intervals.items()):
        content.setdefault(kind, {})[id.removesuffix(":everyone")] = days
    if content:
        (folder / FILE).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
