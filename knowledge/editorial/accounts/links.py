"""Links with which somebody chooses a password, once: invitations, and help for those who have forgotten theirs."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from knowledge.editorial.errors import DeskError
from knowledge.editorial.records import aware, now
from knowledge.store.account_tables import AccountLinkRow, UserRow

VALID = timedelta(days=3)


def make(session: Session, user: UserRow) -> str:
    """The token of a new link; those from before are void."""
    void(session, user.id)
    token = secrets.token_urlsafe(32)
    session.add(AccountLinkRow(id=digest(token), user_id=user.id, expires_at=now() + VALID))
    session.flush()
    return token


def path(token: str) -> str:
    """Where the link leads."""
    return f"/desk/welcome/{token}"


def whose(session: Session, token: str) -> UserRow:
    """The user for whom the link was made.

    Raises DeskError where it was used, is too old, or never was.
    """
    row = session.get(AccountLinkRow, digest(token), with_for_update=True)
    expires = aware(row.expires_at) if row is not None else None
    user = session.get(UserRow, row.user_id) if row is not None else None
    if expires is None or expires <= now() or user is None or user.disabled:
        raise DeskError("desk.link_over")
    return user


def void(session: Session, user_id: int) -> None:
    """No link of this user works any more."""
    session.execute(delete(AccountLinkRow).where(AccountLinkRow.user_id == user_id))


def purge(session: Session) -> None:
    """Forget links whose time is over."""
    session.execute(delete(AccountLinkRow).where(AccountLinkRow.expires_at <= now()))


def digest(token: str) -> str:
    """What the database knows of a link: who reads it cannot open the link."""
    return hashlib.sha256(token.encode()).hexdigest()
