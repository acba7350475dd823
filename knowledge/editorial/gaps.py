"""Which translations are missing or outdated, for many records at once: what lists show and filter by.

The states are those of `knowledge.editorial.translate.sections`, which tells them for one record with all its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from knowledge.documents.canonical import text_digest
from knowledge.editorial.contents import Content
from knowledge.store.desk_tables import PendingTranslationRow, RecordRow, RevisionRow
from knowledge.store.tables import MunicipalityRow, TextRevisionRow, TextTranslationRow
from knowledge.store.texts import as_body

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Gap:
    """How many texts of a record are not there, or of older words, in one language."""

    missing: int = 0
    outdated: int = 0


NONE = Gap()
Gaps = dict[str, dict[str, Gap]]


@dataclass(frozen=True, slots=True)
class Versions:
    """Numbers of a record's revisions: the newest, and the one that readers see."""

    newest: int
    published: int | None

    @property
    def public(self) -> bool:
        """Whether readers see the newest words."""
        return self.newest == self.published


# (municipality, kind, language) -> (version of the municipality, gaps of what is public): every change of public words raises the version.
_held: WeakKeyDictionary[Engine, dict[tuple[str, str, str], tuple[object, Gaps]]] = WeakKeyDictionary()


def gaps(session: Session, contents: Mapping[str, Content], versions: Mapping[str, Versions], languages: Sequence[str]) -> Gaps:
    """Record key -> language -> gap, for the records of `versions`; languages without a gap are left out."""
    public = [key for key, one in versions.items() if one.public]
    drafts = [key for key, one in versions.items() if not one.public]
    found = _public_gaps(session, contents, _chunked(public), languages)
    return found | _draft_gaps(session, drafts, languages)


def all_gaps(
    session: Session, municipality: str, kind: str, contents: Mapping[str, Content], versions: Mapping[str, Versions], language: str
) -> Gaps:
    """As `gaps`, for all records of a kind in one language; what is public is worked out once for each version of the municipality."""
    row = session.get_one(MunicipalityRow, municipality)
    bind = session.get_bind()
    held = _held.setdefault(bind if isinstance(bind, Engine) else bind.engine, {})
    name, version = (municipality, kind, language), (row.version, row.changed_at)
    known = held.get(name)
    if known is None or known[0] != version:
        public = {key: content for key, content in contents.items() if key in versions and versions[key].public}
        known = held[name] = (version, _public_gaps(session, public, [f"{kind}:{municipality}/"], [language]))
    drafts = [key for key, one in versions.items() if not one.public]
    shown = {key: gap for key, gap in known[1].items() if key in versions and versions[key].public}
    return shown | _draft_gaps(session, drafts, [language])


def _chunked(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK)]


def _public_gaps(session: Session, contents: Mapping[str, Content], parts: Sequence[Sequence[str] | str], languages: Sequence[str]) -> Gaps:
    """`parts`: lists of keys, or beginnings of keys."""
    texts, translated = TextRevisionRow, TextTranslationRow
    connection = session.connection()  # many plain rows: no need for the session to look at each
    major: dict[tuple[str, str], int] = {}
    of_number: dict[tuple[str, str, str], int] = {}
    for part in parts:
        # The first revision of a text ages nothing: only later ones are worth reading.
        later = select(texts.record, texts.field, texts.number).where(texts.number > 1, texts.minor.is_(False)).order_by(texts.number)
        for record, field, number in connection.execute(later.where(_of(texts.record, part))):
            major[record, field] = number
        rows = select(translated.record, translated.field, translated.language, translated.of_number).order_by(translated.id)
        rows = rows.where(translated.language.in_(languages))
        for record, field, language, number in connection.execute(rows.where(_of(translated.record, part))):
            of_number[record, field, language] = number
    found: Gaps = {}
    keys = contents if any(isinstance(part, str) for part in parts) else [key for part in parts for key in part]
    for key in keys:
        content = contents.get(key)
        if content is None:
            continue
        for language in languages:
            missing = outdated = 0
            for field in content.text_fields:
                of = of_number.get((key, field, language))
                if of is None:
                    missing += 1
                elif of < major.get((key, field), 1):
                    outdated += 1
            if missing or outdated:
                found.setdefault(key, {})[language] = Gap(missing, outdated)
    return found


def _of(record: InstrumentedAttribute[str], part: Sequence[str] | str) -> ColumnElement[bool]:
    # All keys of a kind in a municipality begin alike.
    return record.startswith(part, autoescape=True) if isinstance(part, str) else record.in_(part)


def _draft_gaps(session: Session, keys: Sequence[str], languages: Sequence[str]) -> Gaps:
    """Words that are being written: a translation counts that is of exactly these words."""
    found: Gaps = {}
    for chunk in _chunked(keys):
        sources = _newest_words(session, chunk)
        public = _public_words(session, chunk)
        pending = {
            (row.record_id, row.field, row.language): row.of_text
            for row in session.execute(
                select(
                    PendingTranslationRow.record_id,
                    PendingTranslationRow.field,
                    PendingTranslationRow.language,
                    PendingTranslationRow.of_text,
                ).where(PendingTranslationRow.record_id.in_(chunk), PendingTranslationRow.language.in_(languages))
            )
        }
        translated: dict[tuple[str, str, str], int] = {}
        rows = select(
            TextTranslationRow.record, TextTranslationRow.field, TextTranslationRow.language, TextTranslationRow.of_number
        ).order_by(TextTranslationRow.id)
        for record, field, language, number in session.execute(
            rows.where(TextTranslationRow.record.in_(chunk), TextTranslationRow.language.in_(languages))
        ):
            translated[record, field, language] = number
        for key in chunk:
            for language in languages:
                gap = _draft_gap(key, language, sources.get(key, {}), public, pending, translated)
                if gap != NONE:
                    found.setdefault(key, {})[language] = gap
    return found


def _draft_gap(
    key: str,
    language: str,
    sources: Mapping[str, str],
    public: Mapping[tuple[str, str], tuple[str, int]],
    pending: Mapping[tuple[str, str, str], str],
    translated: Mapping[tuple[str, str, str], int],
) -> Gap:
    missing = outdated = 0
    for field, words in sources.items():
        known, major = public.get((key, field), (None, 1))
        of = translated.get((key, field, language))
        waiting = pending.get((key, field, language))
        if known == words and of is not None:
            outdated += of < major
        elif waiting is not None:
            outdated += waiting != text_digest(words)
        elif of is not None:
            outdated += 1
        else:
            missing += 1
    return Gap(missing, outdated)


def _newest_words(session: Session, keys: Sequence[str]) -> dict[str, dict[str, str]]:
    rows = session.execute(
        select(RecordRow.id, RevisionRow.body)
        .join(RevisionRow, (RevisionRow.record_id == RecordRow.id) & (RevisionRow.number == RecordRow.newest))
        .where(RecordRow.id.in_(keys))
    )
    return {key: {field: as_body(value) for field, value in body.get("texts", {}).items()} for key, body in rows}


def _public_words(session: Session, keys: Sequence[str]) -> dict[tuple[str, str], tuple[str, int]]:
    """(record, field) -> (newest public words, number of the newest revision that ages translations)."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    rows = session.execute(
        select(TextRevisionRow.record, TextRevisionRow.field, TextRevisionRow.body, TextRevisionRow.number, TextRevisionRow.minor)
        .where(TextRevisionRow.record.in_(keys))
        .order_by(TextRevisionRow.number)
    )
    for record, field, body, number, minor in rows:
        _, major = found.get((record, field), ("", 1))
        found[record, field] = (body, major if minor else number)
    return found
