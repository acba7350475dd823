"""States of the translations of words that are being written, for many records at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState
from knowledge.editorial.translate import Given, state_of
from knowledge.store.desk_tables import PendingTranslationRow, RecordRow, RevisionRow
from knowledge.store.tables import TextRevisionRow, TextTranslationRow
from knowledge.store.texts import as_body

_CHUNK = 400
Address = tuple[str, str, str]


class _Public(NamedTuple):
    """The public words of a field, and the number of the newest revision that ages translations."""

    words: str
    major: int


def draft_states(
    session: Session, keys: Sequence[str], languages: Sequence[str]
) -> dict[str, tuple[int, dict[str, Counter[TranslationState]]]]:
    """Record key -> (number of texts of the newest revision, language -> state -> number; missing ones are left out)."""
    found: dict[str, tuple[int, dict[str, Counter[TranslationState]]]] = {}
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        public = _public(session, chunk)
        translated, waiting = _translated(session, chunk), _waiting(session, chunk)
        minor = _only_minor(session, chunk)
        for key, texts in _newest_words(session, chunk).items():
            states: dict[str, Counter[TranslationState]] = {code: Counter() for code in languages}
            for field, words in texts.items():
                known = public.get((key, field))
                digest = text_digest(words)
                for code in languages:
                    address = (key, field, code)
                    state = state_of(
                        is_public=known is not None and known.words == words,
                        major=known.major if known else 1,
                        digest=digest,
                        given=translated.get(address),
                        waiting=waiting.get(address),
                        minor=key in minor,
                    )
                    if state is not TranslationState.MISSING:
                        states[code][state] += 1
            found[key] = (len(texts), states)
    return found


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


def _translated(session: Session, keys: Sequence[str]) -> dict[Address, Given]:
    table = TextTranslationRow
    rows = session.execute(
        select(table.record, table.field, table.language, table.of_number, table.machine, table.reviewed_by)
        .where(table.record.in_(keys))
        .order_by(table.id)
    )
    return {(record, field, language): Given(of, machine, bool(by)) for record, field, language, of, machine, by in rows}


def _waiting(session: Session, keys: Sequence[str]) -> dict[Address, Given]:
    table = PendingTranslationRow
    rows = session.execute(
        select(table.record_id, table.field, table.language, table.of_text, table.machine, table.reviewed_by).where(
            table.record_id.in_(keys)
        )
    )
    return {(record, field, language): Given(of, machine, bool(by)) for record, field, language, of, machine, by in rows}
