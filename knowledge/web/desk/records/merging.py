"""Two people wrote on one record: what each of them changed, and putting both together field by field."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from knowledge.documents.changes import Change, changes, flatten

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Clash:
    """What two people did to one document since `base`. `both`: fields that both changed, to different ends (theirs before, mine after);
    `only_theirs` and `only_mine`: fields that one of them changed (before and after)."""

    both: tuple[Change, ...]
    only_theirs: tuple[Change, ...]
    only_mine: tuple[Change, ...]


def clash(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Clash:
    """Compare three canonical documents."""
    by_them = {one.path: one for one in changes(dict(base), dict(theirs))}
    by_me = {one.path: one for one in changes(dict(base), dict(mine))}
    return Clash(
        tuple(
            Change(path, by_them[path].after, change.after)
            for path, change in by_me.items()
            if path in by_them and by_them[path].after != change.after
        ),
        tuple(change for path, change in by_them.items() if path not in by_me),
        tuple(change for path, change in by_me.items() if path not in by_them),
    )


def merged(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any], chosen: Mapping[str, str]) -> dict[str, Any]:
    """Their document with my changes; where both changed a field, the one that `chosen` names (path -> MINE or THEIRS)."""
    document = deepcopy(dict(theirs))
    found = clash(base, theirs, mine)
    for change in (*found.only_mine, *(one for one in found.both if chosen.get(one.path) == MINE)):
        _put(document, change.path, change.after)
    return document


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    """Paths are those of `flatten`: a name, or a name within a group."""
    outer, _, inner = path.partition(".")
    target = document.setdefault(outer, {}) if inner else document
    if value is None:
        target.pop(inner or outer, None)
    else:
        target[inner or outer] = deepcopy(value)
    if inner and not target and outer != "texts":
        del document[outer]


__all__ = ["MINE", "THEIRS", "Clash", "clash", "flatten", "merged"]
