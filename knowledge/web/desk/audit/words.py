"""Entries of the log in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from knowledge.documents.models import MODELS
from knowledge.editorial.records import aware
from knowledge.replies.service_card import language_name
from knowledge.store.account_tables import AuditRow
from knowledge.web.desk.authors import author_name
from knowledge.web.desk.record.common import Place, url_of
from knowledge.web.desk.records.unsaved import label
from locales.catalogue import LAST_RESORT, catalogue, say
from locales.registry import languages

_ACTION = "desk.audit.action."
_DETAIL = "desk.audit.detail."
# What a record's page tells better, or what only the desk itself needs.
_HIDDEN = frozenset({"facts", "before", "minor", "machine", "together", "source"})
# The log's "of" is a person in one entry and an action in another. Entries are never changed, so they are told apart here.
_BY_ACTION = {
    ("take_over", "of"): "taken_from",
    ("undo", "of"): "undone",
    ("lock_words", "number"): "count",
    ("unlock_word", "number"): "word",
    ("undo_import", "undone"): "taken_back",
}
# What the words of a reason name: it is said within them, not beside them.
_OF_REASON = ("records", "fields", "district")
# What a value is one of, and where the words for it are.
_CHOICES = {
    "format": "desk.exchange.file.", "kinds": "desk.kind.many.", "state": "desk.record.capacity.", "role": "desk.accounts.role.",
    "way": "desk.audit.way.", "undone": _ACTION, "private": "desk.audit.yes_no.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. `url` is empty where the entry is about no record, `name` where the record is not there any more."""

    when: str
    iso: str
    who: str
    action: str
    key: str
    record: str
    name: str
    url: str
    detail: str


def action_words(action: str, language: str) -> str:
    """What was done; the name of the action itself where nobody has written words for it."""
    key = _ACTION + action
    return say(key, language) if key in catalogue(LAST_RESORT) else action


def actions(language: str) -> list[tuple[str, str]]:
    """(name, words) of all actions, by their words."""
    names = [key.removeprefix(_ACTION) for key in catalogue(LAST_RESORT) if key.startswith(_ACTION)]
    return sorted(((name, action_words(name, language)) for name in names), key=lambda pair: pair[1].casefold())


@dataclass(frozen=True, slots=True)
class Knows:
    """What the words of an entry need besides itself: names of records and people by key (``user:5``), and how days are said."""

    names: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None


def detail_words(action: str, detail: Mapping[str, object], kind: str, language: str, knows: Knows = Knows()) -> str:
    """Names of fields, numbers and days of an entry about a record of `kind`: "Fields: Name, Costs; Language: English"."""

    def text(called: str, value: object) -> str:
        return ", ".join(_value(called, str(one), kind, language, knows) for one in (value if isinstance(value, list) else [value]))

    parts = []
    reason = detail.get("reason")
    for name, value in detail.items():
        if name in _HIDDEN or value in (None, "", []) or (reason and name in _OF_REASON):
            continue
        called = _BY_ACTION.get((action, name), name)
        if name == "reason":
            named = {one: text(one, detail[one]) for one in _OF_REASON if one in detail}
            told = say(f"desk.error.{str(value).removeprefix('desk.')}", language, **named)
        else:
            told = text(called, value)
        key = _DETAIL + called
        parts.append(f"{say(key, language) if key in catalogue(LAST_RESORT) else called}: {told}")
    return "; ".join(parts)


def _value(name: str, value: str, kind: str, language: str, knows: Knows) -> str:
    if name in ("fields", "field") and kind in MODELS:
        # The log of a translation names a text, the log of a save its path.
        return label(kind, value if name == "fields" or "." in value else f"texts.{value}", language)
    if name == "language" and value in languages():
        return language_name(value, language)
    if name in ("at", "until"):
        return _when(value, knows.place)
    if name == "records":
        return knows.names.get(value, value)
    if name in ("user", "organization"):
        return knows.names.get(f"{name}:{value}", value)
    key = _CHOICES.get(name, "") + value
    return say(key, language) if name in _CHOICES and key in catalogue(LAST_RESORT) else value


def _when(value: str, place: Place | None) -> str:
    """A day or a moment; as it is written where it is none, or nobody knows by which clocks."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if place is None:
        return value
    return place.moment(moment) if "T" in value else place.day(moment.date())


def entry(row: AuditRow, names: Mapping[str, str], place: Place, language: str) -> Entry:
    """A row of the table in words; `names` are those of records and people by key."""
    moment = aware(row.at)
    return Entry(
        when=place.moment(moment),
        iso=moment.isoformat(timespec="seconds") if moment else "",
        who=author_name(row.actor, language),
        action=action_words(row.action, language),
        key=row.action,
        record=row.record or "",
        name=names.get(row.record or "", ""),
        url=_url(row.record or ""),
        detail=detail_words(row.action, row.detail, (row.record or "").partition(":")[0], language, Knows(names, place)),
    )


def _url(record: str) -> str:
    kind, _, name = record.partition(":")
    if kind == "user":
        return f"/desk/users/{name}"
    return url_of(record) if "/" in name else ""
