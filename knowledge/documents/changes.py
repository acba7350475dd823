"""What differs between two canonical documents, field by field."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a document before and after; None where it was or is not there. `path` is like ``texts.name`` or ``phones``."""

    path: str
    before: Any
    after: Any

    def words(self) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
        """Both sides cut into pieces (text, whether it differs), to be shown side by side."""
        old, new = _pieces(self.before), _pieces(self.after)
        left: list[tuple[str, bool]] = []
        right: list[tuple[str, bool]] = []
        for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if old[a:b]:
                left.append(("".join(old[a:b]), kind != "equal"))
            if new[c:d]:
                right.append(("".join(new[c:d]), kind != "equal"))
        return left, right


def _pieces(value: Any) -> list[str]:
    if value is None:
        return []
    text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
    return [piece for word in text.split(" ") for piece in (word, " ")][:-1]


def flatten(document: dict[str, Any]) -> dict[str, Any]:
    """Fields that are compared one by one: texts and plain groups each, lists as a whole."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": one for inner, one in value.items()}
        else:
            found[name] = value
    return found


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Every field that differs, in the order of the newer document."""
    old, new = flatten(before), flatten(after)
    paths = [*new, *(path for path in old if path not in new)]
    return [Change(path, old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)]


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Only their names: for the audit log, which keeps no texts."""
    return [change.path for change in changes(before, after)]


def is_words(path: str) -> bool:
    """Whether a field holds words in the city's language, and not a number, a date or a choice, which are said in the reader's."""
    return path.startswith("texts.") or path.partition(".")[0] == "also" or path == "source.title"
