"""XLIFF files for translators: which texts go into one, and what becomes of one that comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.domain.records import LIST_FIELDS
from knowledge.domain.text import TranslationState
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.confidential import secrets_of
from knowledge.editorial.errors import Conflict
from knowledge.editorial.locked_words import locked_words
from knowledge.editorial.records import State, hold_rows, record_key
from knowledge.editorial.sections_bulk import sections_of
from knowledge.editorial.sight import sight_of
from knowledge.editorial.translate import Section, translate
from knowledge.exchange.xliff import Account, Outcome, TakenField, Unit, XliffFile, account, list_units, taken_fields
from knowledge.store.desk_tables import RecordRow


def units(session: Session, municipality: str, keys: Sequence[str], language: str, states: Iterable[TranslationState]) -> list[Unit]:
    """The texts of the records `keys` whose translation is in one of `states`; nothing of confidential places.

    Of a list in which one item wants translating, all items are given.
    """
    wanted = set(states)
    return [unit for section, made in _units(session, municipality, keys, language) if section.state in wanted for unit in made]


def _units(session: Session, municipality: str, keys: Sequence[str], language: str) -> Iterator[tuple[Section, list[Unit]]]:
    secrets = secrets_of(session, municipality)
    names = _names(session, municipality)
    for key, found in sections_of(session, keys, [language]):
        kind, _, place = key.partition(":")
        local = place.partition("/")[2]
        for section in found[language]:
            if not secrets.hides(key, section.source):
                yield section, _of_section(kind, local, section, names.get(key, ""))


def _of_section(kind: str, local: str, section: Section, name: str) -> list[Unit]:
    if section.field in LIST_FIELDS:
        targets = section.translation.split("\n") if section.translation else []
        made = list_units(kind, local, section.field, section.source.split("\n"), section.source_digest, targets)
    else:
        made = [Unit(kind, local, section.field, section.source, section.source_digest, target=section.translation)]
    # Items that are not as many as their translations have none.
    states = [section.state if unit.target else TranslationState.MISSING for unit in made]
    return [
        Unit(one.kind, one.record, one.field, one.source, one.digest, one.index, one.target, state, note=name)
        for one, state in zip(made, states, strict=True)
    ]


def _names(session: Session, municipality: str) -> Mapping[str, str]:
    rows = session.execute(select(RecordRow.id, RecordRow.name).where(RecordRow.municipality_id == municipality))
    return {key: name for key, name in rows}


@dataclass(frozen=True, slots=True)
class Line:
    """A unit of a file that came back, and what becomes of it. `outcome` is one of "taken", "replaces" (a person's words that differ),
    "unchanged", "outdated", "unknown", "waiting" (other items of the list have no translation) and "not_allowed"."""

    outcome: str
    record: str
    name: str
    field: str
    source: str
    target: str
    before: str
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A file held against what is there now. `fields` would be written; those in `replacing` only where somebody says so."""

    lines: tuple[Line, ...]
    fields: tuple[TakenField, ...]
    replacing: tuple[TakenField, ...]


def plan(session: Session, actor: Actor, municipality: str, file: XliffFile, language: str) -> Plan:
    """What would become of `file`. Nothing is written."""
    keys = list(dict.fromkeys(record_key(one.kind, municipality, one.record) for one in file.units))
    allowed = _allowed(session, actor, municipality, keys)
    found = list(_units(session, municipality, allowed, language))
    current = [unit for _, made in found for unit in made]
    before = {(made[0].kind, made[0].record, made[0].field): section.translation for section, made in found}
    accounts = account(file, current, locked_words(session, municipality))
    made, waiting = taken_fields(accounts, current)
    taken = [replace(one, before=before[one.kind, one.record, one.field]) for one in made]
    # What the file names and this person does not see is as unknown as what is not there.
    names = sight_of(session, actor, municipality).names(keys)
    reviewed = {
        (one.now.kind, one.now.record, one.now.field)
        for one in accounts
        if one.now is not None and one.outcome is Outcome.TAKEN and _replaces(one)
    }
    held = frozenset(waiting)
    lines = [_line(one, municipality, names, frozenset(allowed), held, reviewed) for one in accounts]
    fields = [one for one in taken if (one.kind, one.record, one.field) not in reviewed]
    return Plan(tuple(lines), tuple(fields), tuple(one for one in taken if one not in fields))


def _replaces(one: Account) -> bool:
    """Whether other words stand there by now that a person has written or read."""
    now = one.now
    return now is not None and now.state is TranslationState.REVIEWED and bool(now.target) and now.target.strip() != one.read.target.strip()


def _allowed(session: Session, actor: Actor, municipality: str, keys: Sequence[str]) -> list[str]:
    found = []
    for start in range(0, len(keys), 400):
        rows = session.execute(
            select(RecordRow.id, RecordRow.organization_id).where(
                RecordRow.id.in_(keys[start : start + 400]), RecordRow.state != State.ARCHIVED.value
            )
        )
        found += [key for key, organization in rows if actor.may(Permission.TRANSLATE, municipality, organization)]
    return found


def _line(
    one: Account,
    municipality: str,
    names: Mapping[str, str],
    allowed: frozenset[str],
    waiting: frozenset[Account],
    reviewed: set[tuple[str, str, str]],
) -> Line:
    key = record_key(one.read.kind, municipality, one.read.record)
    outcome = one.outcome.value
    if key in names and key not in allowed:
        outcome = "not_allowed"
    elif one in waiting:
        outcome = "waiting"
    elif one.outcome is Outcome.TAKEN and (one.read.kind, one.read.record, one.read.field) in reviewed:
        outcome = "replaces"
    before = one.now.target if one.now is not None else ""
    return Line(outcome, key, names.get(key, one.read.record), one.read.field, one.read.source, one.read.target, before, tuple(one.lost))


def take(session: Session, actor: Actor, municipality: str, language: str, fields: Iterable[TakenField]) -> tuple[int, int]:
    """Write translations of a file; returns how many were written, and how many were not since the original, or its translation, has
    changed meanwhile.

    What a file does not vouch for is kept as a machine's work, until somebody has read it.
    """
    keyed = [(record_key(one.kind, municipality, one.record), one) for one in fields]
    hold_rows(session, (key for key, _ in keyed))
    written = changed = 0
    for key, one in keyed:
        try:
            translate(
                session,
                actor,
                key,
                one.field,
                language,
                one.body,
                of=one.digest,
                instead_of=one.before,
                machine=one.machine or not one.reviewed,
            )
            written += 1
        except Conflict:
            changed += 1
    return written, changed
