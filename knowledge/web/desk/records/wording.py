"""Values of documents in words, for showing two versions of a record side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from knowledge.documents.changes import Change
from knowledge.documents.models import ServiceAtModel
from knowledge.editorial.hours_words import hours_sentence
from knowledge.replies.times import day_words
from knowledge.web.desk.records.choices import RECORDS, Choices
from knowledge.web.desk.records.formats import numbers_from_the_left
from knowledge.web.desk.records.shapes import Field, all_fields, parts
from knowledge.web.desk.records.views import words_for
from locales.catalogue import LAST_RESORT, catalogue, say

# Facts of the day, which no form asks for and tables tell.
_DAYS = frozenset({"closed.since", "closed.until", "capacity.as_of"})
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One field in two versions; each side in pieces (text, whether it differs), empty where the field is not there."""

    path: str
    label: str
    before: Pieces
    after: Pieces


@dataclass(frozen=True)
class Wording:
    """Says values of one kind of record in the reader's language. `named` knows names of records (kind, id) that are not at the desk."""

    kind: str
    choices: Choices
    today: date
    named: Callable[[str, str], str | None] = lambda _kind, _local: None

    def side_by_side(self, change: Change) -> SideBySide:
        """A change of `knowledge.documents.changes`, ready to be shown."""
        before, after = self.value(change.path, change.before), self.value(change.path, change.after)
        left, right = Change(change.path, before or None, after or None).words()
        return SideBySide(change.path, self.label(change.path), left, right)

    def label(self, path: str) -> str:
        """What the form calls the field; its path where the form does not ask for it."""
        language = self.choices.language
        name = words_for(self.kind, path, "", language)
        outer = f"desk.group.{path}"
        return name or (say(outer, language) if outer in catalogue(LAST_RESORT) else path)

    def value(self, path: str, value: Any) -> str:
        """The value at `path`: one line for each item of a list."""
        if value is None or value == []:
            return ""
        if isinstance(value, list):
            return "\n".join(self._item(path, one) for one in value)
        return self._item(path, value)

    def _item(self, path: str, value: Any) -> str:
        structured: dict[str, Callable[[Mapping[str, Any]], str]] = {
            "phones": self._phone,
            "languages": self._language,
            "at": self._place,
        }
        if isinstance(value, Mapping):
            return structured[path](value) if path in structured else ", ".join(f"{name}: {one}" for name, one in value.items())
        if path in _DAYS:
            return day_words(date.fromisoformat(str(value)), self.choices.language)
        if path == "capacity.state":
            return say(f"desk.record.capacity.{value}", self.choices.language)
        return self._plain(self._field(path), value)

    def _field(self, path: str) -> Field | None:
        return next((one for one in all_fields(parts(self.kind)) if one.path in (path, f"{path}.*")), None)

    def _plain(self, field: Field | None, value: Any) -> str:
        if isinstance(value, bool) and (field is None or not field.options):
            return say("desk.records.yes" if value else "desk.records.no", self.choices.language)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if field is not None and field.options in RECORDS:
            return self._record(field.options, text)
        if field is not None and field.options:
            return self._option(field.options, text)
        if field is not None and field.widget == "date":
            return day_words(date.fromisoformat(text), self.choices.language)
        return text

    def _record(self, kind: str, local: str) -> str:
        """Its name, where anybody knows it."""
        return self.choices.name_of(kind, local) or self.named(kind, local) or local

    def _option(self, name: str, value: str) -> str:
        return next((one.label for one in self.choices.options(name) if one.value == value), value)

    def _phone(self, phone: Mapping[str, Any]) -> str:
        number = numbers_from_the_left(str(phone["number"]), self.choices.language)
        return f"{number} ({self._option('phone_kind', phone.get('kind', 'voice'))})"

    def _language(self, spoken: Mapping[str, Any]) -> str:
        days = ", ".join(self._option("weekday", day) for day in spoken.get("days", ()))
        how = self._option("language_mode", spoken.get("mode", "staff"))
        return f"{self._option('language', spoken['language'])} ({how}{f': {days}' if days else ''})"

    def _place(self, place: Mapping[str, Any]) -> str:
        name = self._record("location", place["location"])
        try:
            model = ServiceAtModel.parse_obj(place)
        except ValidationError:
            return name
        return f"{name}: {hours_sentence(model, self.choices.language, self.today)}"
