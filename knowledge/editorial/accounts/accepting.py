"""The owner of an account accepts what a municipality offers.

From then on nobody else may get in with the account: a password that others may know, links to choose one, a city account that others may
have connected, and sessions elsewhere all end.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.accounts import links, own
from knowledge.editorial.accounts.identity import unlink
from knowledge.editorial.accounts.locking import lock
from knowledge.editorial.accounts.notes import record_of
from knowledge.editorial.accounts.offers import drop, find, membership_of, offered_in
from knowledge.editorial.accounts.roles import roles_in
from knowledge.editorial.accounts.sessions import actor_of, end_all
from knowledge.editorial.errors import DeskError
from knowledge.store.account_tables import MembershipRow, UserRow


def accept(session: Session, user_id: int, token: str, stored: str | None) -> str:
    """`user_id`, who is signed in, takes what the link is about; returns the municipality. All their sessions have ended then.

    `stored` is the hash of a new password; it can be left out only where the account has none, since its owner comes by a city account.

    Raises DeskError where the link is over or for another account, and where the password is missing.
    """
    lock(session, find(session, token).municipality)
    offer = find(session, token)  # as it is now that nobody else changes it
    if offer.user.id != user_id:
        raise DeskError("desk.acceptance_of_another")
    user = session.get_one(UserRow, user_id, with_for_update=True, populate_existing=True)
    if user.password is not None and stored is None:
        raise DeskError("desk.new_password_needed")
    held = [(row.role, row.organization_id) for row in roles_in(session, user_id, offer.municipality)]
    for wanted in offer.roles:
        role, organization = membership_of(wanted)
        if (role, organization) not in held:
            session.add(MembershipRow(user_id=user_id, role=role, municipality_id=offer.municipality, organization_id=organization))
    for row in offered_in(session, user_id, offer.municipality):
        drop(session, row)
    actor = actor_of(session, user)
    for wanted in offer.roles:
        role, organization = membership_of(wanted)
        audit.log(session, actor, offer.municipality, "role_accept", record_of(user), role=role, organization=organization)
    if stored is None:
        end_all(session, user_id)
        links.void(session, user_id)
    else:
        if user.oidc_subject is not None:
            unlink(session, user)
        own.set_password(session, user, stored)
    return offer.municipality
