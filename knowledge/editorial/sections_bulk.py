"""Sections of many records at once, by a few queries for every hundreds of them. For one record see `knowledge.editorial.translate`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.editorial.translate import Given, Section, state_of, takes_waiting
from knowledge.store.desk_tables import PendingTranslationRow, RecordRow, RevisionRow
from knowledge.store.tables import TextRevisionRow, TextTranslationRow
from knowledge.store.texts import as_body

_CHUNK = 400
Address = tuple[str, str, str]


class _Public(NamedTuple):
    """The public words of a field, and the number of the newest revision that ages translations."""

    words: str
    major: int


class _Translated(NamedTuple):
    given: Given
    words: str
    reviewed_by: str | None


def sections_of(session: Session, keys: Sequence[str], languages: Sequence[str]) -> Iterator[tuple[str, dict[str, list[Section]]]]:
    """(record key, language -> its sections) for each of `keys` that is there, as `sections_in` has them."""
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        public, minor = _public(session, chunk), _only_minor(session, chunk)
        translated, waiting = _translated(session, chunk, languages), _waiting(session, chunk, languages)
        words = _newest_words(session, chunk)
        for key in chunk:
            if key in words:
                found: dict[str, list[Section]] = {code: [] for code in languages}
                for field, source in words[key].items():
                    known = public.get((key, field))
                    for code in languages:
                        address = (key, field, code)
                        one = _section(field, source, known, translated.get(address), waiting.get(address), minor=key in minor)
                        found[code].append(one)
                yield key, found


def _section(field: str, source: str, known: _Public | None, row: _Translated | None, draft: _Translated | None, *, minor: bool) -> Section:
    is_public, digest = known is not None and known.words == source, text_digest(source)
    given, kept = row.given if row else None, draft.given if draft else None
    state = state_of(is_public=is_public, major=known.major if known else 1, digest=digest, given=given, waiting=kept, minor=minor)
    shown = draft if takes_waiting(is_public=is_public, digest=digest, given=given, waiting=kept, minor=minor) else row
    return Section(field, source, digest, shown.words if shown else "", state, is_public, shown.reviewed_by if shown else None)


def _only_minor(session: Session, keys: Sequence[str]) -> set[str]:
    """Records of which only minor edits are not public yet."""
    since = (RevisionRow.number > RecordRow.published) & (RevisionRow.number <= RecordRow.newest)
    rows = session.execute(
        select(RecordRow.id, RevisionRow.minor)
        .join(RevisionRow, (RevisionRow.record_id == RecordRow.id) & since)
        .where(RecordRow.id.in_(keys))
    )
    flags: dict[str, bool] = {}
    for key, minor in rows:
        flags[key] = flags.get(key, True) and minor
    return {key for key, minor in flags.items() if minor}


def _newest_words(session: Session, keys: Sequence[str]) -> dict[str, dict[str, str]]:
    rows = session.execute(
        select(RecordRow.id, RevisionRow.body)
        .join(RevisionRow, (RevisionRow.record_id == RecordRow.id) & (RevisionRow.number == RecordRow.newest))
        .where(RecordRow.id.in_(keys))
    )
    return {key: {field: as_body(value) for field, value in body.get("texts", {}).items()} for key, body in rows}


def _public(session: Session, keys: Sequence[str]) -> dict[tuple[str, str], _Public]:
    table = TextRevisionRow
    rows = session.execute(
        select(table.record, table.field, table.body, table.number, table.minor).where(table.record.in_(keys)).order_by(table.number)
    )
    found: dict[tuple[str, str], _Public] = {}
    for record, field, body, number, minor in rows:
        before = found.get((record, field))
        found[record, field] = _Public(body, before.major if minor and before else number)
    return found


def _translated(session: Session, keys: Sequence[str], languages: Sequence[str]) -> dict[Address, _Translated]:
    table = TextTranslationRow
    rows = session.execute(
        select(table.record, table.field, table.language, table.of_number, table.machine, table.reviewed_by, table.body)
        .where(table.record.in_(keys), table.language.in_(languages))
        .order_by(table.id)
    )
    return {
        (record, field, code): _Translated(Given(of, machine, bool(by)), body, by) for record, field, code, of, machine, by, body in rows
    }


def _waiting(session: Session, keys: Sequence[str], languages: Sequence[str]) -> dict[Address, _Translated]:
    table = PendingTranslationRow
    rows = session.execute(
        select(table.record_id, table.field, table.language, table.of_text, table.machine, table.reviewed_by, table.body).where(
            table.record_id.in_(keys), table.language.in_(languages)
        )
    )
    return {
        (record, field, code): _Translated(Given(of, machine, bool(by)), body, by) for record, field, code, of, machine, by, body in rows
    }
