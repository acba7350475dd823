"""What the tests of people and their roles do again and again."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from aiohttp import ClientResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import sessions
from knowledge.editorial.actor import Membership
from knowledge.store.account_tables import MembershipRow, UserRow
from tests.integration.desk.acts import PASSWORD, user
from tests.integration.desk.people import Desk, Person


def link_in(text: str) -> str:
    """Path of the one-time link on a page or in an e-mail."""
    found = re.search(r"https?://[^\s\"<]+/desk/welcome/[\w-]+", unescape(text))
    assert found is not None, text
    return urlsplit(found[0]).path


async def invite(person: Person, email: str = "anna@city.example", **fields: str) -> ClientResponse:
    """Send the form of an invitation."""
    return await person.post("/desk/users/new", {"email": email, "name": "Anna Weber", "role": "editor", "organization": "", **fields})


async def choose(person: Person, link: str, password: str = PASSWORD) -> ClientResponse:
    """Open a one-time link and choose a password."""
    await person.get(link)
    return await person.post(link, password=password, again=password)


def roles_of(desk: Desk, email: str) -> set[Membership]:
    """The roles of the account with this address."""

    def read(session: Session) -> set[Membership]:
        found = session.scalars(select(UserRow).where(UserRow.email == email)).one()
        return set(sessions.actor_of(session, found).memberships)

    return set(desk.do(read))


def id_of(desk: Desk, name: str) -> int:
    """The number of an account, as addresses have it."""
    return user(desk, name).id


def membership(desk: Desk, name: str, **which: str) -> int:
    """Number of a role that somebody has."""
    found = select(MembershipRow.id).filter_by(user_id=id_of(desk, name), **which)
    return int(desk.do(lambda session: session.scalars(found).one()))
