"""Lines of a dry run in words: fields old and new, and why something was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.changes import Change
from knowledge.editorial.import_runs.files import today_in
from knowledge.editorial.records import record_key
from knowledge.editorial.sight import whole_city
from knowledge.exchange.patch import file_and_row
from knowledge.replies.service_card import language_name
from knowledge.store.desk_tables import ImportItemRow
from knowledge.store.tables import MunicipalityRow
from knowledge.web.desk.record.common import url_of
from knowledge.web.desk.records.choices import Choices
from knowledge.web.desk.records.formats import Formats
from knowledge.web.desk.records.wording import Wording
from knowledge.web.desk.request import DeskRequest
from locales.catalogue import LAST_RESORT, catalogue, say

Pieces = list[tuple[str, bool]]
# Where a difference within a long text is worth showing word by word.
_LONGEST_COMPARED = 20_000


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One field, before and after in pieces (text, whether it differs). `doubt`: the desk has changed it, too."""

    label: str
    before: Pieces
    after: Pieces
    doubt: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """One record of a dry run or a report."""

    id: int
    kind: str
    name: str
    url: str
    changes: list[ChangeView]
    doubt: str
    draft: bool
    decision: str
    outcome: str
    place: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A row, page or file that was left out, or is to be looked at."""

    file: str
    row: str
    column: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Town:
    """The city's clock and language, and numbers in the reader's language."""

    source_language: str
    fmt: Formats
    name: str


def town_of(session: Session, desk: DeskRequest) -> Town:
    """Where `desk` works."""
    row = session.get_one(MunicipalityRow, desk.municipality)
    return Town(row.source_language, Formats(desk.language, row.timezone), desk.signed_in.place if desk.signed_in else row.id)


class Words:
    """Says lines of one municipality in the reader's language; what it needs is read when it is asked for."""

    def __init__(self, session: Session, municipality: str, language: str, run: int) -> None:
        town = session.get_one(MunicipalityRow, municipality)
        self.language = language
        self._session, self._municipality, self._run = session, municipality, run
        self._choices = Choices(whole_city(session, municipality), language)
        self._today = today_in(town.timezone)
        self._by_kind: dict[str, Wording] = {}

    def item(self, row: ImportItemRow) -> ItemView:
        """A line about a record."""
        detail = row.detail
        wording = self._by_kind.setdefault(row.kind, Wording(row.kind, self._choices, self._today, self._coming))
        doubt = detail.get("doubt")
        return ItemView(
            id=row.id,
            kind=row.kind,
            name=row.name,
            url=url_of(row.record) if row.record else "",
            changes=[self._change(wording, change) for change in detail.get("changes", ())],
            doubt=say(f"desk.imports.doubt.{doubt}", self.language) if doubt else "",
            draft=not detail.get("publish", True),
            decision=row.decision or "",
            outcome=row.outcome or "",
            place=place_words(detail.get("place") or "", self.language),
        )

    def _change(self, wording: Wording, change: Mapping[str, Any]) -> ChangeView:
        path, before, after = change["path"], change["before"], change["after"]
        base, _, code = path.partition("@")
        if code:
            # Of a translation: the words of a language, or how far they can be trusted.
            code, _, about = code.partition(":")
            label = say("desk.exchange.translation", self.language, field=wording.label(base), language=language_name(code, self.language))
            if about:
                label = say("desk.exchange.translation_state", self.language, translation=label)
                before, after = (say(f"desk.exchange.state.{one}", self.language) if one else None for one in (before, after))
            left, right = _pieces(before, after)
        else:
            label = wording.label(base)
            old, new = self._value(wording, base, before), self._value(wording, base, after)
            if old and old == new and isinstance(before, str) and isinstance(after, str):
                old, new = f"{old} ({before})", f"{new} ({after})"  # two records of the same name
            left, right = _pieces(old, new)
        return ChangeView(label, left, right, bool(change.get("doubt")))

    def _coming(self, kind: str, local: str) -> str | None:
        """The name of a record that comes with the same files."""
        row, key = ImportItemRow, record_key(kind, self._municipality, local)
        return self._session.scalar(select(row.name).where(row.run_id == self._run, row.record == key, row.kind == kind).limit(1))

    def _value(self, wording: Wording, path: str, value: Any) -> str | None:
        if value is None:
            return None
        try:
            return wording.value(path, value) or None
        except (ValueError, KeyError, TypeError):
            return str(value)  # from a file, and not checked by the rules of today

    def line(self, row: ImportItemRow) -> LineView:
        """A line about something that was left out."""
        detail = row.detail
        return LineView(
            file=detail.get("file") or "",
            row=str(detail["row"]) if detail.get("row") else "",
            column=detail.get("column") or "",
            name=row.name,
            reason=reason_words(detail, self.language),
        )


def _pieces(before: Any, after: Any) -> tuple[Pieces, Pieces]:
    left, right = (None if one is None else str(one) for one in (before, after))
    if left and right and len(left) + len(right) <= _LONGEST_COMPARED:
        return Change("", left, right).words()
    return [(left, bool(right))] if left else [], [(right, bool(left))] if right else []


def place_words(place: str, language: str) -> str:
    """Where in a file something stands, in the reader's words."""
    file, row = file_and_row(place)
    return f"{file} · {say('desk.exchange.row', language, row=row)}" if row else place


def reason_words(detail: Mapping[str, Any], language: str) -> str:
    """Why something was left out; in the words of the file's reader where it knows no other language."""
    key = detail.get("key")
    if key and key in catalogue(LAST_RESORT):
        fields = {name: place_words(value, language) if name == "place" else value for name, value in (detail.get("fields") or {}).items()}
        return say(key, language, **fields)
    return str(detail.get("reason") or "")


def problem_words(problem: Mapping[str, Any] | None, language: str) -> str:
    """Why a run has failed; empty where it has not."""
    if not problem:
        return ""
    key = str(problem.get("key", ""))
    known = catalogue(LAST_RESORT)
    for one in (key, f"error.{key}", f"desk.error.{key.removeprefix('desk.')}"):
        if one in known:
            return say(one, language, **(problem.get("fields") or {}))
    return say("desk.error.internal", language)


def moment_of(text: str | None) -> datetime | None:
    """A moment out of JSON."""
    return datetime.fromisoformat(text) if text else None
