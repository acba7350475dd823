"""How far every record is translated into every language: counted for the whole municipality by a few queries, whatever its size.

The states are those of `knowledge.editorial.translate.sections_in`, which tells them for one record with all its words.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.text import TranslationState
from knowledge.editorial.coverage_public import Counted, PublicCounts
from knowledge.editorial.pending import with_waiting
from knowledge.editorial.records import State
from knowledge.editorial.sections_bulk import sections_of
from knowledge.editorial.uses import Uses, uses_of
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import RecordRow
from knowledge.store.tables import MunicipalityRow
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

    @cached_property
    def _by_kind(self) -> dict[str, dict[str, Counter[TranslationState]]]:
        """Kind -> language -> state -> number of texts; "" for all kinds."""
        found: dict[str, dict[str, Counter[TranslationState]]] = {"": {code: Counter() for code in self.languages}}
        for record in self.records:
            of_kind = found.setdefault(record.kind, {code: Counter() for code in self.languages})
            for code in self.languages:
                for state, number in record.counts[code].items():
                    of_kind[code][state] += number
                    found[""][code][state] += number
        return found

    def totals(self, kind: str = "") -> dict[str, Counter[TranslationState]]:
        """Language -> state -> number of texts, of one kind of records or of all."""
        return self._by_kind.get(kind) or {code: Counter() for code in self.languages}

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
    public: dict[str, PublicCounts] = field(default_factory=dict)


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
            known = held.by_municipality[municipality] = (stamp, _count(session, row, held.public))
        return known[1]


def _count(session: Session, town: MunicipalityRow, held: dict[str, PublicCounts]) -> Coverage:
    municipality = town.id
    languages = tuple(code for code in served() if code != town.source_language)
    r = RecordRow
    rows = session.execute(
        select(r.id, r.kind, r.local_id, r.name, r.state, r.organization_id, r.newest, r.published).where(
            r.municipality_id == municipality, r.state != State.ARCHIVED.value
        )
    ).all()
    waiting = with_waiting(session, municipality)
    drafts = [row.id for row in rows if row.newest != row.published or row.id in waiting]
    public = held.setdefault(municipality, PublicCounts())
    public.bring_up_to_date(session, municipality, languages)
    known = public.records | _drafts(session, drafts, languages)
    uses = uses_of(session, municipality)
    records = []
    for row in rows:
        number, states = known.get(row.id, (0, {}))
        counts = {code: _with_missing(number, states.get(code, {})) for code in languages}
        use = uses.get(row.id, Uses(crisis=_named_in_a_crisis(row.kind, row.local_id)))
        records.append(Covered(row.id, row.kind, row.local_id, row.name, State(row.state), row.organization_id, number, counts, use))
    return Coverage(town.source_language, languages, tuple(records))


def _drafts(session: Session, keys: Sequence[str], languages: Sequence[str]) -> dict[str, Counted]:
    """As `PublicCounts`, for words that are being written and for translations that wait."""
    return {
        key: (
            max((len(rows) for rows in found.values()), default=0),
            {code: Counter(row.state for row in rows) for code, rows in found.items()},
        )
        for key, found in sections_of(session, keys, languages)
    }


def _named_in_a_crisis(kind: str, local: str) -> bool:
    """A draft of an answer for a crisis, which nothing public tells of yet."""
    return kind == "article" and local.partition(":")[0] in CRISIS_TOPICS


def _with_missing(number: int, found: Counts) -> Counts:
    there = dict(found)
    there.pop(TranslationState.MISSING, None)
    missing = number - sum(there.values())
    if missing > 0:
        there[TranslationState.MISSING] = missing
    return there
