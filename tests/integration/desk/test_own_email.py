"""The e-mail address of one's own account: another one counts once its owner has opened the link that was sent to it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientResponse
from cryptography import fernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import links, own_email
from knowledge.store.account_tables import AuditRow, UserRow
from locales.catalogue import say
from tests.integration.desk.accounts_acts import choose, id_of
from tests.integration.desk.acts import PASSWORD, WRONG, give_password, try_to_sign_in
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.people import Desk, Person, user_of
from tests.integration.editorial.mailbox import Mailbox, mailbox

OLD, NEW = "editor@desk.example", "anna@city.example"


@dataclass
class Post:
    """A desk that sends e-mails, the mailbox they come to, and the number of the editor's account."""

    desk: Desk
    box: Mailbox
    number: int

    def link(self) -> str:
        """Path of the link in the newest letter."""
        found = re.search(r"https?://\S+/desk/account/email/[\w-]+", self.box.letters[-1].get_content())
        assert found is not None
        return urlsplit(found[0]).path

    def address(self) -> str:
        """The editor's, as it is now."""
        return str(self.desk.do(lambda session: session.get_one(UserRow, self.number).email))


@pytest.fixture
async def post(make_desk: MakeDesk) -> AsyncIterator[Post]:
    """Given an editor with a password."""
    with mailbox() as box:
        made = await make_desk(NEWCOMER_SMTP_URL=box.url, NEWCOMER_MAIL_FROM="desk@city.example")
        give_password(made)
        yield Post(made, box, id_of(made, "editor"))


async def ask(person: Person, email: str = NEW, present: str = PASSWORD) -> ClientResponse:
    return await person.post("/desk/account/email", email=email, present=present)


async def test_the_new_address_counts_once_its_link_was_opened(post: Post) -> None:
    person = await post.desk.sign_in("editor")
    answer = await ask(person, " Anna@City.Example ")
    assert answer.headers["Location"] == "/desk/account"
    assert post.box.letters[-1]["To"] == NEW
    assert post.address() == OLD
    link = post.link()
    assert NEW.partition("@")[0] in await person.page(link)
    assert post.address() == OLD  # mail programs open links to look at them
    assert (await person.post(link)).headers["Location"] == "/desk/account"
    assert post.address() == NEW
    assert (await try_to_sign_in(post.desk.browser(), OLD)).status == 400
    assert (await try_to_sign_in(post.desk.browser(), NEW)).status == 303


async def test_the_log_tells_so_and_links_for_a_password_are_void(post: Post) -> None:
    kept = post.desk.do(lambda session: links.path(links.make(session, user_of(session, "editor"))))
    person = await post.desk.sign_in("editor")
    await ask(person)
    await person.post(post.link())
    about = select(AuditRow.action).where(AuditRow.record == f"user:{post.number}")
    assert post.desk.do(lambda session: session.scalars(about).all()) == ["user_email"]
    assert (await choose(post.desk.browser(), kept)).status == 404


@pytest.mark.parametrize(
    ("email", "present", "key"),
    [
        (NEW, WRONG, "wrong_own_password"),
        (NEW, "", "wrong_own_password"),
        ("anna", PASSWORD, "email"),
        ("Administrator@desk.example", PASSWORD, "user_exists"),
        (OLD, PASSWORD, "user_exists"),
    ],
)
async def test_what_is_refused_is_said_and_sends_nothing(post: Post, email: str, present: str, key: str) -> None:
    person = await post.desk.sign_in("editor")
    answer = await ask(person, email, present)
    assert answer.status == 400
    assert say(f"desk.error.{key}", "en") in await answer.text()
    assert f'value="{email}"' in await answer.text()  # typed once is enough
    assert post.box.letters == []


async def test_an_open_session_is_no_way_to_guess_the_password(post: Post) -> None:
    person = await post.desk.sign_in("editor")
    for _ in range(5):
        await ask(person, present=WRONG)
    assert "Too many wrong tries" in await (await ask(person)).text()
    assert post.box.letters == []


async def test_the_link_works_for_its_owner_alone_once_and_for_three_days(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    person, other = await post.desk.sign_in("editor"), await post.desk.sign_in("reviewer")
    await ask(person)
    link = post.link()
    assert (await other.post(link)).status == 404
    assert (await post.desk.browser().get(link)).headers["Location"] == "/desk/sign-in"
    clock = fernet.time.time
    with monkeypatch.context() as later:
        later.setattr(fernet.time, "time", lambda: clock() + timedelta(days=3, minutes=1).total_seconds())
        assert (await person.get(link)).status == 404
    assert (await person.post(link)).status == 303
    assert (await person.post(link)).status == 404


async def test_somebody_else_who_has_got_the_address_meanwhile_keeps_it(post: Post) -> None:
    person = await post.desk.sign_in("editor")
    await ask(person)
    post.desk.do(lambda session: setattr(user_of(session, "reviewer"), "email", NEW))
    answer = await person.post(post.link())
    assert answer.status == 404
    assert say("desk.error.user_exists", "en") in await answer.text()
    assert post.address() == OLD


async def test_the_address_of_a_city_account_is_changed_there(post: Post) -> None:
    def connect(session: Session) -> None:
        row = user_of(session, "editor")
        row.oidc_issuer, row.oidc_subject = "https://city.example", "12"

    post.desk.do(connect)
    person = await post.desk.sign_in("editor")
    assert 'action="/desk/account/email"' not in await person.page("/desk/account")
    assert (await ask(person)).status == 400
    assert post.box.letters == []


async def test_a_mail_that_cannot_be_sent_is_said_and_changes_nothing(post: Post) -> None:
    post.box.answer = "550 no"
    answer = await ask(await post.desk.sign_in("editor"))
    assert answer.status == 503
    assert say("desk.error.email_not_sent", "en") in await answer.text()


async def test_without_a_mail_server_the_page_says_whom_to_ask(desk: Desk) -> None:
    page = await (await desk.sign_in("editor")).page("/desk/account")
    assert say("desk.accounts.own_email.no_mail", "en") in page
    assert 'action="/desk/account/email"' not in page


def test_letters_that_are_no_token_are_no_failure(desk: Desk) -> None:
    for token in ("", "=", "ü", "no-such-token", "A" * 5000):
        with pytest.raises(Exception, match=r"desk\.email_link_over"):
            desk.do(lambda session, token=token: own_email.asked_for(session, "secret", user_of(session, "editor"), token))
