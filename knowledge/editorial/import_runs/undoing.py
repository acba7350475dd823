"""Take back an import: every record as it was before, as far as nobody has touched it since. One transaction, like the import.

Records that were changed get a new revision with the words of the one before; records that were new are archived. Translations that came
with the import go. What somebody has edited, translated, checked or closed in the meantime is left as it is, and told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from knowledge.documents.canonical import title
from knowledge.documents.models import MODELS
from knowledge.editorial import audit
from knowledge.editorial.actor import Actor
from knowledge.editorial.import_runs.claims import Hold
from knowledge.editorial.import_runs.items import note_outcomes, written
from knowledge.editorial.import_runs.states import RunState
from knowledge.editorial.import_runs.writing import actor_for
from knowledge.editorial.imports.apply import apply
from knowledge.editorial.imports.compare import differing
from knowledge.editorial.imports.known import Known, KnownRecord, chunks, look_up
from knowledge.editorial.imports.outcome import Action, Decisions, FieldChange, Item, Plan, Progress
from knowledge.editorial.imports.texts import insert_all
from knowledge.editorial.records import State, hold_rows, now
from knowledge.editorial.sync import FACTS_OF_THE_DAY
from knowledge.store import tables as t
from knowledge.store.account_tables import AuditRow
from knowledge.store.changes import touch
from knowledge.store.desk_tables import ImportItemRow, ImportMemoryRow, ImportRunRow, PendingTranslationRow, RecordRow, RevisionRow
from knowledge.store.document_writer import TABLES
from knowledge.store.transactions import transact

UNDONE, EDITED, IN_USE = "undone", "edited", "in_use"


def undo_run(sessions: sessionmaker[Session], number: int, hold: Hold) -> None:
    """Take back the run, which is held.

    Raises NotAllowed where the person may not (any longer), Cancelled or Lost where the work is to end: nothing is changed then.
    """
    hold.progress("undoing")(0, 0)
    with sessions() as session:
        run = session.get_one(ImportRunRow, number)
        looked = now()
        items = {str(row.record): row for row in written(session, number)}
        # What takes long to read is read before the lock: whatever has happened to a record since is in the log.
        known = look_up(session, run.municipality_id, items, run.plan["source"])
    hold.quiet()

    def work(session: Session) -> None:
        actor = actor_for(session, run)
        outcomes = _Undo(session, actor, run, items, known, looked, hold.progress("undoing")).run_it()
        note_outcomes(session, number, {key: {"outcome": one} for key, one in outcomes.items()})
        told = {"undone": sum(one == UNDONE for one in outcomes.values()), "left": sum(one != UNDONE for one in outcomes.values())}
        hold.finish(session, RunState.UNDONE, report={**run.report, "undo": told, "problem": None}, ended_at=now())

    transact(sessions, work)


@dataclass
class _Undo:
    session: Session
    actor: Actor
    run: ImportRunRow
    items: dict[str, ImportItemRow]
    known: Known
    looked: datetime
    progress: Progress
    outcomes: dict[str, str] = field(default_factory=dict)

    def run_it(self) -> dict[str, str]:
        self.municipality = self.run.municipality_id
        self.began, self.ended = (datetime.fromisoformat(self.run.report[name]) for name in ("began", "ended"))
        rows = self._lock(sorted(self.items))
        since = select(AuditRow.record).where(AuditRow.municipality_id == self.municipality, AuditRow.at >= self.looked)
        lately = set(self.session.scalars(since))
        untouched = [key for key in self.items if self._untouched(key, rows.get(key), key in lately)]
        self._restore([key for key in untouched if self._before(key)["newest"]])
        self._archive([key for key in untouched if not self._before(key)["newest"]], rows)
        touch(self.session, self.municipality, untouched)
        undone = sum(one == UNDONE for one in self.outcomes.values())
        audit.log(
            self.session, self.actor, self.municipality, "undo_import", None, run=self.run.id, undone=undone, left=len(self.items) - undone
        )
        self.session.flush()
        return self.outcomes

    def _before(self, key: str) -> Mapping[str, Any]:
        return self.items[key].before or {}

    def _after(self, key: str) -> Mapping[str, Any]:
        return self.items[key].after or {}

    def _lock(self, keys: Sequence[str]) -> dict[str, RecordRow]:
        found = hold_rows(self.session, keys)
        self.session.get_one(t.MunicipalityRow, self.municipality, with_for_update=True)
        return found

    def _untouched(self, key: str, row: RecordRow | None, lately: bool) -> bool:
        """Whether nobody has worked on the record since the import; what somebody has is left alone."""
        after, record = self._after(key), self.known.records.get(key)
        same = (
            not lately
            and row is not None
            and record is not None
            and (row.newest, row.published, row.state) == (after["newest"], after["published"], after["state"])
            and not any(one.at and one.at > self.ended for one in record.translations.values())
            and (not self._is_public(key) or _facts(record.body) == _facts(record.facts))
        )
        if not same:
            self.outcomes[key] = EDITED
        return same

    def _is_public(self, key: str) -> bool:
        """Whether readers saw the words of the import at once."""
        return bool(self._after(key)["published"] == self._after(key)["newest"])

    def _restore(self, keys: Sequence[str]) -> None:
        if not keys:
            return
        self._take_translations_back(keys)
        bodies = self._bodies(keys)
        items = [item for key in keys if (item := self._item(key, self.known.records[key], bodies[key])) is not None]
        source = f"undo:{self.run.id}"
        plan = Plan(self.municipality, source, self.run.format, now(), items=items)
        report = apply(self.session, self.actor, plan, Decisions(), self.progress)
        self.session.execute(delete(ImportMemoryRow).where(ImportMemoryRow.source == source))
        self.outcomes |= dict.fromkeys(keys, UNDONE) | dict.fromkeys([*report.overtaken, *report.skipped], EDITED)
        for item in items:
            if self.outcomes[item.key] == UNDONE:
                new = update(RevisionRow).where(RevisionRow.record_id == item.key, RevisionRow.number == item.newest + 1)
                fields = {"restored_from": self._before(item.key)["newest"]}
                self.session.execute(new.values(**fields), execution_options={"synchronize_session": False})
        self._forget([key for key in keys if self.outcomes[key] == UNDONE])

    def _bodies(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        found = {}
        table = RevisionRow
        for part in chunks(sorted(keys)):
            wanted = {self._before(key)["newest"] for key in part}
            rows = select(table.record_id, table.number, table.body).where(table.record_id.in_(part), table.number.in_(wanted))
            for row in self.session.execute(rows):
                if row.number == self._before(row.record_id)["newest"]:
                    found[row.record_id] = row.body
        return found

    def _item(self, key: str, record: KnownRecord, body: dict[str, Any]) -> Item | None:
        """The record as it was, as if it were imported; None where only its translations were other ones."""
        document = body
        public = self._is_public(key)
        if public:
            document = {name: value for name, value in body.items() if name not in FACTS_OF_THE_DAY} | _facts(self._before(key)["facts"])
        found = [FieldChange(one.path, one.before, one.after) for one in differing(record.current, document)]
        if not found:
            return None
        kind, _, place = key.partition(":")
        item = Item(key, kind, place.partition("/")[2], title(kind, document), Action.UPDATE, document, found, newest=record.newest)
        item.publish, item.facts = public, record.facts
        return item

    def _take_translations_back(self, keys: Sequence[str]) -> None:
        """Those that came with the import go, so that the ones before them count again."""
        public, waiting = t.TextTranslationRow, PendingTranslationRow
        for part in chunks(sorted(keys)):
            mine = public.created_at.between(self.began, self.ended)
            self.session.execute(delete(public).where(public.record.in_(part), mine))
            self.session.execute(delete(waiting).where(waiting.record_id.in_(part), waiting.at.between(self.began, self.ended)))
        for key in keys:
            kept = select(waiting.field, waiting.language).where(waiting.record_id == key)
            lost = self._before(key)["pending"]
            there = {(row.field, row.language) for row in self.session.execute(kept)} if lost else set()
            again = [one for one in lost if (one["field"], one["language"]) not in there]
            rows = [{**one, "record_id": key, "at": datetime.fromisoformat(one["at"])} for one in again]
            if rows:
                self.session.execute(insert(waiting), rows)

    def _archive(self, keys: Sequence[str], rows: Mapping[str, RecordRow]) -> None:
        """Take new records away again, but those that others need by now."""
        going = set(keys)
        while blocked := {key for key, users in self._users(going).items() if users - going}:
            going -= blocked
            self.outcomes |= dict.fromkeys(blocked, IN_USE)
        log = []
        for kind in reversed(MODELS):
            part_of = sorted(key for key in going if key.partition(":")[0] == kind)
            for part in chunks(part_of):
                self.session.execute(delete(TABLES[kind]).where(TABLES[kind].id.in_([key.partition(":")[2] for key in part])))
        self.session.flush()
        for key in sorted(going):
            row = rows[key]
            facts = {name: value for name, value in self.known.records[key].facts.items() if value is not None}
            log.append(self._entry(key, row.published, facts))
            row.published, row.state, row.publish_at, row.expire_at = None, State.ARCHIVED.value, None, None
            self.outcomes[key] = UNDONE
        insert_all(self.session, AuditRow, log)
        self._forget(sorted(going))
        # Rows that were deleted in bulk are not to be found in this session either.
        self.session.flush()
        self.session.expire_all()

    def _entry(self, key: str, before: int | None, facts: dict[str, Any]) -> dict[str, Any]:
        return {
            "at": now(),
            "actor_id": self.actor.id,
            "actor": self.actor.name,
            "municipality_id": self.municipality,
            "action": "archive",
            "record": key,
            "detail": {"before": before, "facts": facts, "undo_of": self.run.id},
        }

    def _users(self, keys: set[str]) -> dict[str, set[str]]:
        """Record -> published records that point at it; the municipality itself, where it is its information point."""
        found: dict[str, set[str]] = {key: set() for key in keys}
        service, contact, at, linked = t.ServiceRow, t.ContactRow, t.ServiceAtLocationRow, t.ArticleServiceRow
        pairs = {
            "organization": (("service", service.id, service.organization_id), ("contact", contact.id, contact.organization_id)),
            "location": (("service", at.service_id, at.location_id),),
            "contact": (("service", service.id, service.contact_id),),
            "service": (("article", linked.article_id, linked.service_id),),
        }
        for kind, sources in pairs.items():
            ids = sorted(key.partition(":")[2] for key in keys if key.partition(":")[0] == kind)
            for users, user, used in sources:
                for part in chunks(ids):
                    for row in self.session.execute(select(user, used).where(used.in_(part))):
                        found[f"{kind}:{row[1]}"].add(f"{users}:{row[0]}")
        point = self.session.get_one(t.MunicipalityRow, self.municipality).information_point
        if point and f"service:{point}" in found:
            found[f"service:{point}"].add(f"municipality:{self.municipality}")
        return found

    def _forget(self, keys: Sequence[str]) -> None:
        """What the source has said counts as before the import: else the same file would have nothing new to say."""
        table = ImportMemoryRow
        mine = table.source == self.run.plan["source"]
        for part in chunks(sorted(keys)):
            gone = [key for key in part if self._before(key)["memory"] is None]
            self.session.execute(delete(table).where(mine, table.record_id.in_(gone)))
        for key in keys:
            digest = self._before(key)["memory"]
            if digest is not None:
                again = update(table).where(mine, table.record_id == key).values(digest=digest)
                self.session.execute(again, execution_options={"synchronize_session": False})


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    # A capacity of which nothing is known is none.
    return {name: values[name] for name in FACTS_OF_THE_DAY if values.get(name)}
