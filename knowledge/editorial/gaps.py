"""Which translations are missing or outdated, for many records at once: what lists show and filter by.

The states are those of `knowledge.editorial.translate.sections`, which tells them for one record with all its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from knowledge.domain.text import TranslationState
from knowledge.editorial.contents import Content
from knowledge.editorial.contents import contents as all_contents
from knowledge.editorial.pending import with_waiting
from knowledge.editorial.sections_bulk import sections_of
from knowledge.store.desk_tables import RecordRow
from knowledge.store.tables import MunicipalityRow, TextRevisionRow, TextTranslationRow

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
    """Numbers of a record's revisions: the newest, and the one that readers see. `only_public`: whoever asks sees no more than readers."""

    newest: int
    published: int | None
    only_public: bool = False

    @property
    def public(self) -> bool:
        """Whether readers see the newest words."""
        return self.newest == self.published


# (municipality, kind, language) -> (version of the municipality, gaps of what is public): every change of public words raises the version.
_held: WeakKeyDictionary[Engine, dict[tuple[str, str, str], tuple[object, Gaps]]] = WeakKeyDictionary()


def gaps(
    session: Session, municipality: str, contents: Mapping[str, Content], versions: Mapping[str, Versions], languages: Sequence[str]
) -> Gaps:
    """Record key -> language -> gap, for the records of `versions`; languages without a gap are left out."""
    desk = _told_by_the_desk(session, municipality, versions)
    found = _public_gaps(session, contents, _chunked([key for key in versions if key not in desk]), languages)
    return found | _desk_gaps(session, desk, languages)


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
        # Of all records, whoever asks and whatever they look for: the next one asks for others.
        known = held[name] = (
            version,
            _public_gaps(session, _all_public(session, municipality, kind), [f"{kind}:{municipality}/"], [language]),
        )
    desk = _told_by_the_desk(session, municipality, versions)
    older = [key for key, one in versions.items() if one.only_public and not one.public]
    shown = {key: gap for key, gap in known[1].items() if key in versions and key not in desk}
    return shown | _public_gaps(session, contents, _chunked(older), [language]) | _desk_gaps(session, desk, [language])


def _all_public(session: Session, municipality: str, kind: str) -> dict[str, Content]:
    """The records of a kind whose newest words are public."""
    r = RecordRow
    numbers = select(r.id, r.newest).where(r.municipality_id == municipality, r.kind == kind, r.newest == r.published)
    known = all_contents(session, municipality, kind)
    return {key: one for key, number in session.execute(numbers) if (one := known.get(key)) is not None and one.stamp[0] == number}


def _told_by_the_desk(session: Session, municipality: str, versions: Mapping[str, Versions]) -> dict[str, None]:
    """Records with words or translations that wait for publication, in the order of `versions`."""
    waiting = with_waiting(session, municipality)
    return {key: None for key, one in versions.items() if not one.only_public and (not one.public or key in waiting)}


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


def _desk_gaps(session: Session, keys: Iterable[str], languages: Sequence[str]) -> Gaps:
    """By the rule of the translation desk, so that a small edit ages nothing here either and what waits counts alike."""
    found: Gaps = {}
    for key, by_language in sections_of(session, [*keys], languages):
        for language, sections in by_language.items():
            states = Counter(one.state for one in sections)
            gap = Gap(states[TranslationState.MISSING], states[TranslationState.OUTDATED])
            if gap != NONE:
                found.setdefault(key, {})[language] = gap
    return found
