"""The dry run: read the files and say what would happen. Changes nothing but the run's own rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from knowledge.editorial.import_runs import pages
from knowledge.editorial.import_runs.claims import Hold
from knowledge.editorial.import_runs.files import read_run
from knowledge.editorial.import_runs.items import store_plan
from knowledge.editorial.import_runs.states import RunState
from knowledge.editorial.imports.outcome import Plan
from knowledge.editorial.imports.plan import plan
from knowledge.editorial.records import now
from knowledge.exchange.batch import Rejection
from knowledge.exchange.formats import Found
from knowledge.exchange.integreat.saving import to_save
from knowledge.store.desk_tables import ImportRunRow
from knowledge.store.engine import begin_writing
from locales.catalogue import say


def make_plan(sessions: sessionmaker[Session], number: int, hold: Hold) -> None:
    """Read the files of a run that is held, and keep what would happen; an export of Integreat waits for its topics first.

    Raises InvalidRecord where nothing can be read at all, Cancelled or Lost where the work is to end.
    """
    with sessions() as session:
        run = session.get_one(ImportRunRow, number)
    found = read(sessions, run, hold)
    told: dict[str, Any] = {"made": now().isoformat()}
    if found.pages is not None:
        told["figures"] = pages.figures(found.pages)
    if found.pages is not None and not run.content.get("topics"):
        pages.store_pages(sessions, run, found.pages)
        state = RunState.TOPICS
    else:
        made = plan_found(sessions, run, found, hold)
        hold.progress("storing")(0, 0)
        store_plan(sessions, number, made)
        state = RunState.PLANNED
        told |= {"counts": made.counts, "source": made.source, "missing": [asdict(one) for one in made.missing]}
    with sessions() as session, session.begin():
        begin_writing(session)
        hold.finish(session, state, plan=told)


def read(sessions: sessionmaker[Session], run: ImportRunRow, hold: Hold) -> Found:
    """What the files of `run` say."""
    hold.progress("reading")(0, 0)
    return read_run(sessions, run)


def plan_found(sessions: sessionmaker[Session], run: ImportRunRow, found: Found, hold: Hold) -> Plan:
    """What would happen to each record, with the topics that were confirmed."""
    batch = found.batch
    with sessions() as session:
        if found.pages is not None:
            batch = to_save(found.pages, pages.confirmed(session, run.id))
        keep = not run.content.get("missing_gone")
        made = plan(session, run.municipality_id, batch, found.source, keep_missing=keep, progress=hold.progress("planning"))
    if found.municipality is not None:
        key = "desk.exchange.notice.municipality"
        made.notices.append(Rejection(run.file_name, found.municipality.id, say(key, "en"), key=key))
    return made
