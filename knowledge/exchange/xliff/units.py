"""One text for a translator: which text of which record it is, its words, and how far its translation is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from knowledge.domain.errors import KnowledgeError
from knowledge.domain.text import TranslationState

CORE = "urn:oasis:names:tc:xliff:document:2.0"
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
# The group of metadata with which a unit finds its way back.
CATEGORY = "newcomer-desk"
_PLAIN = re.compile(r"[A-Za-z0-9.-]")
_ESCAPED = re.compile(r"_([0-9a-f]+)_")


class XliffError(KnowledgeError):
    """A file cannot be read as XLIFF 2.0 from us. Keys begin with ``xliff.``."""


class UnitState(StrEnum):
    """How far a translation is, in the words of XLIFF 2.0."""

    INITIAL = "initial"
    TRANSLATED = "translated"
    REVIEWED = "reviewed"
    FINAL = "final"

    @property
    def vouched_for(self) -> bool:
        """Whether a person says that the translation is right."""
        return self is not UnitState.INITIAL


@dataclass(frozen=True, slots=True)
class Unit:
    """A text section: one field of a record, or one item of a field that is a list (`index`, from 0).

    `digest` names the words of the whole field (`documents.canonical.text_digest`) that are translated. `state` is that of the translation
    now. `note` helps the translator, in the source language.
    """

    kind: str
    record: str
    field: str
    source: str
    digest: str
    index: int | None = None
    target: str = ""
    state: TranslationState = TranslationState.MISSING
    note: str = ""

    @property
    def id(self) -> str:
        """The name of the unit in the file: an NMTOKEN from which the address can be read, should a tool drop the metadata."""
        return address_id(self.kind, self.record, self.field, self.index)


@dataclass(frozen=True, slots=True)
class ReadUnit:
    """A unit as it came back. `target` is empty where nothing was translated; `digest` is empty where the file does not say it any more."""

    id: str
    source: str
    target: str
    state: UnitState
    kind: str
    record: str
    field: str
    index: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class XliffFile:
    """What a file says: from which language into which (BCP 47), and the units in their order."""

    source_language: str
    target_language: str
    units: tuple[ReadUnit, ...]


def address_id(kind: str, record: str, field: str, index: int | None) -> str:
    """The unit's id for an address; each address has its own."""
    parts = [kind, record, field, *([] if index is None else [str(index)])]
    return ":".join(_escaped(part) for part in parts)


def address_of(unit_id: str) -> tuple[str, str, str, int | None] | None:
    """Kind, record, field and index for an id of ours; None for another."""
    parts = [_unescaped(part) for part in unit_id.split(":")]
    if len(parts) == 4 and parts[3].isascii() and parts[3].isdigit():
        return parts[0], parts[1], parts[2], int(parts[3])
    return (parts[0], parts[1], parts[2], None) if len(parts) == 3 else None


def file_id(kind: str, record: str) -> str:
    """The id of the file element that holds a record's units."""
    return f"{_escaped(kind)}:{_escaped(record)}"


def _escaped(part: str) -> str:
    return "".join(sign if _PLAIN.match(sign) else f"_{ord(sign):x}_" for sign in part)


def _unescaped(part: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), part)


def list_units(kind: str, record: str, field: str, items: Iterable[str], digest: str, targets: Iterable[str] = ()) -> list[Unit]:
    """Units for a field that is a list. Translations are taken over where there are as many as items."""
    sources, translated = list(items), list(targets)
    if len(translated) != len(sources):
        translated = [""] * len(sources)
    return [
        Unit(kind, record, field, one, digest, index, target) for index, (one, target) in enumerate(zip(sources, translated, strict=True))
    ]
