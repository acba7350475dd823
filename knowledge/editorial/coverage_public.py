"""How far public texts are translated, counted once and then only for records that were changed since (`knowledge.store.changes`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from knowledge.domain.text import TranslationState
from knowledge.store.changes import Stamp, changed_since, stamp
from knowledge.store.tables import TextRevisionRow, TextTranslationRow

_CHUNK = 400
# Number of texts of a record, and language -> state -> number of their translations.
Counted = tuple[int, dict[str, Counter[TranslationState]]]


@dataclass
class PublicCounts:
    """The counts of one municipality, as they were at the version `held`."""

    held: Stamp | None = None
    records: dict[str, Counted] = field(default_factory=dict)

    def bring_up_to_date(self, session: Session, municipality: str, languages: Sequence[str]) -> None:
        """Count what has changed since: what was written, and what an undo has taken away."""
        present = stamp(session, municipality)
        changed = changed_since(session, municipality, self.held, present) if self.held and present else None
        if changed is None:
            self.records = _count(session, municipality, languages, None)
        else:
            self.records = {key: one for key, one in self.records.items() if key not in changed}
            self.records |= _count(session, municipality, languages, changed)
        self.held = present


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
