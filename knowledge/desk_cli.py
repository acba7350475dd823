"""`newcomer links` and `newcomer digest`: what the desk does by itself, at once or to look at."""

from __future__ import annotations

import asyncio

import click

from knowledge.bootstrap import make_sessions
from knowledge.config import Settings, SettingsError, load_settings
from knowledge.domain.errors import KnowledgeError
from knowledge.editorial.digest import preview, send_digests
from knowledge.editorial.links.asking import asker
from knowledge.editorial.links.checking import Checked, NoNetwork, broken_everywhere, inspect
from knowledge.editorial.mail import mail_server
from knowledge.editorial.records import now


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@click.group()
def links() -> None:
    """The web addresses in the records."""


@links.command("check")
def check() -> None:
    """Ask for every address that a published record names, now. One that fails on two days is called broken."""
    settings = _settings()
    sessions = make_sessions(settings)

    async def work() -> Checked:
        async with asker(settings.public_url) as asking:
            return await inspect(sessions, asking, now())

    try:
        found = asyncio.run(work())
    except NoNetwork as error:
        raise click.ClickException(
            f"None of {error.fields['asked']} addresses answered: is this machine online? Nothing was noted."
        ) from error
    click.echo(f"{found.asked} addresses asked for, {found.failed} did not answer well, {found.broken} broken by now.")
    with sessions() as session:
        for record, url, problem in broken_everywhere(session):
            click.echo(f"  {record}: {url} ({problem})")


@click.command()
@click.option("--dry-run", is_flag=True, help="Print the e-mails that would be sent now; send nothing.")
def digest(dry_run: bool) -> None:
    """Send everybody who wants it an e-mail about what is due for them, if it is time for one."""
    settings = _settings()
    sessions = make_sessions(settings)
    if dry_run:
        mails = preview(sessions, settings, now())
        for mail in mails:
            click.echo(f"To: {mail.to}\nSubject: {mail.subject}\n\n{mail.text}")
        click.echo(f"{len(mails)} e-mails would be sent.")
        return
    try:
        server = mail_server(settings)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    if server is None or not settings.public_url:
        raise click.ClickException("E-mails need NEWCOMER_SMTP_URL, NEWCOMER_MAIL_FROM and NEWCOMER_PUBLIC_URL.")
    try:
        done = asyncio.run(send_digests(sessions, settings, server, now()))
    except KnowledgeError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{done.sent} sent, {done.failed} not sent.")
