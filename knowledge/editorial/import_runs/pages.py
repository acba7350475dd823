"""The review step of an Integreat import: the tree of pages, what each might be about, and what an editor has decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from knowledge.documents.models import PageModel
from knowledge.domain.topics import load_topics
from knowledge.editorial.import_runs.items import TOPICS, decide, insert_items
from knowledge.editorial.imports.known import chunks
from knowledge.editorial.records import record_key
from knowledge.exchange.integreat.importer import IntegreatImport
from knowledge.exchange.integreat.notices import Outcome
from knowledge.exchange.integreat.topics import propose_topics
from knowledge.store.desk_tables import ImportItemRow, ImportRunRow, RecordRow, RevisionRow
from knowledge.store.engine import begin_writing

# "No topic", said by a person; what nobody has decided about has no decision at all.
NO_TOPIC = "-"


def store_pages(sessions: sessionmaker[Session], run: ImportRunRow, found: IntegreatImport) -> None:
    """The pages in the order of their tree, each with a proposal. Topics that were chosen for them before are kept."""
    proposals = {one.page: one for one in propose_topics(found.batch)}
    changed = found.changed_on()
    keys = [record_key("page", run.municipality_id, page.id) for page in found.batch.documents["page"]]
    with sessions() as session, session.begin():
        begin_writing(session)
        chosen = {row.record: row.decision for row in pages(session, run.id)}
        current = _topics_at_the_desk(session, keys)
        session.execute(delete(ImportItemRow).where(ImportItemRow.run_id == run.id, ImportItemRow.section == TOPICS))
    rows = []
    for position, page in enumerate(_in_order([one for one in found.batch.documents["page"] if isinstance(one, PageModel)])):
        proposal = proposals[page.id]
        key = record_key("page", run.municipality_id, page.id)
        detail = {
            "path": list(proposal.path),
            "proposed": proposal.topic,
            "confidence": proposal.confidence.value,
            "reason": {"key": f"integreat.{proposal.reason.key}", "fields": proposal.reason.fields},
            "current": current.get(key),
            "changed_on": changed[page.id].isoformat() if page.id in changed else None,
        }
        name = str(page.texts["title"])[:300]
        rows.append(
            {"run_id": run.id, "position": position, "section": TOPICS, "kind": "page", "record": key, "name": name, "detail": detail}
            | {"decision": chosen.get(key)}
        )
    insert_items(sessions, rows)


def _topics_at_the_desk(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """Page -> the topic that it has here already."""
    found: dict[str, str] = {}
    for part in chunks(keys):
        rows = (
            select(RecordRow.id, RevisionRow.body)
            .join(RevisionRow, (RevisionRow.record_id == RecordRow.id) & (RevisionRow.number == RecordRow.newest))
            .where(RecordRow.id.in_(part))
        )
        found |= {row.id: row.body["topic"] for row in session.execute(rows) if row.body.get("topic")}
    return found


def _in_order(found: Sequence[PageModel]) -> Iterator[PageModel]:
    """From the top down, each page followed by those below it."""
    below: dict[str | None, list[PageModel]] = {}
    known = {page.id for page in found}
    for page in found:
        below.setdefault(page.parent if page.parent in known else None, []).append(page)
    waiting = sorted(below.get(None, []), key=lambda page: page.order, reverse=True)
    while waiting:
        page = waiting.pop()
        yield page
        waiting += sorted(below.get(page.id, []), key=lambda one: one.order, reverse=True)


def pages(session: Session, run: int) -> Sequence[ImportItemRow]:
    """All pages of the review, in the order of the tree."""
    rows = select(ImportItemRow).where(ImportItemRow.run_id == run, ImportItemRow.section == TOPICS)
    return session.scalars(rows.order_by(ImportItemRow.position)).all()


def branch(rows: Sequence[ImportItemRow], top: int) -> list[ImportItemRow]:
    """The page with the id `top` and all pages below it."""
    start = next((number for number, row in enumerate(rows) if row.id == top), None)
    if start is None:
        return []
    depth = len(rows[start].detail["path"])
    found = [rows[start]]
    for row in rows[start + 1 :]:
        if len(row.detail["path"]) <= depth:
            break
        found.append(row)
    return found


def confirm_proposals(session: Session, run: int, rows: Sequence[ImportItemRow]) -> int:
    """Take the proposals for those of `rows` that have no topic yet and about which nobody has decided; returns how many."""
    undecided = [row for row in rows if row.decision is None and not row.detail.get("current")]
    wanted = {row.id: row.detail["proposed"] for row in undecided if row.detail["proposed"]}
    decide(session, run, wanted)
    return len(wanted)


def choose(session: Session, run: int, chosen: Mapping[int, str]) -> None:
    """Keep what was chosen: id of the line -> topic, `NO_TOPIC`, or empty for "not decided". What is no topic is passed over."""
    known = load_topics().topics
    decide(session, run, {id: topic or None for id, topic in chosen.items() if topic in ("", NO_TOPIC) or topic in known})


def confirmed(session: Session, run: int) -> dict[str, str | None]:
    """Page id -> topic, None for "no topic"; pages about which nobody has decided are not in it."""
    found: dict[str, str | None] = {}
    for row in pages(session, run):
        if row.decision is not None and row.record is not None:
            found[row.record.partition("/")[2]] = None if row.decision == NO_TOPIC else row.decision
    return found


def figures(found: IntegreatImport) -> dict[str, Any]:
    """Language -> pages by what became of them, as JSON."""
    counts = found.figures()
    return {
        code: {
            "in_file": one.in_file,
            Outcome.DOCUMENT.value: one.documents,
            Outcome.TRANSLATION.value: one.translations,
            Outcome.SKIPPED.value: one.skipped,
            Outcome.REJECTED.value: one.rejected,
        }
        for code, one in counts.items()
    }
