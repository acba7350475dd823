"""What goes into tables: records as documents, with their translations and revisions, and the rows made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from knowledge.documents.from_records import documents
from knowledge.domain.records import LIST_FIELDS, Knowledge
from knowledge.domain.text import Texts, Translation
from knowledge.exchange.tables.cells import CellValue
from knowledge.exchange.tables.columns import FEWEST_PLACES, TABLES, Column, Table, place_columns
from knowledge.exchange.tables.headers import EXPORTED, OF_THE_ROW

_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
Revisions = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Entry:
    """One record. `translations` are by field and language; `revision` is the one of the desk that the row shows, at the moment
    `exported`: what was changed at the desk after it is newer than the row."""

    id: str
    document: Mapping[str, Any]
    translations: Mapping[str, Mapping[str, Translation]] = field(default_factory=dict)
    revision: int | None = None
    exported: datetime | None = None


@dataclass(frozen=True)
class Head:
    """The header of one column: a value, or with `language` a translation of it, or with `state` that translation's state.

    `column` is None for what is about the row itself: revision and moment.
    """

    key: str
    column: Column | None
    language: str | None = None
    state: bool = False


def entries(knowledge: Knowledge, revisions: Revisions) -> dict[str, list[Entry]]:
    """kind -> everything that is published."""
    moment = knowledge.loaded_at or datetime.now(UTC)
    texts: dict[str, Mapping[str, Any]] = {
        "organization": knowledge.organizations,
        "location": knowledge.locations,
        "contact": knowledge.contacts,
        "service": knowledge.services,
        "article": knowledge.articles,
        "page": knowledge.pages,
    }
    return {
        kind: [
            Entry(id, document, _translations(texts[kind][id].texts), revisions.get((kind, id)), moment) for id, document in found.items()
        ]
        for kind, found in documents(knowledge).items()
    }


def _translations(texts: Texts) -> dict[str, Mapping[str, Translation]]:
    return {name: text.translations for name, text in texts.items() if text.translations}


def languages_of(found: Iterable[Entry]) -> list[str]:
    """Codes of the languages that something is translated into."""
    return sorted({language for entry in found for by_language in entry.translations.values() for language in by_language})


def heads(table: Table, found: Sequence[Entry], languages: Sequence[str]) -> list[Head]:
    """The columns of a table: id, revision, the values of the source language, then each language with its states."""
    made = [Head(column.key, column) for column in _columns(table, found)]
    made[1:1] = [Head(key, None) for key in OF_THE_ROW]
    by_key = {column.key: column for column in table.columns}
    for language in languages:
        for name in table.texts:
            made.append(Head(f"{name}@{language}", by_key[name], language))
            made.append(Head(f"{name}@{language}:state", by_key[name], language, state=True))
    return made


def _columns(table: Table, found: Sequence[Entry]) -> Iterator[Column]:
    places = max((len(entry.document.get("at") or ()) for entry in found), default=0)
    for column in table.columns:
        yield column
        if column.key == f"hours_{FEWEST_PLACES}":
            for number in range(FEWEST_PLACES + 1, places + 1):
                yield from place_columns(number)


def cells(entry: Entry, columns: Sequence[Head]) -> list[CellValue]:
    """The row of a record."""
    return [_cell(entry, head) for head in columns]


def _cell(entry: Entry, head: Head) -> CellValue:
    if head.key == EXPORTED:
        return entry.exported.strftime(_MOMENT) if entry.exported else None
    if head.column is None:
        return entry.revision
    if head.language is not None:
        translation = entry.translations.get(head.column.key, {}).get(head.language)
        if translation is None:
            return None
        if head.state:
            return translation.state.value
        body = translation.body
        return head.column.cell.write(body.split("\n") if head.column.key in LIST_FIELDS else body)
    if head.key == "id":
        return entry.id
    values = [_value(entry.document, path) for path in head.column.paths]
    if len(values) > 1:
        return head.column.cell.write(values)
    return None if values[0] is None else head.column.cell.write(values[0])


def _value(document: Mapping[str, Any], path: str) -> Any:
    if path == "also":
        # Documents written by hand have other names among the texts.
        return document.get("also") or document["texts"].get("also")
    node: Any = document
    for step in path.split("."):
        if node is None:
            return None
        node = _item(node, int(step)) if isinstance(node, list | tuple) else node.get(step)
    return node


def _item(items: Sequence[Any], position: int) -> Any:
    return items[position] if position < len(items) else None


def filled(found: Mapping[str, Sequence[Entry]]) -> Iterator[tuple[Table, Sequence[Entry]]]:
    """Every table with its records; tables without any are there, too, so that somebody can begin one."""
    for kind, table in TABLES.items():
        yield table, found.get(kind, ())
