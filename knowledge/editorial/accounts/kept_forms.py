"""Forms that were sent when the session of their sender was over: sealed, for that person alone, for a day.

Nothing is done with them before the same person has signed in again and looked at them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.editorial.accounts.form_tokens import Owner
from knowledge.editorial.accounts.keys import box, derived
from knowledge.editorial.records import aware, now
from knowledge.store.account_tables import KeptFormRow, UserRow

KEPT = timedelta(days=1)
MOST = 10
# Bytes: a long guide page in a script that takes three bytes a letter, twice; as autosave takes.
LARGEST = 2 * 1024 * 1024
_PURPOSE = "kept form"


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it was sent. `typed`: people write into it, so it is shown to them."""

    name: str
    value: str
    typed: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """One form: where it was sent to, in which municipality, when, and everything that was in it."""

    id: str
    municipality: str
    path: str
    fields: Sequence[Field]
    at: datetime


def keep(session: Session, secret: str, owner: Owner, path: str, fields: Sequence[Field]) -> bool:
    """Keep a form for its owner; False where that person is not there (any longer), or it is too large. The same form is kept once."""
    user = session.get(UserRow, owner.user_id)
    content = json.dumps([owner.municipality, path, [[one.name, one.value, one.typed] for one in fields]], ensure_ascii=False).encode()
    if user is None or user.disabled or len(content) > LARGEST:
        return False
    id = hmac.new(derived(secret, "name of a kept form"), f"{user.id} ".encode() + content, hashlib.sha256).hexdigest()
    row = session.get(KeptFormRow, id)
    if row is not None:
        row.at = now()
        return True
    sealed = box(secret, _PURPOSE).encrypt(f"{user.id} ".encode() + zlib.compress(content))
    try:
        with session.begin_nested():
            session.add(KeptFormRow(id=id, user_id=user.id, sealed=sealed, at=now()))
    except IntegrityError:  # sent twice in the same moment
        return True
    newest = select(KeptFormRow.id).where(KeptFormRow.user_id == user.id).order_by(KeptFormRow.at.desc(), KeptFormRow.id).offset(MOST)
    session.execute(delete(KeptFormRow).where(KeptFormRow.id.in_(session.scalars(newest).all())))
    return True


def kept_for(session: Session, secret: str, user_id: int) -> list[Kept]:
    """Everything that is kept for this person, newest first."""
    rows = select(KeptFormRow).where(KeptFormRow.user_id == user_id, KeptFormRow.at > now() - KEPT)
    found = (_opened(secret, row) for row in session.scalars(rows.order_by(KeptFormRow.at.desc(), KeptFormRow.id)))
    return [one for one in found if one is not None]


def one_kept(session: Session, secret: str, user_id: int, id: str) -> Kept | None:
    """One of them; None where it is not there, or somebody else's."""
    return next((one for one in kept_for(session, secret, user_id) if one.id == id), None)


def forget(session: Session, user_id: int, id: str) -> None:
    """It was sent, or thrown away."""
    session.execute(delete(KeptFormRow).where(KeptFormRow.id == id, KeptFormRow.user_id == user_id))


def purge(session: Session) -> None:
    """Forget those whose time is over."""
    session.execute(delete(KeptFormRow).where(KeptFormRow.at <= now() - KEPT))


def _opened(secret: str, row: KeptFormRow) -> Kept | None:
    try:
        whose, _, packed = box(secret, _PURPOSE).decrypt(row.sealed).partition(b" ")
    except InvalidToken:  # sealed with another secret of the installation
        return None
    at = aware(row.at)
    if whose != str(row.user_id).encode() or at is None:
        return None
    municipality, path, fields = json.loads(zlib.decompress(packed))
    return Kept(row.id, municipality, path, [Field(*one) for one in fields], at)
