"""The digest: what is due for this person, in their language, once, and easily switched off."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from knowledge.config import Settings, load_settings
from knowledge.desk_cli import digest as command
from knowledge.editorial.actor import Actor
from knowledge.editorial.digest import Sent, preview, send_digests, switch_off, token, user_of_token
from knowledge.editorial.mail import mail_server
from knowledge.editorial.questions.keeping import note
from knowledge.editorial.records import now
from knowledge.editorial.review import submit
from knowledge.store.account_tables import UserRow
from tests.integration.editorial.mailbox import Mailbox, mailbox
from tests.integration.editorial.steps import OFFICE, Town

LATER = timedelta(days=8)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


@pytest.fixture
def settings(town: Town, box: Mailbox) -> Settings:
    return load_settings(environment(town, box))


def environment(town: Town, box: Mailbox) -> dict[str, str]:
    return {
        "NEWCOMER_SMTP_URL": box.url,
        "NEWCOMER_MAIL_FROM": "desk@stadt.example",
        "NEWCOMER_PUBLIC_URL": "https://desk.example",
        "NEWCOMER_SECRET": "for the tests only",
        "NEWCOMER_DATABASE_URL": town.database.url,
    }


async def send(town: Town, settings: Settings, at: datetime) -> Sent:
    server = mail_server(settings)
    assert server is not None
    return await send_digests(town.database.sessions, settings, server, at)


def user(town: Town, actor: Actor) -> UserRow:
    with town.database.sessions() as session:
        return session.get_one(UserRow, actor.id)


def change(town: Town, actor: Actor, **values: object) -> None:
    def work(session: Session) -> None:
        for name, value in values.items():
            setattr(session.get_one(UserRow, actor.id), name, value)

    town.do(work)


def body(box: Mailbox, place: int = -1) -> str:
    return str(box.letters[place].get_content())


async def test_each_person_gets_what_is_due_for_them_in_their_language(
    town: Town, settings: Settings, box: Mailbox, editor: Actor, reviewer: Actor, staff: Actor
) -> None:
    change(town, editor, language="de")
    town.change(editor, OFFICE, name="Neues Büro")
    town.do(lambda s: submit(s, editor, OFFICE))
    assert await send(town, settings, now() + LATER) == Sent(2, 0)
    letters = {letter["To"]: str(letter.get_content()).replace("\r\n", "\n") for letter in box.letters}
    assert set(letters) == {"edda@example.org", "rike@example.org"}
    assert "To review: 1\n  - Neues Büro" in letters["rike@example.org"]
    assert "Guten Tag Edda" in letters["edda@example.org"] and "Zu prüfen" not in letters["edda@example.org"]
    assert "https://desk.example/desk\n" in letters["rike@example.org"]


async def test_it_comes_once_in_its_days(town: Town, settings: Settings, box: Mailbox, editor: Actor) -> None:
    start = now()
    assert await send(town, settings, start) == Sent(0, 0)
    assert await send(town, settings, start + LATER) == Sent(1, 0)
    assert await send(town, settings, start + LATER + timedelta(days=6)) == Sent(0, 0)
    assert await send(town, settings, start + LATER + timedelta(days=7)) == Sent(1, 0)


async def test_two_processes_send_it_once(town: Town, settings: Settings, box: Mailbox, editor: Actor, reviewer: Actor) -> None:
    at = now() + LATER
    found = await asyncio.gather(*(send(town, settings, at) for _ in range(3)))
    assert sum(one.sent for one in found) == 2
    assert sorted(letter["To"] for letter in box.letters) == ["edda@example.org", "rike@example.org"]


async def test_without_anything_due_nothing_is_sent(town: Town, settings: Settings, box: Mailbox, staff: Actor) -> None:
    assert await send(town, settings, now() + LATER) == Sent(0, 0)
    assert user(town, staff).digest_sent_at is None


@pytest.mark.parametrize("how", [{"digest": False}, {"disabled": True}], ids=str)
async def test_who_does_not_want_it_or_has_left_gets_none(
    town: Town, settings: Settings, box: Mailbox, editor: Actor, how: dict[str, bool]
) -> None:
    change(town, editor, **how)
    assert await send(town, settings, now() + LATER) == Sent(0, 0)


async def test_what_fails_for_a_while_is_sent_the_next_time(town: Town, settings: Settings, box: Mailbox, editor: Actor) -> None:
    box.refuse["edda@example.org"] = "450 later"
    assert await send(town, settings, now() + LATER) == Sent(0, 1)
    box.refuse.clear()
    assert await send(town, settings, now() + LATER) == Sent(1, 0)


async def test_what_fails_for_good_waits_its_days_and_stops_nobody_else(
    town: Town, settings: Settings, box: Mailbox, editor: Actor, reviewer: Actor
) -> None:
    box.refuse["edda@example.org"] = "550 unknown"
    at = now() + LATER
    assert await send(town, settings, at) == Sent(1, 1)
    assert await send(town, settings, at + timedelta(hours=1)) == Sent(0, 0)


async def test_what_people_asked_in_the_chat_is_not_in_it(town: Town, settings: Settings, box: Mailbox, editor: Actor) -> None:
    town.do(lambda s: note(s, "kleinstadt", "Wo ist das Freibad?", "de", now().date()))
    await send(town, settings, now() + LATER)
    assert "Questions without an answer: 1" in body(box) and "Freibad" not in body(box)


class TestSwitchingOff:
    async def test_the_mail_has_a_link_of_its_own(self, town: Town, settings: Settings, box: Mailbox, editor: Actor) -> None:
        await send(town, settings, now() + LATER)
        link = box.letters[0]["List-Unsubscribe"].strip(" <>")
        assert link.startswith("https://desk.example/desk/digest/off/") and link in body(box)
        assert user_of_token(link.rpartition("/")[2], settings.secret) == editor.id

    @pytest.mark.parametrize("link", ["", "nonsense", "MQ.wrong"])
    def test_a_link_that_is_not_ours_is_nobodys(self, link: str) -> None:
        assert user_of_token(link, "secret") is None
        assert user_of_token(token(1, "another secret"), "secret") is None

    def test_it_switches_off_and_nothing_else(self, town: Town, editor: Actor) -> None:
        assert town.do(lambda s: switch_off(s, editor.id or 0))
        assert not user(town, editor).digest
        assert not town.do(lambda s: switch_off(s, 9999))


class TestCommandLine:
    def test_a_dry_run_shows_the_mails_and_sends_none(
        self, town: Town, box: Mailbox, editor: Actor, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        change(town, editor, created_at=now() - LATER)
        for name, value in environment(town, box).items():
            monkeypatch.setenv(name, value)
        done = CliRunner().invoke(command, ["--dry-run"])
        assert done.exit_code == 0 and "To: edda@example.org" in done.output and "1 e-mails would be sent." in done.output
        assert box.letters == [] and len(preview(town.database.sessions, settings, now())) == 1
        done = CliRunner().invoke(command, [])
        assert done.exit_code == 0 and "1 sent, 0 not sent." in done.output and len(box.letters) == 1

    def test_without_a_mail_server_it_says_what_is_missing(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NEWCOMER_DATABASE_URL", town.database.url)
        monkeypatch.setenv("NEWCOMER_SECRET", "x")
        done = CliRunner().invoke(command, [])
        assert done.exit_code == 1 and "NEWCOMER_SMTP_URL" in done.output
