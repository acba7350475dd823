"""How many public texts are not translated, or of older words, in each language; exact, and quick with thousands of records.

The tables of texts only grow, so that each process counts once and then looks only at the records that have new rows.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge.documents.models import MODELS
from knowledge.domain.text import TranslationState
from knowledge.editorial.pending import with_waiting
from knowledge.editorial.scope import Scope
from knowledge.editorial.sections_bulk import sections_of
from knowledge.store.desk_tables import RecordRow
from knowledge.store.tables import MunicipalityRow, TextRevisionRow, TextTranslationRow
from locales.registry import served

_CHUNK = 400
# (missing, outdated) by language; languages without a gap are left out.
Gaps = dict[str, tuple[int, int]]


@dataclass
class _Held:
    """What is known of one municipality. `first` and the marks name the oldest and newest rows that were counted."""

    first: object = None
    marks: tuple[int, int] = (0, 0)
    gaps: dict[str, Gaps] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_held: WeakKeyDictionary[Engine, dict[str, _Held]] = WeakKeyDictionary()


def gaps_by_language(session: Session, scope: Scope) -> dict[str, tuple[int, int]]:
    """Language -> (texts without a translation, texts whose translation is of older words), over what readers see."""
    counted = _up_to_date(session, scope.municipality)
    known = {**counted, **_of_waiting(session, scope.municipality)}
    if scope.whole_city:
        hidden = set(session.scalars(select(RecordRow.id).where(*scope.records(), RecordRow.published.is_(None))))
        shown: Iterable[Gaps] = (gaps for key, gaps in known.items() if key not in hidden)
    else:
        keys = session.scalars(select(RecordRow.id).where(*scope.records(), RecordRow.published.is_not(None)))
        shown = (known[key] for key in keys if key in known)
    found: dict[str, tuple[int, int]] = {}
    for gaps in shown:
        for language, (missing, outdated) in gaps.items():
            so_far = found.get(language, (0, 0))
            found[language] = (so_far[0] + missing, so_far[1] + outdated)
    return found


def _of_waiting(session: Session, municipality: str) -> Mapping[str, Gaps]:
    """Of public records with translations that wait, by the rule of the translation desk: the tables of texts do not tell of these."""
    waiting = with_waiting(session, municipality)
    if not waiting:
        return {}
    whole = select(RecordRow.id).where(RecordRow.municipality_id == municipality, RecordRow.newest == RecordRow.published)
    found: dict[str, Gaps] = {}
    for key, by_language in sections_of(session, sorted(waiting & set(session.scalars(whole))), _wanted(session, municipality)):
        counts = {language: Counter(one.state for one in rows) for language, rows in by_language.items()}
        told = {language: (one[TranslationState.MISSING], one[TranslationState.OUTDATED]) for language, one in counts.items()}
        found[key] = {language: gap for language, gap in told.items() if any(gap)}
    return found


def _up_to_date(session: Session, municipality: str) -> Mapping[str, Gaps]:
    bind = session.get_bind()
    cities = _held.setdefault(bind if isinstance(bind, Engine) else bind.engine, {})
    held = cities.setdefault(municipality, _Held())
    with held.lock:
        first, marks = _first(session, municipality), _marks(session, municipality)
        # A municipality that was removed and imported again begins anew.
        fresh = held.first != first or marks[0] < held.marks[0] or marks[1] < held.marks[1]
        if fresh:
            held.gaps = {}
        if fresh or marks != held.marks:
            records = None if fresh else _changed(session, municipality, held.marks)
            counted = _count(session, municipality, records)
            held.gaps = {**{key: gaps for key, gaps in held.gaps.items() if records is None or key not in records}, **counted}
            held.first, held.marks = first, marks
        return held.gaps


def _first(session: Session, municipality: str) -> object:
    table = TextRevisionRow
    row = session.execute(
        select(table.id, table.created_at).where(table.municipality_id == municipality).order_by(table.id).limit(1)
    ).one_or_none()
    return tuple(row) if row else None


def _marks(session: Session, municipality: str) -> tuple[int, int]:
    newest = [
        session.scalar(select(table.id).where(table.municipality_id == municipality).order_by(table.id.desc()).limit(1)) or 0
        for table in (TextRevisionRow, TextTranslationRow)
    ]
    return newest[0], newest[1]


def _changed(session: Session, municipality: str, marks: tuple[int, int]) -> set[str]:
    found: set[str] = set()
    tables: tuple[Any, ...] = (TextRevisionRow, TextTranslationRow)
    for table, mark in zip(tables, marks, strict=True):
        found |= set(session.scalars(select(table.record).where(table.id > mark, table.municipality_id == municipality).distinct()))
    return found


def _count(session: Session, municipality: str, records: set[str] | None) -> dict[str, Gaps]:
    """Gaps of `records`, of all with None."""
    wanted = _wanted(session, municipality)
    keys = sorted(records) if records is not None else []
    parts = [keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK)] if records is not None else [None]
    texts, translated = TextRevisionRow, TextTranslationRow
    there: dict[tuple[str, str], bool] = {}
    major: dict[tuple[str, str], int] = {}
    of_number: dict[tuple[str, str, str], int] = {}
    for part in parts:
        revisions = select(texts.record, texts.field, texts.number, texts.minor, texts.body != "").order_by(texts.number)
        rows = select(translated.record, translated.field, translated.language, translated.of_number).order_by(translated.id)
        revisions = revisions.where(texts.municipality_id == municipality, *([texts.record.in_(part)] if part is not None else []))
        rows = rows.where(translated.municipality_id == municipality, *([translated.record.in_(part)] if part is not None else []))
        for record, name, number, minor, filled in session.execute(revisions):
            there[record, name] = filled
            if not minor or (record, name) not in major:
                major[record, name] = number
        for record, name, language, number in session.execute(rows):
            of_number[record, name, language] = number
    found: dict[str, Gaps] = {}
    for (record, name), filled in there.items():
        if not filled or record.partition(":")[0] not in MODELS:
            continue
        gaps = found.setdefault(record, {})
        for language in wanted:
            of = of_number.get((record, name, language))
            if of is None or of < major[record, name]:
                missing, outdated = gaps.get(language, (0, 0))
                gaps[language] = (missing + (of is None), outdated + (of is not None))
    return found


def _wanted(session: Session, municipality: str) -> tuple[str, ...]:
    """Languages that are translated into."""
    source = session.get_one(MunicipalityRow, municipality).source_language
    return tuple(code for code in served() if code != source)
