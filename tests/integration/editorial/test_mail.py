"""E-mails go to a real server, and the desk knows which failures pass."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from knowledge.config import Settings, SettingsError, load_settings
from knowledge.editorial.mail import Mail, MailError, MailServer, mail_server
from tests.integration.editorial.mailbox import Mailbox, mailbox

MAIL = Mail(
    "edda@example.org",
    "Fällig: 3 Einträge",
    "Guten Tag,\n\nالعربية\n.\nein Punkt allein",
    unsubscribe="https://desk.example/off/x",
    language="de",
)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


def settings(url: str, sender: str = "Stadtschreibtisch <desk@stadt.example>") -> Settings:
    return load_settings({"NEWCOMER_SMTP_URL": url, "NEWCOMER_MAIL_FROM": sender, "NEWCOMER_SECRET": "x"})


def server(url: str) -> MailServer:
    found = mail_server(settings(url))
    assert found is not None
    return found


async def test_a_mail_arrives_as_it_was_written(box: Mailbox) -> None:
    await server(box.url).send(MAIL)
    (letter,) = box.letters
    assert (letter["Subject"], letter["To"], letter["From"]) == (MAIL.subject, "edda@example.org", "Stadtschreibtisch <desk@stadt.example>")
    assert letter.get_content().replace("\r\n", "\n").rstrip("\n") == MAIL.text
    assert letter.get_content_type() == "text/plain"
    assert (letter["List-Unsubscribe"], letter["List-Unsubscribe-Post"]) == ("<https://desk.example/off/x>", "List-Unsubscribe=One-Click")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@stadt.example>") and letter["Date"]


async def test_a_subject_with_a_line_break_makes_no_header_of_its_own(box: Mailbox) -> None:
    await server(box.url).send(replace(MAIL, subject="Fällig\r\nBcc: all@example.org"))
    assert box.letters[0]["Bcc"] is None


@pytest.mark.parametrize(("answer", "permanent"), [("550 unknown", True), ("450 later", False)])
async def test_a_refused_address_says_whether_trying_again_helps(box: Mailbox, answer: str, permanent: bool) -> None:
    box.refuse[MAIL.to] = answer
    with pytest.raises(MailError) as caught:
        await server(box.url).send(MAIL)
    assert (caught.value.key, caught.value.permanent) == ("mail.refused", permanent)


@pytest.mark.parametrize(("answer", "permanent"), [("554 no", True), ("451 full", False)])
async def test_a_refused_message_too(box: Mailbox, answer: str, permanent: bool) -> None:
    box.answer = answer
    with pytest.raises(MailError) as caught:
        await server(box.url).send(MAIL)
    assert caught.value.permanent is permanent


async def test_a_server_that_is_not_there_is_tried_again_later() -> None:
    with pytest.raises(MailError) as caught:
        await server("smtp://127.0.0.1:9").send(MAIL)
    assert (caught.value.key, caught.value.permanent) == ("mail.unreachable", False)


async def test_the_error_names_no_person() -> None:
    with pytest.raises(MailError) as caught:
        await server("smtp://127.0.0.1:9").send(MAIL)
    assert "edda" not in str(caught.value) + repr(caught.value.fields)


async def test_a_login_is_used_whatever_signs_it_has(box: Mailbox) -> None:
    with mailbox(login="desk:p@ss/wört") as guarded:
        await server(f"smtp://desk:{quote('p@ss/wört', safe='')}@127.0.0.1:{guarded.port}").send(MAIL)
        assert len(guarded.letters) == 1
        with pytest.raises(MailError) as caught:
            await server(f"smtp://desk:wrong@127.0.0.1:{guarded.port}").send(MAIL)
    assert (caught.value.key, caught.value.permanent) == ("mail.password", False)


class TestEncryption:
    @pytest.fixture(scope="class")
    def certificate(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """A certificate for 127.0.0.1."""
        path = tmp_path_factory.mktemp("tls") / "both.pem"
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
        command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{path}.key", "-out", f"{path}"]
        subprocess.run(command, check=True, capture_output=True)
        path.write_text(path.read_text() + Path(f"{path}.key").read_text())
        return path

    @pytest.fixture
    def context(self, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
        """The server's side; ours trusts the certificate as it would trust one of the system's."""
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(certificate)
        return made

    async def test_starttls_is_used_where_it_is_offered(self, context: ssl.SSLContext) -> None:
        with mailbox(starttls=context) as box:
            await server(box.url).send(MAIL)
        assert box.encrypted == [True]

    async def test_smtps_is_encrypted_from_the_first_byte(self, context: ssl.SSLContext) -> None:
        with mailbox(smtps=context) as box:
            await server(f"smtps://127.0.0.1:{box.port}").send(MAIL)
        assert box.encrypted == [True]

    async def test_a_certificate_nobody_knows_is_refused(self, certificate: Path) -> None:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(certificate)
        with mailbox(smtps=made) as box, pytest.raises(MailError) as caught:
            await server(f"smtps://127.0.0.1:{box.port}").send(MAIL)
        assert (caught.value.permanent, box.letters) == (False, [])


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://mail.example:many"])
def test_an_address_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(SettingsError):
        mail_server(settings(url))


def test_a_sender_is_needed() -> None:
    with pytest.raises(SettingsError):
        mail_server(settings("smtp://mail.example", sender=""))


def test_without_a_server_there_is_none() -> None:
    assert mail_server(settings("")) is None
