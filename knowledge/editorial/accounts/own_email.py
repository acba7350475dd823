"""Another e-mail address for the own account. It counts once the link that was sent to it has been opened.

Otherwise somebody could take an address that is not theirs, and would get what is meant for its owner: a role that an administrator gives
to that address, or the city account that comes with it.
"""

from __future__ import annotations

import json

from cryptography.fernet import InvalidToken
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import links
from knowledge.editorial.accounts.keys import box
from knowledge.editorial.accounts.notes import note
from knowledge.editorial.accounts.signing_in import plain_email, user_with
from knowledge.editorial.actor import Actor
from knowledge.editorial.errors import DeskError
from knowledge.store.account_tables import UserRow

_PURPOSE = "another e-mail address"


def ask(session: Session, secret: str, user: UserRow, email: str) -> tuple[str, str]:
    """(the address as it is kept, token of the link to send there). Nothing has changed yet.

    Raises DeskError for an address that is none or is taken, and for an account that comes by a city account.
    """
    plain = plain_email(email)
    _refuse(session, user, plain)
    return plain, box(secret, _PURPOSE).encrypt(json.dumps([user.id, user.email, plain]).encode()).decode().rstrip("=")


def path(token: str) -> str:
    """Where the link leads."""
    return f"/desk/account/email/{token}"


def asked_for(session: Session, secret: str, user: UserRow, token: str) -> str:
    """The address that `user` wants to have.

    Raises DeskError where the link is too old, was used, is somebody else's or never was, and as `ask`.
    """
    try:
        sealed = (token + "=" * (-len(token) % 4)).encode()
        user_id, before, email = json.loads(box(secret, _PURPOSE).decrypt(sealed, ttl=int(links.VALID.total_seconds())))
    except InvalidToken as error:
        raise DeskError("desk.email_link_over") from error
    # With the address from before in it, the link works once.
    if (user_id, before) != (user.id, user.email):
        raise DeskError("desk.email_link_over")
    _refuse(session, user, email)
    return str(email)


def take(session: Session, secret: str, user: UserRow, token: str) -> None:
    """From now on `user` signs in with the address that the link was sent to.

    Raises DeskError as `asked_for`.
    """
    set_email(session, user, asked_for(session, secret, user, token))


def set_email(session: Session, user: UserRow, email: str, by: Actor | None = None) -> None:
    """Another address for `user`, who is known to have it.

    Raises DeskError where it is none or is taken.
    """
    try:
        with session.begin_nested():
            user.email = plain_email(email)
    except IntegrityError as error:
        raise DeskError("desk.user_exists") from error
    # Links to choose a password went to the address from before.
    links.void(session, user.id)
    note(session, user, "user_email", by=by)


def _refuse(session: Session, user: UserRow, email: str) -> None:
    if user.oidc_subject is not None:
        raise DeskError("desk.email_of_city_account")
    if user_with(session, email) is not None:
        raise DeskError("desk.user_exists")
