"""E-mails with a one-time link, where e-mail is set up. An administrator has the link on the page in any case."""

from __future__ import annotations

import asyncio

import structlog

from knowledge.config import SettingsError
from knowledge.editorial.accounts import links
from knowledge.editorial.mail import Mail, MailError, mail_server
from knowledge.store.account_tables import UserRow
from knowledge.web.desk.request import DeskRequest
from locales import catalogue

log = structlog.get_logger(__name__)
# Somebody waits for it at the page.
_SECONDS = 10


async def send_link(desk: DeskRequest, user: UserRow, address: str, *, invited: bool) -> str:
    """Send the link to its owner: "sent", "failed", or "none" where no e-mail is set up."""
    which = "invited" if invited else "reset"
    language = user.language or desk.language
    fields = {"name": user.name, "by": desk.actor.name, "address": address, "days": links.VALID.days}
    mail = Mail(
        user.email,
        catalogue.say(f"desk.accounts.mail.subject_{which}", language),
        catalogue.say(f"desk.accounts.mail.body_{which}", language, **fields),
        language=language,
    )
    return await hand_over(desk, mail)


async def hand_over(desk: DeskRequest, mail: Mail) -> str:
    """Send an e-mail while somebody waits: "sent", "failed", or "none" where no e-mail is set up."""
    try:
        server = mail_server(desk.settings)
        if server is None:
            return "none"
        async with asyncio.timeout(_SECONDS):
            await server.send(mail)
    except (MailError, SettingsError, TimeoutError) as error:
        log.warning("desk.link_not_sent", reason=error.key if isinstance(error, MailError) else type(error).__name__)
        return "failed"
    return "sent"
