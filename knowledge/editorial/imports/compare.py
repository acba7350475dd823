"""Three sides of a record: what the file was made from, what the file says now, and what the desk has now.

Only what the file itself has changed is wanted of it. Where the desk has changed the same field meanwhile, somebody must decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from knowledge.documents.changes import Change, changes
from knowledge.editorial.imports.basis import Basis, said_by
from knowledge.editorial.imports.incoming import Incoming
from knowledge.editorial.imports.known import KnownRecord
from knowledge.editorial.imports.outcome import Doubt, FieldChange
from knowledge.editorial.records import State
from knowledge.editorial.sync import FACTS_OF_THE_DAY


def compare(one: Incoming, said: Mapping[str, Any], record: KnownRecord, basis: Basis | None) -> tuple[list[FieldChange], Doubt | None]:
    """(what the file would change of the record, why it must be asked about). `said` is `one` laid over the record as it is."""
    found = [change for change in differing(record.current, said) if not _untold(one, change)]
    if not found:
        return [], None
    wanted = _without_basis(found, record) if basis is None else _against(one, said, found, record, basis)
    if record.state is State.ARCHIVED and wanted:
        return wanted, Doubt.ARCHIVED
    if any(change.doubt for change in wanted):
        return wanted, Doubt.CHANGED if basis else Doubt.UNKNOWN
    return wanted, None


def _untold(one: Incoming, change: Change) -> bool:
    """Formats of whole documents do not know the facts of the day: what they leave out has not been taken back."""
    return one.whole and change.after is None and _fact(change.path)


def _fact(path: str) -> bool:
    return path.partition(".")[0] in FACTS_OF_THE_DAY


def _without_basis(found: list[Change], record: KnownRecord) -> list[FieldChange]:
    """Nobody knows from when the file is: what a person has written at the desk is not overwritten unasked."""
    return [_made(change, record.by_person or (_fact(change.path) and record.clicked is not None)) for change in found]


def _against(one: Incoming, said: Mapping[str, Any], found: list[Change], record: KnownRecord, basis: Basis) -> list[FieldChange]:
    if basis.document is None:
        if basis.said == said_by(said):
            return []  # the source says what it has said before; what differs is the desk's own work
        return [_made(change, _later(record.at, basis.at)) for change in found]
    by_file = {change.path for change in differing(basis.document, one.over(basis.document))}
    by_desk = {change.path for change in differing(basis.document, record.current)}
    clicked = _later(record.clicked, basis.at)
    wanted = []
    for change in found:
        if not _fact(change.path):
            if change.path in by_file:
                wanted.append(_made(change, change.path in by_desk))
        elif change.path in by_file or (basis.exported and not clicked):
            # A row shows the facts as they were when it was written, not as they were in its revision.
            wanted.append(_made(change, clicked))
    return wanted


def _later(moment: datetime | None, than: datetime | None) -> bool:
    return moment is not None and than is not None and moment > than


def _made(change: Change, doubt: bool) -> FieldChange:
    return FieldChange(change.path, change.before, change.after, doubt)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """`changes` without those that only put weekdays into another order."""
    return [one for one in changes(dict(before), dict(after)) if ordered(one.before) != ordered(one.after)]


def ordered(value: Any) -> Any:
    """`value` with the weekdays in it in one order."""
    if isinstance(value, list):
        return [ordered(one) for one in value]
    if isinstance(value, dict):
        return {name: sorted(one) if name == "days" else ordered(one) for name, one in value.items()}
    return value


def with_changes(document: Mapping[str, Any], wanted: list[FieldChange]) -> dict[str, Any]:
    """A copy of `document` with these fields as they are after the change."""
    made = deepcopy(dict(document))
    for change in wanted:
        name, _, inner = change.path.partition(".")
        target: Any = made.setdefault(name, {}) if inner else made
        if change.after is None:
            target.pop(inner or name, None)
        else:
            target[inner or name] = change.after
        if inner and not target:
            del made[name]
    return made
