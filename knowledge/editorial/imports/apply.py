"""Do what was planned and decided: all of it in the caller's transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import parse
from knowledge.documents.changes import changed_fields
from knowledge.documents.models import MODELS, Document
from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.imports.known import Known, chunks, look_up
from knowledge.editorial.imports.outcome import Action, Decisions, Item, Plan, Progress, Report
from knowledge.editorial.imports.pointers import settle_publishing
from knowledge.editorial.imports.texts import BulkTexts, insert_all
from knowledge.editorial.records import State, hold_rows, now, organization_of
from knowledge.editorial.references import references
from knowledge.store.account_tables import AuditRow
from knowledge.store.changes import touch
from knowledge.store.desk_tables import ImportMemoryRow, RecordRow, RevisionRow
from knowledge.store.document_writer import TABLES, DocumentWriter
from knowledge.store.tables import MunicipalityRow

_PORTION = 200


def apply(session: Session, actor: Actor, plan: Plan, decisions: Decisions | None = None, progress: Progress | None = None) -> Report:
    """Write what `plan` says and `decisions` allow. The caller commits, or rolls back where this raises.

    Conflicts are kept as they are at the desk unless they are taken, and so is every record that somebody has changed since the plan was
    made. Begin the transaction with `begin_writing`. Raises NotAllowed where the permission is missing, and what `progress` raises
    (Cancelled).
    """
    actor.need(Permission.IMPORT, plan.municipality)
    return _Apply(session, actor, plan, decisions or Decisions(), progress).run()


@dataclass
class _Apply:
    session: Session
    actor: Actor
    plan: Plan
    decisions: Decisions
    progress: Progress | None
    moment: datetime = field(default_factory=now)
    report: Report = field(default_factory=Report)
    done: int = 0

    def run(self) -> Report:
        chosen = list(self._chosen())
        # Every verb locks records first, in the order of their keys, and then the municipality.
        rows = self._lock([item.key for item in chosen])
        known = look_up(self.session, self.plan.municipality, [item.key for item in chosen], self.plan.source)
        writable = self._with_what_they_need([item for item in chosen if not self._overtaken(item, rows, known)], known)
        settle_publishing(writable, known.public, self.decisions, self.plan.municipality)
        self.total = len(writable)
        self._tell(0)
        self._write(writable, rows)
        self._remember(writable)
        if self.report.published or self.report.translations:
            touch(self.session, self.plan.municipality, [item.key for item in writable])
        told = {"source": self.plan.source, "format": self.plan.format, "created": self.report.created, "updated": self.report.updated}
        audit.log(self.session, self.actor, self.plan.municipality, "import_file", None, **told, rejected=len(self.plan.rejected))
        self.session.flush()
        self._tell(self.total)
        return self.report

    def _tell(self, done: int) -> None:
        if self.progress:
            self.progress(done, self.total)

    def _chosen(self) -> Iterator[Item]:
        """What nobody has decided against, and what has not changed since it was shown."""
        for item in self.plan.items:
            if item.action is Action.UNCHANGED:
                self.report.unchanged += 1
            elif item.key in self.decisions.skip:
                self.report.skipped.append(item.key)
            elif item.action is Action.CONFLICT and item.key not in self.decisions.take:
                self.report.kept.append(item.key)
            elif self.decisions.seen is not None and self.decisions.seen.get(item.key) != item.fingerprint:
                self.report.overtaken.append(item.key)
            else:
                yield item

    def _lock(self, keys: Sequence[str]) -> dict[str, RecordRow]:
        found = hold_rows(self.session, keys)
        # Two who take the same new id: the second waits here for the first, and then sees its record.
        self.town = self.session.get_one(MunicipalityRow, self.plan.municipality, with_for_update=True)
        return found

    def _overtaken(self, item: Item, rows: dict[str, RecordRow], known: Known) -> bool:
        """Whether somebody has changed the record since the plan was made; it is left alone then."""
        row = rows.get(item.key)
        if item.newest == 0:
            overtaken = item.key in known.public
        elif row is None or row.newest != item.newest or item.key not in known.records:
            overtaken = True
        else:
            record = known.records[item.key]
            brought = {(text.field, text.language) for text in item.translations}
            newer = [one for place, one in record.translations.items() if place in brought and one.at and one.at > self.plan.at]
            taken_back = item.publish and record.published != record.newest
            overtaken = record.facts != item.facts or bool(newer) or taken_back
        if overtaken:
            self.report.overtaken.append(item.key)
        return overtaken

    def _with_what_they_need(self, items: list[Item], known: Known) -> list[Item]:
        """Without those that point at records which were to come and do not."""
        while True:
            coming = {item.key for item in items} | set(known.public)
            kept = [item for item in items if all(key in coming for key in references(item.kind, self.plan.municipality, item.document))]
            if len(kept) == len(items):
                return items
            self.report.skipped += sorted({item.key for item in items} - {item.key for item in kept})
            items = kept

    def _write(self, items: list[Item], rows: dict[str, RecordRow]) -> None:
        texts = BulkTexts(self.session, self.plan.municipality, self.town.source_language, self.moment, sorted(item.key for item in items))
        writer = DocumentWriter(self.session, self.plan.municipality)
        for kind in MODELS:
            group = [item for item in items if item.kind == kind]
            for start in range(0, len(group), _PORTION):
                portion = group[start : start + _PORTION]
                self._portion(kind, portion, rows, writer, texts)
                self.done += len(portion)
                self._tell(self.done)

    def _portion(self, kind: str, portion: list[Item], rows: dict[str, RecordRow], writer: DocumentWriter, texts: BulkTexts) -> None:
        documents = {item.key: item.parsed or parse(kind, item.document) for item in portion}
        self._public_rows(kind, [item for item in portion if item.publish and item.rewrites], documents, writer)
        log = [self._entry(item, rows) for item in portion]
        revisions = [self._revision(item, rows, documents[item.key]) for item in portion]
        self.session.flush()
        insert_all(self.session, RevisionRow, [row for row in revisions if row])
        insert_all(self.session, AuditRow, log)
        for item in portion:
            self._words(item, rows[item.key], documents[item.key], texts)
        texts.write({item.key: rows[item.key] for item in portion if item.publish})

    def _words(self, item: Item, row: RecordRow, document: Document, texts: BulkTexts) -> None:
        if item.publish and item.rewrites:
            texts.sources(item.key, document.texts)
            self.report.published += 1
        elif item.rewrites:
            self.report.drafts += 1
        for text in item.translations:
            # A record that stays a draft may have public words that the draft has not touched: those are translated in public.
            if row.published is None or not texts.public_translation(item.key, text):
                texts.pending_translation(item.key, text, self.actor.name)
        self.report.translations += len(item.translations)

    def _public_rows(self, kind: str, items: list[Item], documents: dict[str, Document], writer: DocumentWriter) -> None:
        table = TABLES[kind]
        keys = [item.key.partition(":")[2] for item in items]
        for part in chunks(keys):  # in one query instead of one each
            self.session.scalars(select(table).where(table.id.in_(part))).all()
        with self.session.no_autoflush:
            writer.write(kind, [documents[item.key] for item in items])

    def _revision(self, item: Item, rows: dict[str, RecordRow], document: Document) -> dict[str, Any] | None:
        """Bring the record up to date; returns the row of its new revision, None where only translations are new."""
        row = rows.get(item.key)
        if row is None:
            row = rows[item.key] = self._new_record(item)
            self.session.add(row)
            self.report.created += 1
        else:
            self.report.updated += 1
        if not item.rewrites:
            return None
        row.newest += 1
        row.name = item.name
        row.organization_id = organization_of(item.kind, self.plan.municipality, item.document)
        row.changed_at, row.changed_by = self.moment, self.actor.name
        if row.state not in (State.REVIEW.value, State.SCHEDULED.value):
            row.state = State.DRAFT.value  # what is being reviewed or planned goes on, with the new words
        if item.publish:
            row.published, row.state, row.review_note = row.newest, State.PUBLISHED.value, None
            checked: date | None = getattr(document, "checked_on", None)
            if checked:
                row.checked_on = max(row.checked_on, checked) if row.checked_on else checked
        return {
            "record_id": item.key,
            "number": row.newest,
            "body": item.document,
            "minor": False,
            "note": self.plan.source[:200],
            "author_id": None,
            "author": self.actor.name,
            "at": self.moment,
            "published_at": self.moment if item.publish else None,
        }

    def _new_record(self, item: Item) -> RecordRow:
        return RecordRow(
            id=item.key,
            municipality_id=self.plan.municipality,
            kind=item.kind,
            local_id=item.id,
            name=item.name,
            state=State.DRAFT.value,
            newest=0,
            published=None,
            changed_at=self.moment,
            changed_by=self.actor.name,
        )

    def _entry(self, item: Item, rows: dict[str, RecordRow]) -> dict[str, Any]:
        row = rows.get(item.key)
        fields = [change.path for change in item.changes] if row else changed_fields({}, item.document)
        detail: dict[str, Any] = {"source": self.plan.source, "fields": fields, "before": row.published if row else None}
        if item.publish:
            detail["number"] = item.newest + 1
        return {
            "at": self.moment,
            "actor_id": self.actor.id,
            "actor": self.actor.name,
            "municipality_id": self.plan.municipality,
            "action": "import",
            "record": item.key,
            "detail": detail,
        }

    def _remember(self, written: list[Item]) -> None:
        """Keep what the source has said of each record that is as it says, or has been asked about and taken."""
        said = {item.key: item.digest for item in written}
        said |= {item.key: item.digest for item in self.plan.items if item.action is Action.UNCHANGED and item.digest}
        table = ImportMemoryRow
        for part in chunks(sorted(said)):
            rows = select(table).where(table.source == self.plan.source, table.record_id.in_(part))
            for row in self.session.scalars(rows):
                row.digest, row.at = said.pop(row.record_id), self.moment
        fresh = [{"record_id": key, "source": self.plan.source, "digest": digest, "at": self.moment} for key, digest in said.items()]
        insert_all(self.session, ImportMemoryRow, fresh)
