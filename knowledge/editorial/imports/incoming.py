"""The records of a batch, one after the other, in the order in which they can be written: whole documents, or rows over what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from knowledge.documents.canonical import canonical, parse
from knowledge.documents.models import MODELS, Document
from knowledge.exchange.batch import Batch, Rejection, TranslatedText
from knowledge.exchange.patch import Patch, file_and_row, merge
from knowledge.exchange.tables.columns import TABLES, place_columns
from knowledge.exchange.tables.row_checks import explain

_PLACES_NAMED = 10


@dataclass
class Incoming:
    """What the batch says about one record: a document or a patch, and translations. What stands at the paths `silent` of the document
    is not told: it stays as it is."""

    kind: str
    id: str
    document: Document | None = None
    patch: Patch | None = None
    translations: list[TranslatedText] = field(default_factory=list)
    silent: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """Where it stands, if the batch tells."""
        return self.patch.place if self.patch else ""

    @property
    def name(self) -> str:
        """What the batch calls it: an id may have been made out of the name, so people know it by the name; its id where there is none."""
        said: Mapping[str, Any] = self.patch.values if self.patch else {}
        texts = self.document.texts if self.document else {name: said.get(f"texts.{name}") for name in ("name", "title")}
        return str(texts.get("name") or texts.get("title") or self.id)

    @property
    def whole(self) -> bool:
        """Whether it tells the whole record: what is missing in it is not there."""
        return self.document is not None

    def over(self, current: Mapping[str, Any]) -> dict[str, Any]:
        """The canonical document that the record would have, laid over `current`.

        Raises pydantic.ValidationError where a rule is broken.
        """
        if self.document is not None:
            return kept(canonical(self.document), current, self.silent)
        if self.patch is None:
            return dict(current)
        return canonical(parse(self.kind, merge(current, self.patch)))


def at_path(document: Mapping[str, Any], path: str) -> Any:
    """What stands at a path of one or two names; None where there is nothing."""
    name, _, inner = path.partition(".")
    value = document.get(name)
    return (value or {}).get(inner) if inner else value


def kept(document: dict[str, Any], current: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """`document`, with what `current` has at `paths`; all of `document` where there is no record yet."""
    for path in paths if current else ():
        name, _, inner = path.partition(".")
        target, last = (document.setdefault(name, {}), inner) if inner else (document, name)
        value = at_path(current, path)
        if value is None:
            target.pop(last, None)
        else:
            target[last] = deepcopy(value)
    return document


def incoming(batch: Batch, *, keep_missing: bool = True) -> Iterator[Incoming]:
    """Every record that the batch says something about, those first that others point at. `keep_missing`: where a file is missing, what
    it would have held is not told, rather than gone."""
    silent: dict[str, set[str]] = {}
    for kind, path in (held for file in batch.missing if keep_missing for held in file.held):
        silent.setdefault(kind, set()).add(path)
    found: dict[tuple[str, str], Incoming] = {}
    for kind, group in batch.documents.items():
        for document in group:
            found[kind, document.id] = Incoming(kind, document.id, document=document, silent=frozenset(silent.get(kind, ())))
    for patch in batch.patches:
        found[patch.kind, patch.id] = Incoming(patch.kind, patch.id, patch=patch)
    for text in batch.translations:
        found.setdefault((text.kind, text.id), Incoming(text.kind, text.id)).translations.append(text)
    order = list(MODELS)
    yield from sorted(found.values(), key=lambda one: order.index(one.kind) if one.kind in order else len(order))


def broken(one: Incoming, error: ValidationError) -> list[Rejection]:
    """The rules that a record would break, in words."""
    columns = {path: column.key for column in TABLES[one.kind].columns for path in column.paths}
    for number in range(1, _PLACES_NAMED + 1):
        columns |= {path: column.key for column in place_columns(number) for path in column.paths}
    file, row = file_and_row(one.place)
    found = explain(error.errors(), columns, file or one.kind, one.name, row)
    return list({(each.column, each.key, each.reason): each for each in found}.values())
