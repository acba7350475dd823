"""From what the provider says to an account of ours. Nobody gets a role by signing in."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from knowledge.editorial.accounts.notes import note
from knowledge.editorial.accounts.openid import Identity
from knowledge.editorial.accounts.people import LONGEST_NAME, new_user
from knowledge.editorial.accounts.signing_in import plain_email, user_with
from knowledge.editorial.errors import DeskError
from knowledge.store.account_tables import UserRow


def user_for(session: Session, identity: Identity) -> UserRow:
    """The account of `identity`: the one that is linked; else the one with the same address, if the provider has verified it; else a new
    one without a role.

    Raises DeskError where there is no verified address to go by, or the account is switched off or linked to somebody else.
    """
    # Held: what is disconnected in this moment is not taken for connected any more.
    user = session.scalar(_linked(identity).with_for_update())
    if user is None:
        if not identity.email or not identity.verified:
            raise DeskError("desk.no_verified_email")
        email = plain_email(identity.email)
        user = user_with(session, email) or _made(session, email, identity.name)
        link(session, user, identity)
    if user.disabled:
        raise DeskError("desk.user_disabled")
    return user


def _made(session: Session, email: str, name: str) -> UserRow:
    """A new account; the one that is there by now where the same person comes in twice in the same moment."""
    try:
        user = new_user(session, email, name.strip()[:LONGEST_NAME] or email.partition("@")[0][:LONGEST_NAME])
    except DeskError:
        there = user_with(session, email)
        if there is None:
            raise
        return there
    note(session, user, "user_add", way="city_account")
    return user


def linked(session: Session, identity: Identity) -> UserRow | None:
    """The account that is linked to `identity`. By issuer and subject: an address may be given to another person one day."""
    return session.scalar(_linked(identity))


def _linked(identity: Identity) -> Select[UserRow]:
    return select(UserRow).where(UserRow.oidc_issuer == identity.issuer, UserRow.oidc_subject == identity.subject)


def link(session: Session, user: UserRow, identity: Identity) -> None:
    """From now on `identity` signs in as `user`.

    Raises DeskError where either of the two is linked already.
    """
    other = linked(session, identity)
    if other is not None and other.id != user.id:
        raise DeskError("desk.city_account_taken")
    if user.oidc_subject is not None and (user.oidc_issuer, user.oidc_subject) != (identity.issuer, identity.subject):
        raise DeskError("desk.other_city_account")
    if user.oidc_subject is None:
        user.oidc_issuer, user.oidc_subject = identity.issuer, identity.subject
        session.flush()
        note(session, user, "city_account_linked")


def unlink(session: Session, user: UserRow) -> None:
    """The city account no longer signs in as `user`, who needs a password then.

    Raises DeskError.
    """
    if user.password is None:
        raise DeskError("desk.password_first")
    user.oidc_issuer, user.oidc_subject = None, None
    note(session, user, "city_account_unlinked")
