"""Signing in with a password, and with a code where somebody has a second factor.

In three parts, because the hash is checked between two transactions: `begin` (count the try), `passwords.matches` in a thread, `finish`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import failures, links, second_factor, sessions
from knowledge.editorial.accounts.notes import note
from knowledge.editorial.errors import DeskError
from knowledge.store.account_tables import UserRow

_EMAIL = re.compile(r"^[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;]+$|^[^@\s<>\"',;]+@localhost$")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to sign in: whose it is and the hash to check; both None where there is no such account, or none with a password."""

    email: str
    user_id: int | None
    stored: str | None


@dataclass(frozen=True, slots=True)
class Browser:
    """What a session is started with: a name people recognise, the hours it lasts, the secret of the installation."""

    name: str
    hours: int
    secret: str


@dataclass(frozen=True, slots=True)
class Entered:
    """The token for the cookie; `complete` is False where a code is still to come."""

    token: str
    complete: bool


def plain_email(text: str) -> str:
    """An e-mail address as it is kept: in small letters.

    Raises DeskError where it is none.
    """
    email = text.strip().lower()
    if len(email) > 254 or not _EMAIL.match(email):
        raise DeskError("desk.email")
    return email


def user_with(session: Session, email: str) -> UserRow | None:
    """The account with this address."""
    return session.scalar(select(UserRow).where(UserRow.email == email))


def begin(session: Session, secret: str, email: str) -> Attempt:
    """Count a try with `email`, whether anybody has it or not.

    Raises Locked.
    """
    kept = email.strip().lower()[:254]
    failures.count(session, secret, kept)
    user = user_with(session, kept)
    if user is None or user.disabled:
        return Attempt(kept, None, None)
    return Attempt(kept, user.id, user.password)


def finish(session: Session, attempt: Attempt, right: bool, browser: Browser, rehashed: str | None = None) -> Entered:
    """The hash was checked: let the person in, or raise DeskError (the same for a wrong password and an unknown address) or Locked."""
    # Between the two transactions the account may have got another password, or been disabled; while it is held, that cannot happen.
    user = session.get(UserRow, attempt.user_id, with_for_update=True) if attempt.user_id is not None else None
    if not right or user is None or user.disabled or user.password != attempt.stored:
        failures.refuse_if_locked(session, browser.secret, attempt.email)
        raise DeskError("desk.wrong_password")
    if rehashed is not None:
        user.password = rehashed
    return enter(session, user, browser, "password")


def enter(session: Session, user: UserRow, browser: Browser, way: str) -> Entered:
    """Somebody has shown who they are by `way`: a session, complete where no second factor is in force."""
    if second_factor.in_force(user):
        if way == "password":
            failures.forgive_one(session, browser.secret, user.email)
        return Entered(sessions.start(session, user, browser=browser.name, hours=browser.hours, complete=False), False)
    return _complete(session, user, browser, way)


def enter_code(session: Session, who: sessions.SignedIn, code: str, browser: Browser) -> Entered:
    """The second half: a code of the app or a recovery code. The halfway session ends, a whole one begins.

    Raises DeskError, Locked.
    """
    user = session.get_one(UserRow, who.user_id, with_for_update=True)
    # Recovery codes first: they work also where the secret of the app cannot be read any more.
    if second_factor.accept_recovery_code(user, code):
        way = "recovery_code"
    elif second_factor.accept(user, browser.secret, code):
        way = "code"
    else:
        failures.refuse_if_locked(session, browser.secret, user.email)
        raise DeskError("desk.wrong_code")
    sessions.end(session, user.id, who.session_id)
    return _complete(session, user, browser, way)


def count_code(session: Session, who: sessions.SignedIn, secret: str) -> str:
    """Count a try with a code, in a transaction before `enter_code`; returns the e-mail address against which it counts.

    Raises Locked.
    """
    email = session.get_one(UserRow, who.user_id).email
    failures.count(session, secret, email)
    return email


def note_lockout(session: Session, secret: str, email: str) -> None:
    """Write down that an account was locked; nothing for an address that nobody has."""
    user = user_with(session, email)
    if user is not None and failures.locked_until(session, secret, email) is not None:
        note(session, user, "locked")


def _complete(session: Session, user: UserRow, browser: Browser, way: str) -> Entered:
    failures.forget(session, browser.secret, user.email)
    links.void(session, user.id)
    note(session, user, "sign_in", way=way)
    return Entered(sessions.start(session, user, browser=browser.name, hours=browser.hours), True)
