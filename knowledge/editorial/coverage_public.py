"""How far public texts are translated, counted once and then only where something was written since: the tables of texts only grow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from knowledge.domain.text import TranslationState
from knowledge.store.tables import TextRevisionRow, TextTranslationRow

_CHUNK = 400
# Of several who write at once, one may have been given its number first and be done last: rows as many as these are looked at again.
_MAY_COME_LATE = 500
# Number of texts of a record, and language -> state -> number of their translations.
Counted = tuple[int, dict[str, Counter[TranslationState]]]


@dataclass
class PublicCounts:
    """The counts of one municipality. `first` and `marks` name the oldest and the newest rows that are counted."""

    first: object = None
    marks: tuple[int, int] = (0, 0)
    records: dict[str, Counted] = field(default_factory=dict)

    def bring_up_to_date(self, session: Session, municipality: str, languages: Sequence[str]) -> None:
        """Count what is new."""
        first, marks = _first(session, municipality), _marks(session, municipality)
        # A municipality that was removed and imported again begins anew.
        if self.first != first or marks[0] < self.marks[0] or marks[1] < self.marks[1]:
            self.records = _count(session, municipality, languages, None)
        else:
            changed = _changed(session, municipality, (self.marks[0] - _MAY_COME_LATE, self.marks[1] - _MAY_COME_LATE))
            self.records = {key: one for key, one in self.records.items() if key not in changed}
            self.records |= _count(session, municipality, languages, changed)
        self.first, self.marks = first, marks


def _first(session: Session, municipality: str) -> object:
    table = TextRevisionRow
    row = session.execute(
        select(table.id, table.created_at).where(table.municipality_id == municipality).order_by(table.id).limit(1)
    ).one_or_none()
    return tuple(row) if row else None


def _marks(session: Session, municipality: str) -> tuple[int, int]:
    """Numbers of the newest rows of both tables. Looked for from the end: a maximum would walk through all of them."""
    texts, translated = TextRevisionRow, TextTranslationRow
    written = select(texts.id).where(texts.municipality_id == municipality).order_by(texts.id.desc()).limit(1)
    made = select(translated.id).where(translated.municipality_id == municipality).order_by(translated.id.desc()).limit(1)
    return session.scalar(written) or 0, session.scalar(made) or 0


def _changed(session: Session, municipality: str, marks: tuple[int, int]) -> set[str]:
    texts, translated = TextRevisionRow, TextTranslationRow
    found = set(session.scalars(select(texts.record).where(texts.id > marks[0], texts.municipality_id == municipality).distinct()))
    more = select(translated.record).where(translated.id > marks[1], translated.municipality_id == municipality).distinct()
    return found | set(session.scalars(more))


def _count(session: Session, municipality: str, languages: Sequence[str], records: Collection[str] | None) -> dict[str, Counted]:
    """Of `records`, or of all with None.

    Plain scans and no join: right after an import a database knows nothing yet about how many rows there are, and joins take minutes.
    """
    if records is None:
        return _count_part(session, languages, municipality, None)
    keys = sorted(records)
    found: dict[str, Counted] = {}
    for start in range(0, len(keys), _CHUNK):
        found |= _count_part(session, languages, municipality, keys[start : start + _CHUNK])
    return found


def _count_part(session: Session, languages: Sequence[str], municipality: str, keys: Sequence[str] | None) -> dict[str, Counted]:
    texts, translated = TextRevisionRow, TextTranslationRow

    def among(record: InstrumentedAttribute[str]) -> list[ColumnElement[bool]]:
        return [record.in_(keys)] if keys is not None else []

    major: dict[tuple[str, str], int] = {}
    filled: dict[tuple[str, str], bool] = {}
    revisions = select(texts.record, texts.field, texts.number, texts.minor, texts.body != "").order_by(texts.number)
    for record, name, number, minor, is_filled in session.execute(
        revisions.where(texts.municipality_id == municipality, *among(texts.record))
    ):
        filled[record, name] = is_filled
        if not minor or (record, name) not in major:
            major[record, name] = number
    newest: dict[tuple[str, str, str], TranslationState] = {}
    machine = translated.machine & (func.coalesce(translated.reviewed_by, "") == "")
    rows = select(translated.record, translated.field, translated.language, translated.of_number, machine).order_by(translated.id)
    for record, name, language, of, is_machine in session.execute(
        rows.where(translated.municipality_id == municipality, translated.language.in_(languages), *among(translated.record))
    ):
        # A text that was taken away keeps its translations, which nobody sees.
        if filled.get((record, name)):
            state = TranslationState.MACHINE if is_machine else TranslationState.REVIEWED
            newest[record, name, language] = TranslationState.OUTDATED if of < major[record, name] else state
    found: dict[str, Counted] = {}
    for record, number in Counter(record for (record, _), is_filled in filled.items() if is_filled).items():
        found[record] = (number, {})
    for (record, _, language), state in newest.items():
        found[record][1].setdefault(language, Counter())[state] += 1
    return found
