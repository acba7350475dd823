"""How far every record is translated into every language: counted for the whole municipality by a few queries, whatever its size.

The states are those of `knowledge.editorial.translate.sections_in`, which tells them for one record with all its words.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.text import TranslationState
from knowledge.editorial.coverage_drafts import draft_states
from knowledge.editorial.records import State
from knowledge.editorial.uses import Uses, uses_of
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import RecordRow
from knowledge.store.tables import MunicipalityRow, TextRevisionRow, TextTranslationRow
from locales.registry import served

# From what nobody needs to look at to what is most wanting.
STATES = (TranslationState.REVIEWED, TranslationState.MACHINE, TranslationState.OUTDATED, TranslationState.MISSING)
Counts = Mapping[TranslationState, int]


@dataclass(frozen=True, slots=True)
class Covered:
    """One record: how many texts it has, and for each language how many of them are in which state."""

    key: str
    kind: str
    local: str
    name: str
    state: State
    organization: str | None
    texts: int
    counts: Mapping[str, Counts]
    uses: Uses

    def wanting(self, language: str) -> int:
        """Texts that are missing or of older words."""
        found = self.counts[language]
        return found.get(TranslationState.MISSING, 0) + found.get(TranslationState.OUTDATED, 0)

    def number(self, language: str, states: Iterable[TranslationState]) -> int:
        """Texts in any of `states`."""
        return sum(self.counts[language].get(state, 0) for state in states)

    def urgency(self, language: str) -> tuple[object, ...]:
        """Sorts what is most needed first: what is said in a crisis, then what hangs together with most, then what lacks most."""
        return (
            not self.wanting(language),
            not self.uses.crisis,
            -self.uses.number,
            -self.wanting(language),
            self.name.casefold(),
            self.key,
        )


@dataclass(frozen=True)
class Coverage:
    """The whole municipality. `languages` are those that are translated into, in the order of menus."""

    source_language: str
    languages: tuple[str, ...]
    records: tuple[Covered, ...]

    def totals(self, kind: str = "") -> dict[str, Counter[TranslationState]]:
        """Language -> state -> number of texts, of one kind of records or of all."""
        found: dict[str, Counter[TranslationState]] = {code: Counter() for code in self.languages}
        for record in self.records:
            if kind in ("", record.kind):
                for code in self.languages:
                    found[code].update(record.counts[code])
        return found

    def texts(self, kind: str = "") -> int:
        """Number of source texts."""
        return sum(record.texts for record in self.records if kind in ("", record.kind))

    def most_needed(self, language: str, states: Sequence[TranslationState], kind: str = "") -> list[Covered]:
        """Records that have a text in any of `states`, what is most needed first."""
        found = [one for one in self.records if kind in ("", one.kind) and one.number(language, states)]
        return sorted(found, key=lambda one: one.urgency(language))


@dataclass
class _Held:
    lock: threading.Lock = field(default_factory=threading.Lock)
    by_municipality: dict[str, tuple[object, Coverage]] = field(default_factory=dict)


_held: WeakKeyDictionary[Engine, _Held] = WeakKeyDictionary()


def coverage(session: Session, municipality: str) -> Coverage:
    """The coverage now. Counted again only where something has happened since: every verb of the desk raises the version or is logged."""
    row = session.get_one(MunicipalityRow, municipality)
    logged = session.scalar(select(func.max(AuditRow.id)).where(AuditRow.municipality_id == municipality))
    stamp = (row.version, row.changed_at, logged)
    bind = session.get_bind()
    held = _held.setdefault(bind if isinstance(bind, Engine) else bind.engine, _Held())
    with held.lock:
        known = held.by_municipality.get(municipality)
        if known is None or known[0] != stamp:
            known = held.by_municipality[municipality] = (stamp, _count(session, municipality, row.source_language))
        return known[1]


def _count(session: Session, municipality: str, source_language: str) -> Coverage:
    languages = tuple(code for code in served() if code != source_language)
    r = RecordRow
    rows = session.execute(
        select(r.id, r.kind, r.local_id, r.name, r.state, r.organization_id, r.newest, r.published).where(
            r.municipality_id == municipality, r.state != State.ARCHIVED.value
        )
    ).all()
    drafts = [row.id for row in rows if row.newest != row.published]
    known = _public(session, municipality, languages) | draft_states(session, drafts, languages)
    uses = uses_of(session, municipality)
    records = []
    for row in rows:
        number, states = known.get(row.id, (0, {}))
        counts = {code: _with_missing(number, states.get(code, {})) for code in languages}
        use = uses.get(row.id, Uses(crisis=_named_in_a_crisis(row.kind, row.local_id)))
        records.append(Covered(row.id, row.kind, row.local_id, row.name, State(row.state), row.organization_id, number, counts, use))
    return Coverage(source_language, languages, tuple(records))


def _named_in_a_crisis(kind: str, local: str) -> bool:
    """A draft of an answer for a crisis, which nothing public tells of yet."""
    return kind == "article" and local.partition(":")[0] in CRISIS_TOPICS


def _with_missing(number: int, found: Counts) -> Counts:
    missing = number - sum(found.values())
    return {**found, TranslationState.MISSING: missing} if missing > 0 else found


def _public(session: Session, municipality: str, languages: Sequence[str]) -> dict[str, tuple[int, dict[str, Counter[TranslationState]]]]:
    """Record key -> (number of its public texts, language -> state -> number of their translations).

    Two plain scans and no join: right after an import a database knows nothing yet about how many rows there are, and joins take minutes.
    """
    texts, translated = TextRevisionRow, TextTranslationRow
    major: dict[tuple[str, str], int] = {}
    filled: dict[tuple[str, str], bool] = {}
    columns = select(texts.record, texts.field, texts.number, texts.minor, texts.body != "")
    for record, name, number, minor, is_filled in session.execute(
        columns.where(texts.municipality_id == municipality).order_by(texts.number)
    ):
        filled[record, name] = is_filled
        if not minor or (record, name) not in major:
            major[record, name] = number
    newest: dict[tuple[str, str, str], TranslationState] = {}
    machine = translated.machine & (func.coalesce(translated.reviewed_by, "") == "")
    rows = select(translated.record, translated.field, translated.language, translated.of_number, machine)
    for record, name, language, of, is_machine in session.execute(
        rows.where(translated.municipality_id == municipality, translated.language.in_(languages)).order_by(translated.id)
    ):
        # A text that was taken away keeps its translations, which nobody sees.
        if filled.get((record, name)):
            outdated = of < major[record, name]
            state = TranslationState.MACHINE if is_machine else TranslationState.REVIEWED
            newest[record, name, language] = TranslationState.OUTDATED if outdated else state
    found: dict[str, tuple[int, dict[str, Counter[TranslationState]]]] = {}
    for record, number in Counter(record for (record, _), is_filled in filled.items() if is_filled).items():
        found[record] = (number, {})
    for (record, _, language), state in newest.items():
        found[record][1].setdefault(language, Counter())[state] += 1
    return found
