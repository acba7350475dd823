"""Entries of the log in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.editorial.records import aware
from knowledge.store.account_tables import AuditRow
from knowledge.web.desk.record.common import Place, url_of
from locales.catalogue import LAST_RESORT, catalogue, say

_ACTION = "desk.audit.action."
_DETAIL = "desk.audit.detail."
# What a record's page tells better, or what only the desk itself needs.
_HIDDEN = frozenset({"facts", "before", "minor", "machine"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. `url` is empty where the entry is about no record."""

    when: str
    iso: str
    who: str
    action: str
    key: str
    record: str
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


def detail_words(detail: Mapping[str, object], language: str) -> str:
    """Names of fields, numbers and days of an entry: "Fields: texts.name; Language: en"."""
    parts = []
    for name, value in detail.items():
        if name in _HIDDEN or value in (None, "", []):
            continue
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        key = _DETAIL + name
        parts.append(f"{say(key, language) if key in catalogue(LAST_RESORT) else name}: {text}")
    return "; ".join(parts)


def entry(row: AuditRow, place: Place, language: str) -> Entry:
    """A row of the table in words."""
    moment = aware(row.at)
    return Entry(
        when=place.moment(moment),
        iso=moment.isoformat(timespec="seconds") if moment else "",
        who=row.actor,
        action=action_words(row.action, language),
        key=row.action,
        record=row.record or "",
        url=_url(row.record or ""),
        detail=detail_words(row.detail, language),
    )


def _url(record: str) -> str:
    kind, _, name = record.partition(":")
    if kind == "user":
        return f"/desk/users/{name}"
    return url_of(record) if "/" in name else ""
