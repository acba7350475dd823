"""A real mail server on loopback that keeps what it is given."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword


@dataclass
class Mailbox:
    """What was received, and how the server behaves: `refuse` maps an address to the answer it gets."""

    letters: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    answer: str = "250 OK"
    encrypted: list[bool] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.letters.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
            self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return self.answer

    @property
    def url(self) -> str:
        """For NEWCOMER_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"


class _Server(Controller):
    """Listens on a free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@contextmanager
def mailbox(*, starttls: ssl.SSLContext | None = None, smtps: ssl.SSLContext | None = None, login: str = "") -> Iterator[Mailbox]:
    """A server; with `login` ("user:password") it wants that."""
    box = Mailbox()

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=f"{data.login.decode()}:{data.password.decode()}" == login, handled=False)

    controller = _Server(
        box,
        hostname="127.0.0.1",
        port=0,
        ssl_context=smtps,
        tls_context=starttls,
        authenticator=authenticate if login else None,
        auth_required=bool(login),
        auth_require_tls=False,
    )
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop(no_assert=True)
