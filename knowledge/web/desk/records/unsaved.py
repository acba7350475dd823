"""What somebody typed and did not save, beside what is saved."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.web.desk.records.fields import Fields, compact
from knowledge.web.desk.records.views import words_for

_MOST = 40
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Typed:
    """One field: what is saved, and what was typed."""

    label: str
    saved: str
    typed: str


def typed_words(kind: str, saved: Fields, typed: Fields, language: str) -> list[Typed]:
    """The fields that differ, as they were typed."""
    before, after = (compact(kind, one, drop_blank=True) for one in (saved, typed))
    names = [*after, *(name for name in before if name not in after)]
    found = []
    for name in names:
        old, new = ("\n".join(one.get(name, [])).strip() for one in (before, after))
        if old != new and not name.startswith("_"):
            found.append(Typed(label(kind, name, language), old[:_LONGEST], new[:_LONGEST]))
    return found[:_MOST]


def label(kind: str, name: str, language: str) -> str:
    """What the form calls a field, with the numbers of its rows: "Telephone 2: Number"."""
    path, titles = "", []
    for step in name.split("."):
        if step.isdigit():
            titles.append(words_for(kind, path, ".row", language, number=int(step) + 1))
            path += ".*"
        else:
            path = f"{path}.{step}" if path else step
    own = words_for(kind, path, "", language) if not path.endswith("*") else ""
    return ": ".join(part for part in (*titles, own) if part) or re.sub(r"[._]", " ", name)
