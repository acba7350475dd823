"""Entries in the audit log about accounts. Each municipality that somebody works for sees what happened to the account."""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.accounts.sessions import actor_of
from knowledge.editorial.actor import Actor
from knowledge.store.account_tables import UserRow


def record_of(user: UserRow) -> str:
    """``"user:12"``: what the audit log calls an account."""
    return f"user:{user.id}"


def note(session: Session, user: UserRow, action: str, *, by: Actor | None = None, where: str | None = None, **detail: object) -> None:
    """Something happened to `user`; `by` somebody else, or by themselves. `where`: who is told if the person works for nobody."""
    own = actor_of(session, user)
    for municipality in own.municipalities or (where,):
        audit.log(session, by or own, municipality, action, record_of(user), **detail)
