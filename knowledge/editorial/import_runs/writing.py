"""The import itself. Reading, checking and comparing come before; what is written is one transaction, as short as it can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from knowledge.editorial.accounts.sessions import actor_of
from knowledge.editorial.actor import Actor, Permission, desk_itself
from knowledge.editorial.errors import NotAllowed
from knowledge.editorial.import_runs.claims import Hold
from knowledge.editorial.import_runs.items import decisions_of, note_outcomes
from knowledge.editorial.import_runs.planning import plan_found, read
from knowledge.editorial.import_runs.states import RunState
from knowledge.editorial.imports.apply import apply
from knowledge.editorial.imports.known import chunks
from knowledge.editorial.imports.outcome import Action, Decisions, Item, Plan, Report
from knowledge.editorial.imports.prepare import prepare
from knowledge.editorial.records import hold_rows, now
from knowledge.store.account_tables import UserRow
from knowledge.store.desk_tables import ImportFileRow, ImportMemoryRow, ImportRunRow, PendingTranslationRow, RecordRow
from knowledge.store.transactions import transact


@dataclass(frozen=True)
class Written:
    """What was done. `outcomes` is record -> outcome, and what the undo needs; everything was written between `began` and `ended`."""

    report: Report
    outcomes: dict[str, dict[str, Any]]
    began: datetime
    ended: datetime

    def as_json(self, publish: bool) -> dict[str, Any]:
        """The report that stays, without the keys of records: those are in the lines."""
        numbers = {name: value for name, value in self.report.as_json().items() if isinstance(value, int)}
        return {"numbers": numbers, "began": self.began.isoformat(), "ended": self.ended.isoformat(), "publish": publish}


def write_run(sessions: sessionmaker[Session], number: int, hold: Hold) -> None:
    """Do what was decided about the run, which is held.

    Raises NotAllowed where the person may not (any longer), Cancelled or Lost where the work is to end: nothing is written then.
    """
    with sessions() as session:
        run = session.get_one(ImportRunRow, number)
        decisions = decisions_of(session, number, publish=bool(run.content.get("publish")))
    found = read(sessions, run, hold)
    made = plan_found(sessions, run, found, hold)
    prepare(made, hold.progress("planning"))
    hold.quiet()

    def work(session: Session) -> None:
        done = write(session, actor_for(session, run), made, decisions, hold.progress("writing"))
        note_outcomes(session, number, done.outcomes)
        session.execute(delete(ImportFileRow).where(ImportFileRow.run_id == number))
        hold.finish(session, RunState.DONE, report=done.as_json(decisions.publish), ended_at=done.ended)

    transact(sessions, work)


def actor_for(session: Session, run: ImportRunRow) -> Actor:
    """The person who has asked for what is being done, with the roles they have now.

    Raises NotAllowed where the account is gone.
    """
    asked = run.content.get("actor", run.user_id)
    if asked is None:
        return desk_itself(run.author)
    user = session.get(UserRow, asked)
    if user is None:
        raise NotAllowed("desk.not_allowed", permission=Permission.IMPORT.value)
    return actor_of(session, user)


def write(session: Session, actor: Actor, made: Plan, decisions: Decisions, progress: Callable[[int, int], None] | None = None) -> Written:
    """Apply the plan within the caller's transaction, and note what the undo needs.

    Raises NotAllowed: publishing needs PUBLISH, drafts need EDIT.
    """
    actor.need(Permission.PUBLISH if decisions.publish else Permission.EDIT, made.municipality)
    items = [item for item in made.items if item.action is not Action.UNCHANGED]
    keys = sorted(item.key for item in items)
    # Who is at one of these records is waited for: what they write is theirs, and no undo of the import takes it away.
    hold_rows(session, keys)
    before = _numbers(session, keys)
    began = now()
    memory, pending = _memory(session, made.source, keys), _pending(session, keys)
    report = apply(session, actor, made, decisions, progress)
    session.flush()
    after = _numbers(session, keys)
    left = {key: "left_out" if key in decisions.skip else "needs" for key in report.skipped}
    left |= dict.fromkeys(report.kept, "kept") | dict.fromkeys(report.overtaken, "overtaken")
    # A conflict that nobody has been shown has come up since.
    left |= {item.key: "overtaken" for item in items if item.key in left and not _shown(item, decisions)}
    outcomes: dict[str, dict[str, Any]] = {}
    for item in items:
        if item.key in left:
            outcomes[item.key] = {"outcome": left[item.key]}
            continue
        was = before.get(item.key, {"newest": 0, "published": None, "state": None})
        known = {"facts": item.facts, "memory": memory.get(item.key), "pending": pending.get(item.key, [])}
        outcomes[item.key] = {"outcome": "written", "before": was | known, "after": after[item.key]}
    return Written(report, outcomes, began, now())


def _shown(item: Item, decisions: Decisions) -> bool:
    return decisions.seen is None or decisions.seen.get(item.key) == item.fingerprint


def _numbers(session: Session, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    found = {}
    table = RecordRow
    for part in chunks(keys):
        rows = select(table.id, table.newest, table.published, table.state).where(table.id.in_(part))
        for row in session.execute(rows):
            found[row.id] = {"newest": row.newest, "published": row.published, "state": row.state}
    return found


def _memory(session: Session, source: str, keys: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    table = ImportMemoryRow
    for part in chunks(keys):
        rows = select(table.record_id, table.digest).where(table.source == source, table.record_id.in_(part))
        found |= {row.record_id: row.digest for row in session.execute(rows)}
    return found


def _pending(session: Session, keys: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Translations that wait for their words to be public: the import may replace them."""
    found: dict[str, list[dict[str, Any]]] = {}
    table = PendingTranslationRow
    for part in chunks(keys):
        for row in session.scalars(select(table).where(table.record_id.in_(part))):
            names = ("field", "language", "of_text", "body", "machine", "reviewed_by", "author")
            kept = {name: getattr(row, name) for name in names} | {"at": row.at.isoformat()}
            found.setdefault(row.record_id, []).append(kept)
    return found
