"""Being signed in. The cookie holds a random token; the database only its digest, so that a copy of the database opens nothing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from knowledge.editorial.accounts.names import municipality_name
from knowledge.editorial.actor import Actor, Membership, Role
from knowledge.editorial.records import aware, now
from knowledge.store.account_tables import DeskSessionRow, MembershipRow, UserRow
from knowledge.store.engine import SQLITE_PATIENCE

# How often "last seen" is written: not at every click.
_SEEN = timedelta(minutes=1)
# Between the password and the second factor.
_HALFWAY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a token. `complete` is False between the password and the second factor: then nothing but that is allowed."""

    session_id: str
    user_id: int
    actor: Actor
    language: str | None
    municipality: str | None
    complete: bool
    must_change_password: bool
    seen_long_ago: bool = False
    # Name of the municipality, for somebody who works in several.
    place: str = ""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(token: str) -> str:
    """What every form of this session carries: only somebody who can read the pages knows it."""
    return hashlib.sha256(f"form:{token}".encode()).hexdigest()[:40]


def actor_of(session: Session, user: UserRow) -> Actor:
    """The user with all roles."""
    rows = session.scalars(select(MembershipRow).where(MembershipRow.user_id == user.id).order_by(MembershipRow.id))
    return Actor(user.id, user.name, tuple(Membership(Role(row.role), row.municipality_id, row.organization_id) for row in rows))


def start(session: Session, user: UserRow, *, browser: str, hours: int, complete: bool = True, municipality: str | None = None) -> str:
    """Sign `user` in; returns the token for the cookie. `browser` is what a person recognises it by ("Firefox, Linux")."""
    token = secrets.token_urlsafe(32)
    life = timedelta(hours=hours) if complete else _HALFWAY
    session.add(
        DeskSessionRow(
            id=_digest(token),
            user_id=user.id,
            municipality_id=municipality,
            browser=browser[:120],
            complete=complete,
            created_at=now(),
            seen_at=now(),
            expires_at=now() + life,
        )
    )
    session.flush()
    return token


def find(session: Session, token: str) -> SignedIn | None:
    """Who is signed in with `token`; None where it has ended, or the user was disabled. Writes nothing."""
    row = session.get(DeskSessionRow, _digest(token))
    if row is None:
        return None
    user = session.get(UserRow, row.user_id)
    expires = aware(row.expires_at)
    if user is None or user.disabled or expires is None or expires <= now():
        return None
    seen = aware(row.seen_at)
    actor = actor_of(session, user)
    chosen = row.municipality_id if row.municipality_id in actor.municipalities else next(iter(actor.municipalities), None)
    return SignedIn(
        row.id,
        user.id,
        actor,
        user.language,
        chosen,
        row.complete,
        user.must_change_password,
        seen is None or now() - seen > _SEEN,
        municipality_name(session, chosen) if chosen is not None and len(actor.municipalities) > 1 else "",
    )


def note_seen(sessions: sessionmaker[Session], session_id: str) -> None:
    """Write down that the session was used now. Where the database is busy with something else, the next click does it."""
    with sessions() as session:
        sqlite = session.get_bind().dialect.name == "sqlite"
        try:
            if sqlite:
                session.connection().exec_driver_sql("PRAGMA busy_timeout=50")
            session.execute(update(DeskSessionRow).where(DeskSessionRow.id == session_id).values(seen_at=now()))
            session.commit()
        except OperationalError:
            session.rollback()
        finally:
            if sqlite:
                session.connection().exec_driver_sql(f"PRAGMA busy_timeout={SQLITE_PATIENCE * 1000}")


def choose_municipality(session: Session, session_id: str, municipality: str) -> None:
    """Which of their municipalities this person works in now."""
    session.get_one(DeskSessionRow, session_id).municipality_id = municipality


def sessions_of(session: Session, user_id: int) -> Sequence[DeskSessionRow]:
    """Where somebody is signed in, last seen first."""
    return session.scalars(
        select(DeskSessionRow)
        .where(DeskSessionRow.user_id == user_id, DeskSessionRow.expires_at > now())
        .order_by(DeskSessionRow.seen_at.desc())
    ).all()


def end(session: Session, user_id: int, session_id: str) -> None:
    """End one session of this user."""
    session.execute(delete(DeskSessionRow).where(DeskSessionRow.id == session_id, DeskSessionRow.user_id == user_id))


def end_all(session: Session, user_id: int, *, besides: str | None = None) -> None:
    """End all sessions of this user, for instance after a new password; `besides` stays."""
    session.execute(delete(DeskSessionRow).where(DeskSessionRow.user_id == user_id, DeskSessionRow.id != (besides or "")))


def purge(session: Session) -> None:
    """Forget sessions whose time is over."""
    session.execute(delete(DeskSessionRow).where(DeskSessionRow.expires_at <= now()))
