"""What is wrong with a row, before anybody knows the record it belongs to: only what the row itself says is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from knowledge.documents.models import MODELS
from knowledge.exchange.batch import Rejection
from knowledge.exchange.patch import Patch, merge
from knowledge.exchange.tables.problems import Problem, rejection

_MESSAGES = {
    "value_error.missing": "missing",
    "value_error.any_str.max_length": "too_long",
    "value_error.any_str.min_length": "too_short",
    "value_error.number.not_ge": "too_small",
    "value_error.number.not_le": "too_big",
}


def check_row(patch: Patch, columns: Mapping[str, str], file: str, record: str, row: int) -> list[Rejection]:
    """What the kind's model says about the values of the row.

    `columns` has the header of the column for each path that the file speaks about. What the file has no column for may be missing here:
    the record may have it already. Whether it does is seen when the import is planned.
    """
    try:
        MODELS[patch.kind].parse_obj(merge({}, patch))
    except ValidationError as error:
        found = [_rejection(item, columns, file, record, row) for item in error.errors()]
        return [one for one in found if one is not None]
    return []


def explain(errors: Iterable[Mapping[str, Any]], columns: Mapping[str, str], file: str, record: str, row: int | None) -> list[Rejection]:
    """Every error of a whole document, whatever the file has columns for."""
    return [_made(item, _column(_path(item), columns), file, record, row) for item in errors]


def _path(item: Mapping[str, Any]) -> str:
    steps = [str(step) for step in item["loc"] if step != "__root__"]
    context = item.get("ctx") or {}
    if steps == ["texts"] and context.get("key") == "sentences":
        steps.append("answer")
    return ".".join(steps)


def _rejection(item: Mapping[str, Any], columns: Mapping[str, str], file: str, record: str, row: int) -> Rejection | None:
    path, context = _path(item), item.get("ctx") or {}
    if context.get("key") == "text_missing":
        names = [name for name in str(context["names"]).split(", ") if f"texts.{name}" in columns]
        return (
            _made({**item, "ctx": None, "type": "value_error.missing"}, columns[f"texts.{names[0]}"], file, record, row) if names else None
        )
    column = _column(path, columns)
    if item["type"] == "value_error.missing" and column is None:
        return None
    return _made(item, column, file, record, row)


def _column(path: str, columns: Mapping[str, str]) -> str | None:
    """The header for an error at `path`: that of the value, of what it is a part of, or of its first part."""
    steps = path.split(".")
    for length in range(len(steps), 0, -1):
        found = columns.get(".".join(steps[:length]))
        if found is not None:
            return found
    return next((header for known, header in columns.items() if known.startswith(f"{path}.")), None) if path else None


def _made(item: Mapping[str, Any], column: str | None, file: str, record: str, row: int | None) -> Rejection:
    context: dict[str, Any] = dict(item.get("ctx") or {})
    own = context.pop("key", None)
    if own is None and item["type"] in _MESSAGES:
        return rejection(file, record, Problem(_MESSAGES[item["type"]], **context), row=row, column=column)
    fields = {name: value for name, value in context.items() if isinstance(value, str | int | float)}
    return Rejection(file, record, str(item["msg"]), row, column, f"problem.{own}" if own else None, fields)
