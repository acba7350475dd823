"""`newcomer kb …`: bring knowledge in and out, and check it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from knowledge.bootstrap import make_sessions
from knowledge.config import Settings, SettingsError, load_settings
from knowledge.domain.errors import InvalidRecord, KnowledgeUnavailable
from knowledge.domain.records import CRISIS_TOPICS, Knowledge
from knowledge.editorial.actor import desk_itself
from knowledge.editorial.sync import sync
from knowledge.exchange.newcomer.exporter import export_folder
from knowledge.exchange.newcomer.importer import import_folder
from knowledge.exchange.newcomer.reader import read_folder
from knowledge.quality import check_knowledge
from knowledge.store.library import Library
from knowledge.store.migrate import upgrade
from knowledge.store.reader import municipalities
from knowledge.store.writer import remove_municipality
from locales.safety_texts import reviews

FORMATS = ("newcomer",)
DEMO_CITY = Path(__file__).parent / "demo" / "city"


@click.group()
def kb() -> None:
    """The knowledge base."""


@kb.command("import")
@click.argument("format", type=click.Choice(FORMATS))
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Take out the records of this municipality that the folder does not have.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
def import_(format: str, path: Path, replace: bool, dry_run: bool) -> None:
    """Import PATH. What is right is kept, what is wrong is listed with its reason (and the exit code is 2)."""
    import_city(path, replace=replace, dry_run=dry_run)


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
        report = import_folder(session, city, replace=replace)
        sync(session, report.municipality, desk_itself("import"))
        if dry_run:
            session.rollback()
        else:
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


def _published(municipality: str | None = None) -> Knowledge:
    settings = _settings()
    sessions = _sessions(settings)
    try:
        return Library(sessions, settings.municipality or None).knowledge(municipality)
    except KnowledgeUnavailable as error:
        with sessions() as session:
            names = ", ".join(name for name, _ in municipalities(session))
        if not names:
            message = "The knowledge base is empty. Fill it with `newcomer kb import newcomer FOLDER`."
        else:
            message = f"There is no municipality '{error.fields.get('municipality')}'. Known: {names}."
        raise click.ClickException(message) from error


@kb.command("export")
@click.argument("format", type=click.Choice(FORMATS))
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
@click.option("--municipality", default=None, help="Which one; without it, the one that answers.")
def export(format: str, path: Path, municipality: str | None) -> None:
    """Export into the folder PATH (made if it is not there)."""
    knowledge = _published(municipality)
    export_folder(knowledge, path)
    click.echo(f"Exported {knowledge.municipality.id} to {path}.")


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
    findings = check_knowledge(_published())
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
