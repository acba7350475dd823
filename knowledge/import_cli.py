"""`newcomer kb import` for files that are planned first: what would change, what is rejected and why, then all of it or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session, sessionmaker

from knowledge.cli_progress import Stages, unbroken
from knowledge.documents.city import TranslationModel
from knowledge.domain.errors import InvalidRecord
from knowledge.editorial.actor import desk_itself
from knowledge.editorial.import_runs.files import reading_for
from knowledge.editorial.import_runs.items import item_rows
from knowledge.editorial.import_runs.pages import figures
from knowledge.editorial.import_runs.states import RunState
from knowledge.editorial.import_runs.writing import Written, write
from knowledge.editorial.imports.outcome import Action, Decisions, Plan
from knowledge.editorial.imports.plan import plan
from knowledge.editorial.imports.prepare import prepare
from knowledge.exchange.formats import Found, Reading, read_files
from knowledge.exchange.integreat.saving import to_save
from knowledge.exchange.newcomer.importer import import_folder
from knowledge.exchange.newcomer.reader import CityFolder
from knowledge.exchange.tables.problems import reason
from knowledge.store.desk_tables import ImportItemRow, ImportRunRow
from knowledge.store.engine import begin_writing
from knowledge.store.reader import municipalities
from knowledge.store.writer import insert_rows
from locales.catalogue import LAST_RESORT, catalogue, say

_ACTOR = "import"


@dataclass(frozen=True)
class Order:
    """What somebody has asked for on the command line."""

    format: str
    paths: Sequence[Path]
    municipality: str | None = None
    dry_run: bool = False
    drafts: bool = False
    take_theirs: bool = False
    languages: Sequence[str] = ()
    source_language: str = ""
    reviewed: bool = False
    verbose: bool = False


def import_files(sessions: sessionmaker[Session], order: Order, default: str) -> int:
    """Import and print the report; returns how many rows, records or pages were rejected. `default` is the municipality of the settings.

    Raises click.ClickException where nothing can be read, or it is not clear where it belongs.
    """
    with Stages() as stages:
        found, town, new = _read(sessions, order, default, stages)
        made, written = _write(sessions, order, found, town, new, stages)
    _print(order, found, made, written)
    return len(made.rejected)


def _read(sessions: sessionmaker[Session], order: Order, default: str, stages: Stages) -> tuple[Found, str, bool]:
    """(what was read, the municipality it is for, whether that one is still to be made)."""
    stages.stage("Reading")
    with sessions() as session:
        known = [name for name, _ in municipalities(session)]
    wanted = order.municipality or default or (known[0] if len(known) == 1 else None)
    if wanted is None and known:
        raise click.ClickException(f"Say with --municipality which one it is for: {', '.join(known)}.")
    with tempfile.TemporaryDirectory(prefix="newcomer-import-") as scratch:
        try:
            if wanted in known:
                found = read_files(order.format, order.paths, _how(sessions, order, str(wanted), Path(scratch)))
                return found, str(wanted), False
            found = read_files(order.format, order.paths, Reading(Path(scratch), date.today(), order.source_language or "en"))
        except InvalidRecord as error:
            raise click.ClickException(_words(error)) from error
    told = found.municipality
    if told is None or (wanted is not None and told.id != wanted):
        have = f"There is no municipality '{wanted}'" if wanted else "The knowledge base has no municipality yet"
        raise click.ClickException(f"{have}, and the file does not bring it. Begin with `newcomer kb import newcomer FOLDER`.")
    return found, told.id, True


def _how(sessions: sessionmaker[Session], order: Order, town: str, scratch: Path) -> Reading:
    with sessions() as session:
        return reading_for(
            session, town, scratch, source_language=order.source_language, languages=order.languages, machine=not order.reviewed
        )


def _words(error: InvalidRecord) -> str:
    known = catalogue(LAST_RESORT)
    key = next((key for key in (error.key, f"error.{error.key}", f"desk.error.{error.key}") if key in known), None)
    return say(key, LAST_RESORT, **error.fields) if key else str(error)


def _write(
    sessions: sessionmaker[Session], order: Order, found: Found, town: str, new: bool, stages: Stages
) -> tuple[Plan, Written | None]:
    with sessions() as session:
        if new:
            _make_municipality(session, found)
        # A page keeps the topic that it has; new ones get theirs at the desk.
        batch = to_save(found.pages, {}) if found.pages is not None else found.batch
        made = plan(session, town, batch, found.source, progress=stages.stage("Checking"))
        if order.dry_run:
            session.rollback()
            return made, None
        lines = item_rows(made)
        prepare(made)
        if not new:
            session.rollback()
            begin_writing(session)
        conflicts = frozenset(item.key for item in made.items if item.action is Action.CONFLICT)
        decisions = Decisions(take=conflicts if order.take_theirs else frozenset(), publish=not order.drafts)
        done = write(session, desk_itself(_ACTOR), made, decisions, stages.stage("Writing"))
        _note(session, order, found, made, done, lines)
        with unbroken():
            session.commit()
    return made, done


def _make_municipality(session: Session, found: Found) -> None:
    """The municipality itself, with its districts and helplines, where the file brings it."""
    assert found.municipality is not None
    city = CityFolder(found.municipality)
    for one in found.municipality_translations:
        name = "municipality" if one.machine else "municipality.reviewed"
        file = city.translations.setdefault((one.language, name), TranslationModel(machine=one.machine, texts={}))
        file.texts.setdefault(one.id, {})[one.field] = one.body
    import_folder(session, city)


def _note(session: Session, order: Order, found: Found, made: Plan, done: Written, lines: list[dict[str, Any]]) -> None:
    """The desk shows this import, too, and can take it back."""
    told: dict[str, Any] = {"counts": made.counts, "source": made.source}
    if found.pages is not None:
        told["figures"] = figures(found.pages)
    run = ImportRunRow(
        municipality_id=made.municipality,
        author=_ACTOR,
        format=order.format,
        file_name=", ".join(path.name for path in order.paths)[:200],
        content={"publish": not order.drafts},
        plan=told,
        report=done.as_json(not order.drafts),
        state=RunState.DONE.value,
        at=done.began,
        ended_at=done.ended,
    )
    session.add(run)
    session.flush()
    insert_rows(session, ImportItemRow, [row | {"run_id": run.id} | done.outcomes.get(row["record"] or "", {}) for row in lines])


def _print(order: Order, found: Found, made: Plan, done: Written | None) -> None:
    counts = made.counts
    head = "Would import into" if done is None else "Imported into"
    told = ", ".join(f"{counts[name]} {words}" for name, words in _COUNTED.items())
    click.echo(f"{head} {made.municipality}: {told}.")
    if done is not None:
        report = done.report
        state = f"{report.published} published, {report.drafts} as drafts, {report.translations} translations"
        click.echo(f"  Written: {report.created} new and {report.updated} changed records; {state}.")
        if report.overtaken:
            click.echo(f"  {len(report.overtaken)} records were changed by somebody in the meantime and left alone.")
    for code, one in (figures(found.pages) if found.pages is not None else {}).items():
        click.echo(
            f"  {code}: {one['in_file']} pages in the file: {one['document']} pages, {one['translation']} translations, "
            f"{one['skipped']} skipped, {one['rejected']} rejected."
        )
    if counts[Action.CONFLICT] and not order.take_theirs:
        click.echo("  Conflicts were kept as they are at the desk; --take-theirs takes what the file says.")
    if order.verbose:
        for item in made.items:
            if item.action is not Action.UNCHANGED:
                click.echo(f"  {item.action.value}: {item.key}")
                for change in item.changes:
                    click.echo(f"    {change.path}: {change.before!r} -> {change.after!r}")
    lists = {"rejected": made.rejected, "skipped": made.skipped} | ({"notice": made.notices} if order.verbose else {})
    for name, lines in lists.items():
        for line in lines:
            click.echo(f"  {name}: {replace(line, reason=reason(line, LAST_RESORT))}", err=True)


_COUNTED = {
    "create": "new",
    "update": "changed",
    "unchanged": "unchanged",
    "conflict": "conflicts",
    "rejected": "rejected",
    "skipped": "skipped",
    "notices": "notices",
}
