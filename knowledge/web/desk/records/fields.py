"""What a form holds, as it was typed: name -> values. The same shape is sent by browsers, kept by autosave and shown again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from multidict import MultiDictProxy

from knowledge.web.desk.records.shapes import MANY, Field, Group, at_row, parts
from knowledge.web.desk.request import FormValue

Fields = dict[str, list[str]]

# Beside the document: whether it is a minor edit, a note to the revision, which likenesses were seen, words to look for a record by.
MINOR, NOTE, SEEN = "_minor", "_note", "_seen"
FIND = "_find."
LEAVE_OUT = "_leave_out."
SHOWN = "_shown."
_KEPT = (MINOR, NOTE, SEEN, FIND, LEAVE_OUT, SHOWN)
_NAME = re.compile(r"[a-z_]+(?:\.[a-z_0-9]+)*")
_MOST_FIELDS = 2000


def from_form(form: MultiDictProxy[FormValue]) -> Fields:
    """The fields of a form that was sent; line ends as the document has them."""
    return from_pairs((name, value) for name, value in form.items() if isinstance(value, str))


def from_pairs(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Fields from (name, value). Names that no form of ours has are left out."""
    found: Fields = {}
    for name, value in pairs:
        belongs = not name.startswith("_") or name.startswith(_KEPT)
        if name != "csrf" and belongs and _NAME.fullmatch(name) and len(found) < _MOST_FIELDS:
            found.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return found


def first(fields: Mapping[str, list[str]], name: str) -> str:
    """The value of a field, without spaces around it; empty where it is not there."""
    values = fields.get(name) or [""]
    return values[0].strip()


def rows(fields: Mapping[str, list[str]], path: str) -> list[int]:
    """Numbers of the rows that are there under `path`, in order; they may have holes."""
    beginning = f"{path}."
    found = {name[len(beginning) :].partition(".")[0] for name in fields if name.startswith(beginning)}
    return sorted(int(number) for number in found if number.isdigit() and len(number) <= 4)


def compact(kind: str, fields: Mapping[str, list[str]], *, drop_blank: bool) -> Fields:
    """Rows numbered from 0 without holes; those that say nothing left out with `drop_blank`."""
    found = dict(fields)
    for part in parts(kind):
        if isinstance(part, Group):
            found = _compact_group(part, (), found, drop_blank)
    return found


def _compact_group(group: Group, above: tuple[int, ...], fields: Fields, drop_blank: bool) -> Fields:
    path = at_row(group.path, above)
    for number in rows(fields, path):
        for part in group.parts:
            if isinstance(part, Group):
                fields = _compact_group(part, (*above, number), fields, drop_blank)
    kept = [number for number in rows(fields, path) if not (drop_blank and _is_blank(group, (*above, number), fields))]
    return _renumbered(fields, path, kept)


def _is_blank(group: Group, numbers: tuple[int, ...], fields: Fields) -> bool:
    for part in group.parts:
        name = at_row(part.path, numbers)
        if isinstance(part, Group):
            if any(not _is_blank(part, (*numbers, number), fields) for number in rows(fields, name)):
                return False
        elif not part.weak and any(value.strip() for value in fields.get(name, ())):
            return False
    return True


def _renumbered(fields: Fields, path: str, order: list[int]) -> Fields:
    """The rows of `path` in `order`, numbered anew; what belongs to a row in other names ("_shown.at.1.hours") goes along."""
    place = {old: new for new, old in enumerate(order)}
    heads = "|".join(map(re.escape, (FIND, LEAVE_OUT, SHOWN)))
    pattern = re.compile(rf"(?P<head>(?:{heads})?{re.escape(path)}\.)(?P<row>\d+)(?P<tail>\..*)?")
    found: Fields = {}
    for name, values in fields.items():
        matched = pattern.fullmatch(name)
        if matched is None:
            found[name] = values
        elif int(matched["row"]) in place:
            found[f"{matched['head']}{place[int(matched['row'])]}{matched['tail'] or ''}"] = values
    return found


def add_row(kind: str, fields: Fields, path: str) -> str | None:
    """A new row at the end of the group at `path`; the name of its first field, None where there is no such group."""
    group = find_group(kind, path)
    if group is None:
        return None
    there = rows(fields, path)
    numbers = (*(int(step) for step in path.split(".") if step.isdigit()), there[-1] + 1 if there else 0)
    fields |= blank_row(group, numbers)
    return at_row(group.parts[0].path, numbers)


def blank_row(group: Group, numbers: tuple[int | str, ...]) -> Fields:
    """The fields of a new row."""
    found: Fields = {}
    for part in group.parts:
        if isinstance(part, Field) and (part.default or part is group.parts[0]):
            found[at_row(part.path, numbers)] = [part.default]
    return found


def remove_row(kind: str, fields: Fields, path: str) -> Fields:
    """Without the row at `path` ("phones.1")."""
    head, _, number = path.rpartition(".")
    if find_group(kind, head) is None or not number.isdigit():
        return fields
    return _renumbered(fields, head, [row for row in rows(fields, head) if row != int(number)])


def move_up(kind: str, fields: Fields, path: str) -> Fields:
    """The row at `path` one place nearer to the beginning."""
    head, _, number = path.rpartition(".")
    order = rows(fields, head)
    if find_group(kind, head) is None or not number.isdigit() or int(number) not in order[1:]:
        return fields
    at = order.index(int(number))
    order[at - 1], order[at] = order[at], order[at - 1]
    return _renumbered(fields, head, order)


def find_group(kind: str, path: str) -> Group | None:
    """The group whose rows stand at `path` ("phones", "at.0.exceptions")."""
    starred = re.sub(r"\.\d+", ".*", path)
    waiting = list(parts(kind))
    while waiting:
        part = waiting.pop()
        if isinstance(part, Group):
            if part.path == starred:
                return part
            waiting += part.parts
    return None


def fixed(kind: str) -> frozenset[str]:
    """Fields that the form of a record that is there shows and does not send."""
    return frozenset(field.path for field in parts(kind) if isinstance(field, Field) and field.fixed)


def same(kind: str, one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> bool:
    """Whether two forms of a record that is there say the same."""

    def said(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
        short = compact(kind, fields, drop_blank=True)
        cleaned = {name: [value.strip() for value in values if value.strip()] for name, values in short.items()}
        return {
            name: sorted(values) if name in many else values
            for name, values in cleaned.items()
            if values and not name.startswith("_") and name not in unsent
        }

    unsent = fixed(kind)
    many = {field.path for field in parts(kind) if isinstance(field, Field) and field.widget in MANY}
    return said(one) == said(other)
