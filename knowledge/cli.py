"""`newcomer kb …`: bring knowledge in and out, and check it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from knowledge.bootstrap import make_library, make_sessions
from knowledge.config import load_settings
from knowledge.domain.errors import InvalidRecord
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.exchange.newcomer.exporter import export_folder
from knowledge.exchange.newcomer.importer import import_folder
from knowledge.exchange.newcomer.reader import read_folder
from knowledge.quality import check_knowledge
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
@click.option("--replace", is_flag=True, help="Take out services and articles of this municipality that the folder does not have.")
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
    sessions = make_sessions(load_settings())
    with sessions() as session:
        engine = session.get_bind()
        upgrade(engine)  # type: ignore[arg-type]
        report = import_folder(session, city, replace=replace)
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
    for rejection in city.rejected:
        click.echo(f"  rejected: {rejection}", err=True)
    if city.rejected and not quiet:
        raise SystemExit(2)


@kb.command("export")
@click.argument("format", type=click.Choice(FORMATS))
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
@click.option("--municipality", default=None, help="Which one; without it, the one that answers.")
def export(format: str, path: Path, municipality: str | None) -> None:
    """Export into the folder PATH (made if it is not there)."""
    knowledge = make_library(load_settings()).knowledge(municipality)
    export_folder(knowledge, path)
    click.echo(f"Exported {knowledge.municipality.id} to {path}.")


@kb.command("remove")
@click.argument("municipality")
@click.confirmation_option(prompt="This deletes everything of this municipality from the knowledge base. Go on?")
def remove(municipality: str) -> None:
    """Remove MUNICIPALITY, for instance the demonstration city, with everything it has."""
    with make_sessions(load_settings())() as session:
        if not remove_municipality(session, municipality):
            names = ", ".join(name for name, _ in municipalities(session)) or "none"
            raise click.ClickException(f"There is no municipality '{municipality}'. Known: {names}.")
        session.commit()
    click.echo(f"Removed {municipality}.")


@kb.command("check")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check(as_json: bool) -> None:
    """What the city should look at: missing answers, translations, old dates, and crisis texts nobody has reviewed."""
    library = make_library(load_settings())
    findings = check_knowledge(library.knowledge())
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
