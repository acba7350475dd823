"""The command line: ``newcomer``. Each command imports what it needs when it runs, so that none waits for the others' parts."""

from __future__ import annotations

import asyncio
import json as json_module
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import click

from bot import logs
from knowledge.config import Settings, SettingsError, load_settings


def _settings() -> Settings:
    try:
        settings = load_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    logs.set_up(settings.log_format)
    return settings


class _Commands(click.Group):
    """The commands below, and those of the knowledge base, which are imported when one of them is wanted."""

    elsewhere: ClassVar = {
        "kb": "knowledge.cli", "users": "knowledge.users_cli", "links": "knowledge.desk_cli", "digest": "knowledge.desk_cli"
    }  # fmt: skip

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self.elsewhere])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.elsewhere:
            return super().get_command(ctx, cmd_name)
        found: click.Command = getattr(import_module(self.elsewhere[cmd_name]), cmd_name)
        return found


@click.group(cls=_Commands)
def main() -> None:
    """Newcomer Desk: the city's information assistant for newcomers."""


@main.command()
@click.option("--if-needed", is_flag=True, help="Only where the examples or the code have changed since the last training.")
def train(if_needed: bool) -> None:
    """Train the assistant from the examples in data/."""
    from bot import model

    settings = _settings()
    if if_needed and model.is_current(settings):
        click.echo("The model is current.")
        return
    click.echo("Training the assistant; the first time takes some minutes.")
    click.echo(f"Trained {model.train(settings)}.")


@main.command()
@click.option("--demo", is_flag=True, help="Load the demonstration city if the knowledge base is empty, and train if needed.")
def up(demo: bool) -> None:
    """Start everything and serve until it is ended."""
    from bot.front.run import serve
    from knowledge.users_cli import first_steps

    settings = _settings()
    _bring_up_to_date(settings)
    if demo:
        _prepare_demo(settings)
    hint = first_steps(settings)
    if hint:
        click.echo(hint)
    asyncio.run(serve(settings))


def _bring_up_to_date(settings: Settings) -> None:
    """The schema of the knowledge base; where it cannot be brought up to date, the desk still starts and says what is missing."""
    import structlog
    from sqlalchemy.exc import SQLAlchemyError

    from knowledge.bootstrap import make_sessions
    from knowledge.editorial.sync import sync_new
    from knowledge.store.migrate import upgrade

    sessions = make_sessions(settings)
    try:
        with sessions() as session:
            upgrade(session.get_bind())  # type: ignore[arg-type]
            # A knowledge base from before the desk gets its place there.
            sync_new(session)
            session.commit()
    except SQLAlchemyError as error:
        structlog.get_logger(__name__).error("knowledge.schema", reason=type(error).__name__)


def _prepare_demo(settings: Settings) -> None:
    from bot import model
    from knowledge.bootstrap import make_sessions
    from knowledge.cli import DEMO_CITY, import_city
    from knowledge.store.reader import municipalities

    with make_sessions(settings)() as session:
        empty = not municipalities(session)
    if empty:
        import_city(DEMO_CITY, quiet=True)
    if not model.is_current(settings):
        click.echo("Training the assistant; the first time takes some minutes.")
        model.train(settings)


@main.command()
@click.argument("text")
@click.option("--language", default=None, help="The language that the channel would report.")
@click.option("--json", "as_json", is_flag=True, help="The messages as JSON.")
@click.option("--url", default=None, help="A running front; without it the one of these settings.")
def ask(text: str, language: str | None, as_json: bool, url: str | None) -> None:
    """Ask TEXT as a newcomer would, of the assistant that is running."""
    from bot.front.ask import NotRunning, ask_once

    settings = _settings()
    try:
        messages = asyncio.run(ask_once(url or f"http://{settings.host}:{settings.port}", text, language, settings.rest_token))
    except NotRunning as error:
        raise click.ClickException(f"Nothing answers at {error.url}. Start it with `newcomer up` (or `make run`).") from error
    if as_json:
        click.echo(json_module.dumps(messages, ensure_ascii=False, indent=1))
        return
    for message in messages:
        click.echo(message["text"])
        for button in message["buttons"]:
            click.echo(f"  [{button['title']}]")
        click.echo()


@main.command()
@click.argument("what", type=click.Choice(["language", "topics", "safety"]))
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows that went wrong to this file (JSON lines).")
def evaluate(what: str, files: tuple[Path, ...], as_json: bool, errors: Path | None) -> None:
    """Measure on rows that the assistant was not trained on: FILES in JSON lines, or our own held-back examples. Never trains."""
    from bot.evaluation.run import evaluate_files
    from bot.evaluation.table import as_table

    settings = _settings()
    result = asyncio.run(evaluate_files(settings, what, files, errors))
    click.echo(json_module.dumps(result, ensure_ascii=False) if as_json else as_table(result))


@main.command()
@click.argument("what", type=click.Choice(["reply", "desk"]), default="reply")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
@click.option("--rounds", default=60, show_default=True, help="Messages of one person. (Not for the desk.)")
@click.option("--services", default=5000, show_default=True, type=click.IntRange(min=1), help="Services in the city. (For the desk.)")
@click.option("--database-url", default=None, help="A PostgreSQL database to measure on, too; in a schema of its own. (For the desk.)")
def bench(what: str, as_json: bool, rounds: int, services: int, database_url: str | None) -> None:
    """Time a reply over REST, for one person and for sixteen at once, and its parts. Starts a server of its own.

    `bench desk`: what editors wait for, with thousands of services, in a database that is gone afterwards.
    """
    result: dict[str, Any]
    if what == "desk":
        from bot.evaluation.desk_bench import run_desk_bench

        _settings()
        result = asyncio.run(run_desk_bench(services, database_url))
    else:
        from bot.evaluation.bench import run_bench
        from knowledge.cli import published_knowledge

        settings = _settings()
        published_knowledge()  # without a city the server would be waited for in vain
        result = asyncio.run(run_bench(settings, rounds))
    if as_json:
        click.echo(json_module.dumps(result))
        return
    for name, row in result["metrics"].items():
        click.echo(f"{name:28} median {row['median']:9.4f}   p95 {row['p95']:9.4f}   {row['unit']}")


@main.command("settings")
def show_settings() -> None:
    """List every setting, its default and what it does."""
    from knowledge.config import SETTINGS

    for setting in SETTINGS:
        click.echo(f"{setting.name}={setting.default}\n    {setting.description}")


if __name__ == "__main__":
    sys.exit(main())
