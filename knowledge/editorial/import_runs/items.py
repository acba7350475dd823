"""The lines of a dry run and of its report: kept one by one, so that thousands can be shown page by page and decided about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from knowledge.documents.changes import changes
from knowledge.editorial.imports.outcome import Action, Decisions, Item, Plan
from knowledge.exchange.batch import Rejection
from knowledge.store.desk_tables import ImportItemRow
from knowledge.store.engine import begin_writing

TAKE, KEEP, LEAVE_OUT = "take", "keep", "leave_out"
# Lists of a dry run, in the order in which a person looks at them; the first three are records, the others lines of the files.
RECORDS = (Action.CONFLICT.value, Action.UPDATE.value, Action.CREATE.value)
LINES = ("rejected", "skipped", "notices")
SECTIONS = (*RECORDS, *LINES)
TOPICS = "topic"
PAGE_SIZE = 50
_AT_ONCE = 500
_LONGEST_NAME = 300
_EMPTY: dict[str, Any] = {"kind": "", "record": None, "decision": None, "outcome": None, "before": None, "after": None}


def store_plan(sessions: sessionmaker[Session], run: int, plan: Plan) -> None:
    """Replace the lines of an earlier dry run, in several short transactions. What was decided about the same change is kept."""
    rows = [_EMPTY | row | {"run_id": run, "position": position} for position, row in enumerate([*_records(plan), *_lines(plan)])]
    with sessions() as session, session.begin():
        begin_writing(session)
        known = decided(session, run)
        session.execute(delete(ImportItemRow).where(ImportItemRow.run_id == run, ImportItemRow.section != TOPICS))
    for row in rows:
        before = known.get(row["record"]) if row["record"] else None
        if before is not None and before[0] == row["detail"].get("fingerprint"):
            row["decision"] = before[1]
    insert_items(sessions, rows)


def insert_items(sessions: sessionmaker[Session], rows: Sequence[dict[str, Any]]) -> None:
    """Add lines, some hundred a transaction: others write in between."""
    for start in range(0, len(rows), _AT_ONCE):
        with sessions() as session, session.begin():
            begin_writing(session)
            session.execute(insert(ImportItemRow), [_EMPTY | row for row in rows[start : start + _AT_ONCE]])


def item_rows(plan: Plan) -> list[dict[str, Any]]:
    """The lines of an import that nobody has looked at page by page, to be inserted at once; new records by their names alone."""
    rows = [*_records(plan), *_lines(plan)]
    for row in rows:
        if row["section"] == Action.CREATE:
            row["detail"]["changes"] = []
    return [_EMPTY | row | {"position": position} for position, row in enumerate(rows)]


def _records(plan: Plan) -> Iterator[dict[str, Any]]:
    for item in sorted((one for one in plan.items if one.action is not Action.UNCHANGED), key=lambda one: RECORDS.index(one.action.value)):
        yield {
            "section": item.action.value,
            "kind": item.kind,
            "record": item.key,
            "name": item.name[:_LONGEST_NAME],
            "detail": _plain(
                {
                    "fingerprint": item.fingerprint,
                    "doubt": item.doubt.value if item.doubt else None,
                    "publish": item.publish,
                    "place": item.place,
                    "changes": [*_whole(item), *(asdict(change) for change in item.changes)],
                }
            ),
        }


def _whole(item: Item) -> Iterator[dict[str, Any]]:
    """What a new record says, as changes of nothing."""
    if item.action is Action.CREATE:
        for change in changes({}, item.document):
            yield {"path": change.path, "before": None, "after": change.after, "doubt": False}


def _lines(plan: Plan) -> Iterator[dict[str, Any]]:
    for section in LINES:
        for one in getattr(plan, section):
            yield {"section": section, "name": one.record[:_LONGEST_NAME], "detail": _plain(_told(one))}


def _told(one: Rejection) -> dict[str, Any]:
    return {"file": one.file, "row": one.row, "column": one.column, "reason": one.reason, "key": one.key, "fields": dict(one.fields)}


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(value, default=str))
    return found


def counts(session: Session, run: int) -> dict[str, int]:
    """Section -> number of lines."""
    rows = select(ImportItemRow.section, func.count()).where(ImportItemRow.run_id == run).group_by(ImportItemRow.section)
    return {section: number for section, number in session.execute(rows)}


def outcomes(session: Session, run: int) -> dict[str, int]:
    """Outcome -> number of records."""
    table = ImportItemRow
    rows = select(table.outcome, func.count()).where(table.run_id == run, table.outcome.is_not(None)).group_by(table.outcome)
    return {str(outcome): number for outcome, number in session.execute(rows)}


def page_of(session: Session, run: int, name: str, page: int, *, by_outcome: bool = False) -> Sequence[ImportItemRow]:
    """The lines of one page of a section, or of those with an outcome."""
    column = ImportItemRow.outcome if by_outcome else ImportItemRow.section
    rows = select(ImportItemRow).where(ImportItemRow.run_id == run, column == name)
    return session.scalars(rows.order_by(ImportItemRow.position).offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()


def every(session: Session, run: int, section: str) -> Iterator[ImportItemRow]:
    """All lines of a section, for a file."""
    rows = select(ImportItemRow).where(ImportItemRow.run_id == run, ImportItemRow.section == section)
    yield from session.scalars(rows.order_by(ImportItemRow.position).execution_options(yield_per=_AT_ONCE))


def decide(session: Session, run: int, decisions: Mapping[int, str | None]) -> None:
    """Keep what was decided about single lines: id -> decision."""
    for value in set(decisions.values()):
        ids = [id for id, decision in decisions.items() if decision == value]
        for start in range(0, len(ids), _AT_ONCE):
            rows = update(ImportItemRow).where(ImportItemRow.run_id == run, ImportItemRow.id.in_(ids[start : start + _AT_ONCE]))
            session.execute(rows.values(decision=value), execution_options={"synchronize_session": False})


def decide_all(session: Session, run: int, section: str, decision: str | None) -> None:
    """The same decision about all lines of a section."""
    rows = update(ImportItemRow).where(ImportItemRow.run_id == run, ImportItemRow.section == section)
    session.execute(rows.values(decision=decision), execution_options={"synchronize_session": False})


def decided(session: Session, run: int) -> dict[str, tuple[str, str]]:
    """Record -> (fingerprint of the change, decision)."""
    table = ImportItemRow
    rows = select(table.record, table.detail, table.decision).where(
        table.run_id == run, table.record.is_not(None), table.decision.is_not(None), table.section != TOPICS
    )
    return {row.record: (row.detail.get("fingerprint", ""), row.decision) for row in session.execute(rows)}


def decisions_of(session: Session, run: int, *, publish: bool) -> Decisions:
    """What was shown and decided, for applying it."""
    table = ImportItemRow
    rows = session.execute(
        select(table.record, table.section, table.detail, table.decision).where(table.run_id == run, table.section.in_(RECORDS))
    ).all()
    return Decisions(
        take=frozenset(row.record for row in rows if row.decision == TAKE),
        skip=frozenset(row.record for row in rows if row.decision == LEAVE_OUT),
        publish=publish,
        seen={row.record: row.detail["fingerprint"] for row in rows},
    )


def note_outcomes(session: Session, run: int, found: Mapping[str, Mapping[str, Any]]) -> None:
    """Record -> what came of it (`outcome`), and what the undo needs (`before`, `after`); what is not given stays as it is."""
    table = ImportItemRow
    known = session.execute(select(table.record, table.id).where(table.run_id == run, table.section.in_(RECORDS)))
    rows = [{"id": row.id, **found[row.record]} for row in known if row.record in found]
    shapes = {tuple(row) for row in rows}
    for shape in shapes:
        alike = [row for row in rows if tuple(row) == shape]
        for start in range(0, len(alike), _AT_ONCE):
            session.execute(update(table), alike[start : start + _AT_ONCE])


def written(session: Session, run: int) -> Iterable[ImportItemRow]:
    """The lines of the records that the import has written."""
    rows = select(ImportItemRow).where(ImportItemRow.run_id == run, ImportItemRow.outcome == "written")
    return session.scalars(rows.order_by(ImportItemRow.position)).all()
