"""Lockout: after five failed tries with an e-mail address nobody gets in with it for a quarter of an hour.

A try is counted before it is looked at, and forgiven afterwards if it was right: any number of tries in the same moment get five looks.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.editorial.accounts.keys import derived
from knowledge.editorial.errors import DeskError
from knowledge.editorial.records import aware, now
from knowledge.store.account_tables import SignInFailureRow

MOST = 5
LOCKED_FOR = timedelta(minutes=15)


class Locked(DeskError):
    """Too many failed tries; `minutes` tells how long it still takes."""

    permanent = False


def _id(secret: str, email: str) -> str:
    return hmac.new(derived(secret, "failed sign-ins"), email.encode(), hashlib.sha256).hexdigest()


def _row(session: Session, id: str) -> SignInFailureRow:
    found = session.get(SignInFailureRow, id, with_for_update=True)
    if found is not None:
        return found
    row = SignInFailureRow(id=id, failures=0, last_at=now())
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:  # the same address in the same moment
        return session.get_one(SignInFailureRow, id, with_for_update=True)
    return row


def _locked(until: datetime) -> Locked:
    return Locked("desk.locked", minutes=max(1, math.ceil((until - now()).total_seconds() / 60)))


def count(session: Session, secret: str, email: str) -> None:
    """Count a try with `email`.

    Raises Locked; then the try is neither counted nor to be looked at.
    """
    row = _row(session, _id(secret, email))
    until, last = aware(row.locked_until), aware(row.last_at)
    if until is not None and until > now():
        raise _locked(until)
    if until is not None or last is None or now() - last > LOCKED_FOR:
        row.failures, row.locked_until = 0, None
    row.failures += 1
    row.last_at = now()
    if row.failures >= MOST:
        row.locked_until = now() + LOCKED_FOR


def locked_until(session: Session, secret: str, email: str) -> datetime | None:
    """Until when nobody gets in with `email`; None where it is not locked."""
    row = session.get(SignInFailureRow, _id(secret, email))
    until = aware(row.locked_until) if row is not None else None
    return until if until is not None and until > now() else None


def refuse_if_locked(session: Session, secret: str, email: str) -> None:
    """After a try that was wrong: say at once that it was the last one.

    Raises Locked.
    """
    until = locked_until(session, secret, email)
    if until is not None:
        raise _locked(until)


def forgive_one(session: Session, secret: str, email: str) -> None:
    """The password was right and the second factor is still to come: this try does not count, those before it do."""
    row = _row(session, _id(secret, email))
    row.failures = max(0, row.failures - 1)
    row.locked_until = None


def forget(session: Session, secret: str, email: str) -> None:
    """Somebody is in, or was let in again: nothing is counted against the address any more."""
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.id == _id(secret, email)))


def purge(session: Session) -> None:
    """Forget tries of yesterday."""
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.last_at < now() - timedelta(days=1)))
