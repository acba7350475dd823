"""What becomes of the units that come back: each is taken, unchanged, outdated or unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge.domain.locked_words import LockedWords
from knowledge.domain.text import TranslationState
from knowledge.exchange.xliff.units import ReadUnit, Unit, UnitState, XliffError, XliffFile


class Outcome(StrEnum):
    """What becomes of a unit of the file."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    OUTDATED = "outdated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Account:
    """A unit of the file and what becomes of it. `lost` are locked words that the translation does not have as they are: a person
    should look at these. `now` is the text as it is at the desk; None for one that is not known."""

    read: ReadUnit
    outcome: Outcome
    now: Unit | None = None
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenField:
    """A field to be written: the translation of all its words, and the digest of the words it is of.

    `machine`: some items of the list are a machine's words that nobody read. `reviewed`: somebody vouches for all of it; a file that still
    calls a new translation "initial" leaves that open. `before` is the translation in whose place it comes, where that is known.
    """

    kind: str
    record: str
    field: str
    body: str
    digest: str
    machine: bool
    reviewed: bool
    before: str | None = None


def check_languages(file: XliffFile, source_language: str, target_language: str | None = None) -> None:
    """Raises XliffError ``xliff.other_language`` for a file from or into another language."""
    wanted, found = source_language, file.source_language
    if _base(wanted) == _base(found) and target_language is not None:
        wanted, found = target_language, file.target_language
    if _base(wanted) != _base(found):
        raise XliffError("xliff.other_language", found=found, wanted=wanted)


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()


def account(file: XliffFile, current: Iterable[Unit], locked: LockedWords | None = None) -> list[Account]:
    """Every unit of the file with its outcome, in the order of the file. `current` are the texts as they are now (all that could have been
    exported)."""
    known = {(unit.kind, unit.record, unit.field, unit.index): unit for unit in current}
    words = locked or LockedWords(())
    return [_account(read, known.get((read.kind, read.record, read.field, read.index)), words) for read in file.units]


def _account(read: ReadUnit, now: Unit | None, locked: LockedWords) -> Account:
    if now is None:
        return Account(read, Outcome.UNKNOWN)
    if not read.target.strip():
        return Account(read, Outcome.UNCHANGED, now)
    if not _of_these_words(read, now):
        return Account(read, Outcome.OUTDATED, now)
    same = read.target.strip() == now.target.strip()
    confirms = read.state in (UnitState.REVIEWED, UnitState.FINAL) and now.state is not TranslationState.REVIEWED
    if same and not confirms:
        return Account(read, Outcome.UNCHANGED, now)
    return Account(read, Outcome.TAKEN, now, tuple(locked.broken(now.source, read.target)))


def _of_these_words(read: ReadUnit, now: Unit) -> bool:
    """Whether the file translates the words that the record has now. Where the digest is gone, the source in the file tells."""
    if read.digest and read.digest == now.digest:
        return True
    return _plain(read.source) == _plain(now.source)


def _plain(words: str) -> str:
    return " ".join(words.split())


def taken_fields(accounts: Iterable[Account], current: Iterable[Unit]) -> tuple[list[TakenField], list[Account]]:
    """Fields to be written, and taken units that have to wait: parts of a list of which another part has no translation yet.

    Items of a list that the file leaves as they are keep their translation; if that is a machine's, so is the field.
    """
    fields: dict[tuple[str, str, str], list[Unit]] = {}
    for unit in current:
        fields.setdefault((unit.kind, unit.record, unit.field), []).append(unit)
    taken: dict[tuple[str, str, str], list[Account]] = {}
    for one in accounts:
        if one.outcome is Outcome.TAKEN and one.now is not None:
            taken.setdefault((one.now.kind, one.now.record, one.now.field), []).append(one)
    found: list[TakenField] = []
    waiting: list[Account] = []
    for address, ones in taken.items():
        bodies = {
            one.read.index: " ".join(one.read.target.split()) if one.read.index is not None else one.read.target.strip() for one in ones
        }
        units = sorted(fields[address], key=lambda unit: unit.index or 0)
        merged = [replace(unit, target=bodies.get(unit.index, unit.target)) for unit in units]
        stale = any(unit.index not in bodies and unit.state is TranslationState.OUTDATED for unit in units)
        if stale or not all(unit.target.strip() for unit in merged):
            waiting.extend(ones)
            continue
        machine_left = any(unit.index not in bodies and unit.state is TranslationState.MACHINE for unit in units)
        reviewed = not machine_left and all(one.read.state.vouched_for for one in ones)
        found.append(TakenField(*address, "\n".join(unit.target for unit in merged), units[0].digest, machine_left, reviewed))
    return found, waiting
