"""What somebody typed and did not save, beside what is saved."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.documents.changes import is_words
from knowledge.web.desk.records.choices import RECORDS, Choices
from knowledge.web.desk.records.fields import Fields, compact, fixed
from knowledge.web.desk.records.shapes import Field, Widget, all_fields, parts
from knowledge.web.desk.records.views import words_for

_MOST = 40
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Typed:
    """One field: what is saved, and what was typed."""

    label: str
    saved: str
    typed: str
    # In the city's language, and not a choice that is said in the reader's.
    words: bool


def typed_words(kind: str, saved: Fields, typed: Fields, choices: Choices) -> list[Typed]:
    """The fields that differ, as they were typed."""
    before, after = (compact(kind, one, drop_blank=True) for one in (saved, typed))
    names = [*after, *(name for name in before if name not in after)]
    found = []
    for name in names:
        old, new = (_shown(kind, name, one.get(name, []), choices) for one in (before, after))
        if old != new and not name.startswith("_") and name not in fixed(kind):
            found.append(Typed(label(kind, name, choices.language), old[:_LONGEST], new[:_LONGEST], is_words(name)))
    return found[:_MOST]


def _shown(kind: str, name: str, values: list[str], choices: Choices) -> str:
    """Values as the form shows them: what was chosen by its name."""
    path = re.sub(r"\.\d+(?=\.|$)", ".*", name)
    field = next((one for one in all_fields(parts(kind)) if one.path == path), None)
    return "\n".join(_named(field, value.strip(), choices) for value in values).strip()


def _named(field: Field | None, value: str, choices: Choices) -> str:
    if field is None or not value:
        return value
    if field.widget is Widget.CHECK:
        return choices.say("desk.records.yes")
    if field.options in RECORDS:
        known = choices.records(field.options).get(value)
        return known.name if known else value
    return next((one.label for one in choices.options(field.options) if one.value == value), value) if field.options else value


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
