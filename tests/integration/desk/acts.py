"""What the tests of signing in do again and again."""

from __future__ import annotations

import time
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pyotp
from aiohttp import ClientResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import second_factor, sessions
from knowledge.editorial.accounts.passwords import hashed
from knowledge.editorial.accounts.sessions import SignedIn
from knowledge.store.account_tables import AuditRow, DeskSessionRow, UserRow
from knowledge.web.desk.routing import COOKIE
from tests.integration.desk.openid_provider import agree
from tests.integration.desk.people import Desk, Person, user_of

PASSWORD = "vier Lampen im Regen"
WRONG = "drei Lampen im Regen"
# What the provider of city accounts says about "anna".
ANNA: dict[str, Any] = {"email": "anna@city.example", "email_verified": True, "name": "Anna Weber"}


@cache
def _hash() -> str:
    return hashed(PASSWORD)


def give_password(desk: Desk, name: str = "editor") -> str:
    """Give somebody of `PEOPLE` the password `PASSWORD`; returns the e-mail address."""

    def give(session: Session) -> str:
        user = user_of(session, name)
        user.password = _hash()
        return user.email

    return str(desk.do(give))


async def try_to_sign_in(person: Person, email: str, password: str = PASSWORD) -> ClientResponse:
    """Open the page, fill it in, send it."""
    await person.get("/desk/sign-in")
    return await person.post("/desk/sign-in", email=email, password=password)


async def to_provider(person: Person, path: str = "/desk/sign-in/city") -> str:
    """The address at the provider to which the button leads."""
    answer = await person.get(path)
    assert answer.status == 303, await answer.text()
    return answer.headers["Location"]


async def come_in(person: Person, user: str = "anna") -> str:
    """With the city account, all the way; returns where the desk sends the browser, or the page that it shows."""
    back = await agree(person.browser, await to_provider(person), user)
    answer = await person.get(urlsplit(back).path + "?" + urlsplit(back).query)
    return answer.headers.get("Location", "") or await answer.text()


def signed_in(desk: Desk, person: Person) -> SignedIn | None:
    """Who the desk takes the browser for."""
    found: SignedIn | None = desk.do(lambda session: sessions.find(session, person.cookie(COOKIE)))
    return found


def turn_on_second_factor(desk: Desk, name: str = "editor") -> tuple[str, list[str]]:
    """(secret of the app, recovery codes), as after setting it up some minutes ago."""

    def turn_on(session: Session) -> tuple[str, list[str]]:
        user = user_of(session, name)
        second_factor.prepare(user, desk.settings.secret)
        user.totp_last_step = int(time.time()) // 30 - 10
        return second_factor.secret(user, desk.settings.secret), second_factor.new_recovery_codes(user)

    secret, codes = desk.do(turn_on)
    return secret, codes


def code_now(secret: str) -> str:
    """What the app shows."""
    return pyotp.TOTP(secret).now()


def sessions_of(desk: Desk, name: str) -> list[DeskSessionRow]:
    """Where somebody is signed in."""
    return list(desk.do(lambda session: sessions.sessions_of(session, user_of(session, name).id)))


def user(desk: Desk, name: str) -> UserRow:
    """The account of somebody of `PEOPLE`, as it is now."""
    found: UserRow = desk.do(lambda session: user_of(session, name))
    return found


def log_about(desk: Desk, name: str) -> list[str]:
    """Actions in the audit log about an account, oldest first."""
    record = f"user:{user(desk, name).id}"
    found = select(AuditRow.action).where(AuditRow.record == record).order_by(AuditRow.id)
    return list(desk.do(lambda session: session.scalars(found).all()))
