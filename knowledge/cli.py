"""`newcomer kb …`: bring knowledge in and out, and check it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from knowledge.bootstrap import make_sessions
from knowledge.cli_progress import unbroken
from knowledge.config import Settings, SettingsError, load_settings
from knowledge.documents.from_records import documents
from knowledge.documents.models import LocationModel
from knowledge.domain.errors import InvalidRecord, KnowledgeUnavailable
from knowledge.domain.records import CRISIS_TOPICS, Knowledge
from knowledge.editorial.actor import desk_itself
from knowledge.editorial.care import first_intervals, own_intervals
from knowledge.editorial.imports.tables import published_revisions
from knowledge.editorial.records import record_key
from knowledge.editorial.sync import sync
from knowledge.exchange.formats import FORMATS, READABLE, WRITABLE, Writing
from knowledge.exchange.kinds import KINDS
from knowledge.exchange.newcomer.checking import write_intervals
from knowledge.exchange.newcomer.importer import import_folder
from knowledge.exchange.newcomer.reader import read_folder
from knowledge.exchange.withheld import settle_withheld_folder
from knowledge.import_cli import Order, import_files
from knowledge.quality import check_knowledge
from knowledge.store.library import Library
from knowledge.store.migrate import upgrade
from knowledge.store.reader import municipalities, read_knowledge
from knowledge.store.tables import MunicipalityRow
from knowledge.store.writer import remove_municipality
from locales.safety_texts import reviews

DEMO_CITY = Path(__file__).parent / "demo" / "city"
_OPTIONS = {"languages": "language", "take_theirs": "take-theirs", "source_language": "source-language"}
_IMPORTS = ("newcomer", *(code for code in READABLE if code != "newcomer"))
_EXPORTS = ("newcomer", *(code for code in WRITABLE if code != "newcomer"))


@click.group()
def kb() -> None:
    """The knowledge base."""


@kb.command("import")
@click.argument("format", type=click.Choice(_IMPORTS))
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--municipality", default=None, help="Which one it is for; needed only where there are several. (Not for newcomer.)")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--drafts", is_flag=True, help="Bring everything in as drafts instead of publishing it. (Not for newcomer.)")
@click.option("--take-theirs", is_flag=True, help="Where the desk and the file differ, take the file's words. (Not for newcomer.)")
@click.option("--replace", is_flag=True, help="Take out the records of this municipality that the folder does not have. (newcomer only.)")
@click.option("--language", "languages", multiple=True, help="Language of an Integreat file; once for each file, in their order.")
@click.option("--source-language", default="", help="Language in which the pages of Integreat are written; by default the city's.")
@click.option("--reviewed", is_flag=True, help="The translations of Integreat were made or read by people.")
@click.option("--verbose", is_flag=True, help="Print every change and every notice, too.")
def import_(format: str, paths: tuple[Path, ...], replace: bool, dry_run: bool, municipality: str | None, **choices: Any) -> None:
    """Import PATHS: files, folders or zip files of the FORMAT.

    What is right is kept, what is wrong is listed with its reason (and the exit code is 2). All of it is written, or nothing: Ctrl-C leaves
    the knowledge base as it was.
    """
    try:
        if format == "newcomer":
            _only_for_others(municipality=municipality, **choices)
            if len(paths) != 1 or not paths[0].is_dir():
                raise click.UsageError("newcomer takes one folder.")
            import_city(paths[0], replace=replace, dry_run=dry_run)
            return
        if replace:
            raise click.UsageError("--replace goes with newcomer only.")
        settings = _settings()
        order = Order(format, paths, municipality=municipality, dry_run=dry_run, **choices)
        if import_files(_sessions(settings), order, settings.municipality):
            raise SystemExit(2)
    except KeyboardInterrupt:
        click.echo("Interrupted; nothing was changed.", err=True)
        raise SystemExit(130) from None


def _only_for_others(**given: Any) -> None:
    named = [_OPTIONS.get(name, name) for name, value in given.items() if value and name != "verbose"]
    if named:
        raise click.UsageError(f"--{', --'.join(named)}: not with newcomer, which takes a folder as it is.")


def import_city(path: Path, *, replace: bool = False, dry_run: bool = False, quiet: bool = False) -> None:
    """Read, check and write a folder in our own format; prints a report."""
    try:
        city = read_folder(path)
    except InvalidRecord as error:
        raise click.ClickException(
            f"{path / 'municipality.yml'} cannot be used: {error.fields.get('reason', 'it is not there')}"
        ) from error
    sessions = _sessions(_settings())
    with sessions() as session:
        if session.get(MunicipalityRow, city.municipality.id) is not None:
            places = documents(read_knowledge(session, city.municipality.id))["location"]
            settle_withheld_folder(city, {id: LocationModel.parse_obj(place) for id, place in places.items()})
        report = import_folder(session, city, replace=replace)
        sync(session, report.municipality, desk_itself("import"))
        often = {record_key(kind, report.municipality, id): days for (kind, id), days in city.check_days.items()}
        first_intervals(session, desk_itself("import"), often)
        if dry_run:
            session.rollback()
        else:
            with unbroken():
                session.commit()
    head = "Would import" if dry_run else "Imported"
    click.echo(
        f"{head} {report.municipality}: {report.organizations} organizations, {report.locations} locations, {report.services} services, "
        f"{report.articles} articles; {report.texts_changed} texts and {report.translations_changed} translations changed, "
        f"{report.removed} records taken out."
    )
    if replace and city.rejected:
        click.echo("  Nothing was taken out, since records were rejected.", err=True)
    for rejection in city.rejected:
        click.echo(f"  rejected: {rejection}", err=True)
    if city.rejected and not quiet:
        raise SystemExit(2)


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _sessions(settings: Settings) -> sessionmaker[Session]:
    """Sessions on the knowledge base, brought to the newest schema."""
    sessions = make_sessions(settings)
    try:
        with sessions() as session:
            upgrade(session.get_bind())  # type: ignore[arg-type]
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip()
        raise click.ClickException(f"The knowledge base cannot be opened: {reason}") from error
    return sessions


def published_knowledge(municipality: str | None = None) -> Knowledge:
    """What readers see of `municipality`; without it, of the one that answers. Where there is none, the command ends with the way out."""
    settings = _settings()
    sessions = _sessions(settings)
    try:
        return Library(sessions, settings.municipality or None).knowledge(municipality)
    except KnowledgeUnavailable as error:
        with sessions() as session:
            names = ", ".join(name for name, _ in municipalities(session))
        if not names:
            message = (
                "The knowledge base is empty. Fill it with `newcomer kb import newcomer FOLDER`, "
                "or start with the demonstration city: `make run`."
            )
        else:
            message = f"There is no municipality '{error.fields.get('municipality')}'. Known: {names}."
        raise click.ClickException(message) from error


@kb.command("export")
@click.argument("format", type=click.Choice(_EXPORTS))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--municipality", default=None, help="Which one; without it, the one that answers.")
@click.option("--private", is_flag=True, help="With the addresses of confidential places, to move an installation; not to be published.")
def export(format: str, path: Path, municipality: str | None, private: bool) -> None:
    """Export to PATH: a folder (made if it is not there), or a file for xlsx."""
    knowledge = published_knowledge(municipality)
    one = FORMATS[format]
    if one.file and path.is_dir():
        path = path / f"{knowledge.municipality.id}{one.file}"
    elif not one.file and path.is_file():
        raise click.UsageError(f"{path} is a file; {format} is written into a folder.")
    with _sessions(_settings())() as session:
        revisions = published_revisions(session, knowledge.municipality.id)
        often = own_intervals(session, knowledge.municipality.id)
    try:
        one.export(knowledge, path, Writing(frozenset(KINDS), private, revisions))
        if format == "newcomer":
            write_intervals(path, often)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror or type(error).__name__}") from error
    click.echo(f"Exported {knowledge.municipality.id} to {path}.")
    hidden = sum(place.confidential for place in knowledge.locations.values())
    if hidden and not private:
        click.echo(f"  Without the addresses of {hidden} confidential places; --private has them, to move an installation.", err=True)


@kb.command("remove")
@click.argument("municipality")
@click.confirmation_option(prompt="This deletes everything of this municipality from the knowledge base. Go on?")
def remove(municipality: str) -> None:
    """Remove MUNICIPALITY, for instance the demonstration city, with everything it has."""
    with _sessions(_settings())() as session:
        if not remove_municipality(session, municipality):
            names = ", ".join(name for name, _ in municipalities(session)) or "none"
            raise click.ClickException(f"There is no municipality '{municipality}'. Known: {names}.")
        session.commit()
    click.echo(f"Removed {municipality}.")


@kb.command("check")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check(as_json: bool) -> None:
    """What the city should look at: missing answers, translations, old dates, and crisis texts nobody has reviewed."""
    findings = check_knowledge(published_knowledge())
    states = {code: {"state": r.state, "reviewed_by": r.reviewed_by} for code, r in reviews().items()}
    if as_json:
        click.echo(json.dumps({"findings": [f.__dict__ for f in findings], "crisis_texts": states}, ensure_ascii=False, indent=1))
    else:
        for kind, number in Counter(finding.kind for finding in findings).items():
            click.echo(f"{kind}: {number}")
            for finding in [f for f in findings if f.kind == kind][:10]:
                click.echo(f"  {finding.record}: {finding.detail}")
        click.echo(f"Crisis texts ({', '.join(CRISIS_TOPICS)}), state of review by a native speaker:")
        for code, state in states.items():
            click.echo(f"  {code}: {state['state']}" + (f" by {state['reviewed_by']}" if state["reviewed_by"] else ""))
    if any(finding.severity == "error" for finding in findings):
        raise SystemExit(1)
