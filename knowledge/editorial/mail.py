"""E-mails: plain text, sent by the city's own mail server (``NEWCOMER_SMTP_URL``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib

from knowledge.config import Settings, SettingsError
from knowledge.domain.errors import KnowledgeError
from knowledge.editorial.records import now

TIMEOUT = 30.0
_PORTS = {"smtp": 587, "smtps": 465}


class MailError(KnowledgeError):
    """An e-mail could not be handed over. `permanent`: trying again does not help (the address is unknown, the server refuses us)."""

    def __init__(self, key: str, *, permanent: bool, **fields: object) -> None:
        super().__init__(key, **fields)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail to one person. `unsubscribe` is the address at which a mail program takes them off the list with one click."""

    to: str
    subject: str
    text: str
    unsubscribe: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mails are handed over, and in whose name."""

    host: str
    port: int
    encrypted: bool
    user: str | None
    password: str | None = field(repr=False)
    sender: str

    async def send(self, mail: Mail) -> None:
        """Hand it over.

        Raises MailError, which says whether trying again later makes sense.
        """
        try:
            await aiosmtplib.send(
                self._message(mail),
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                use_tls=self.encrypted,
                # None: STARTTLS wherever the server offers it.
                start_tls=False if self.encrypted else None,
                timeout=TIMEOUT,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            permanent = all(one.code >= 500 for one in error.recipients)
            raise MailError("mail.refused", permanent=permanent, code=error.recipients[0].code) from error
        except aiosmtplib.SMTPAuthenticationError as error:
            # A wrong password is put right by the people who run the desk; the e-mail waits for them.
            raise MailError("mail.password", permanent=False, code=error.code) from error
        except aiosmtplib.SMTPResponseException as error:
            raise MailError("mail.refused", permanent=error.code >= 500, code=error.code) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailError("mail.unreachable", permanent=False, reason=type(error).__name__) from error

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        name, address = parseaddr(self.sender)
        message["From"] = formataddr((name, address)) if name else address
        message["To"] = mail.to
        message["Subject"] = " ".join(mail.subject.split())
        message["Date"] = format_datetime(now())
        message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2] or "localhost")
        # No answers from automatic holiday notices (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        if mail.language:
            message["Content-Language"] = mail.language
        if mail.unsubscribe:
            message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(mail.text, cte="quoted-printable")
        return message


def mail_server(settings: Settings) -> MailServer | None:
    """The mail server of this installation; None where there is none.

    Raises SettingsError for an address that cannot be one.
    """
    if not settings.smtp_url:
        return None
    parts = urlsplit(settings.smtp_url)
    try:
        port = parts.port
    except ValueError as error:
        raise SettingsError("NEWCOMER_SMTP_URL has a port that is no number") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SettingsError("NEWCOMER_SMTP_URL is smtp://host:port or smtps://host:port")
    if "@" not in parseaddr(settings.mail_from)[1]:
        raise SettingsError("NEWCOMER_MAIL_FROM is needed for e-mails: an address, for instance desk@city.example")
    return MailServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        encrypted=parts.scheme == "smtps",
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        sender=settings.mail_from,
    )
