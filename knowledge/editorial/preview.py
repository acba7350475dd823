"""What readers would see if a draft were published: the published knowledge with the draft put in, in memory only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from knowledge.documents.canonical import parse
from knowledge.documents.to_records import Record, record_of
from knowledge.domain import records as r
from knowledge.domain.text import LocalizedText, Texts, Translation, TranslationState
from knowledge.editorial.publish import with_facts_of_the_day
from knowledge.editorial.records import body
from knowledge.editorial.references import references
from knowledge.editorial.sight import Sight
from knowledge.editorial.translate import sections_in
from knowledge.store.desk_tables import RecordRow
from locales.registry import served

_SHELVES = {
    "organization": "organizations",
    "location": "locations",
    "contact": "contacts",
    "service": "services",
    "article": "articles",
    "page": "pages",
}


def with_draft(sight: Sight, knowledge: r.Knowledge, record: RecordRow) -> r.Knowledge:
    """`knowledge` as it would be with the newest revision of `record`, and of everything that it needs and that is not public yet.

    What it points at and is not there at all, or is a draft that `sight` does not see, is left out; an organization that is missing is
    shown by its id.
    """
    found = knowledge
    for row in [*_not_public_yet(sight, knowledge, record), record]:
        found = _put(found, row.kind, draft_record(sight.session, row, found))
    return found


def draft_record(session: Session, record: RecordRow, knowledge: r.Knowledge) -> Record:
    """The newest revision of a record as readers' views take it, with its translations as they stand."""
    language = knowledge.municipality.source_language
    document = parse(record.kind, with_facts_of_the_day(session, record, body(session, record)))
    return _without_dangling(record_of(record.kind, document, _texts(session, record, language)), knowledge)


def _texts(session: Session, record: RecordRow, language: str) -> Texts:
    codes = [code for code in served() if code != language]
    sources: dict[str, str] = {}
    translated: dict[str, dict[str, Translation]] = {}
    for code, sections in sections_in(session, record, [*codes]).items():
        for one in sections:
            sources[one.field] = one.source
            if one.state is not TranslationState.MISSING:
                translated.setdefault(one.field, {})[code] = Translation(one.translation, one.state)
    return {field: LocalizedText(language, words, translated.get(field, {})) for field, words in sources.items()}


def _not_public_yet(sight: Sight, knowledge: r.Knowledge, record: RecordRow) -> list[RecordRow]:
    """Drafts that `record` needs, what others point at first."""
    found: dict[str, RecordRow] = {}
    waiting = [record]
    while waiting:
        one = waiting.pop()
        for key in references(one.kind, one.municipality_id, body(sight.session, one)):
            kind, _, place = key.partition(":")
            if key in found or key == record.id or place.partition("/")[2] in _shelf(knowledge, kind):
                continue
            row = sight.session.get(RecordRow, key)
            if row is not None and sight.covers(row):
                found[key] = row
                waiting.append(row)
    order = list(_SHELVES)
    return sorted(found.values(), key=lambda row: order.index(row.kind))


def _shelf(knowledge: r.Knowledge, kind: str) -> Mapping[str, Any]:
    shelf: Mapping[str, Any] = getattr(knowledge, _SHELVES[kind])
    return shelf


def _put(knowledge: r.Knowledge, kind: str, record: Record) -> r.Knowledge:
    changed: dict[str, Any] = {_SHELVES[kind]: {**_shelf(knowledge, kind), record.id: record}}
    if isinstance(record, r.Service) and record.organization not in knowledge.organizations:
        words = {"name": LocalizedText(knowledge.municipality.source_language, record.organization)}
        unknown = r.Organization(record.organization, "public", None, None, words)
        changed["organizations"] = {**knowledge.organizations, unknown.id: unknown}
    return replace(knowledge, **changed)


def _without_dangling(record: Record, knowledge: r.Knowledge) -> Record:
    if isinstance(record, r.Service):
        return replace(record, at=tuple(at for at in record.at if at.location in knowledge.locations))
    if isinstance(record, r.Article):
        return replace(record, services=tuple(one for one in record.services if one in knowledge.services))
    return record


def users_of(knowledge: r.Knowledge, kind: str, local: str) -> tuple[str, ...]:
    """Ids of the services in which readers meet an organization, a place or a contact."""
    if kind == "organization":
        return tuple(one.id for one in knowledge.services.values() if one.organization == local)
    if kind == "location":
        return tuple(one.id for one in knowledge.services.values() if any(at.location == local for at in one.at))
    if kind == "contact":
        return tuple(one.id for one in knowledge.services.values() if one.contact == local)
    return ()
