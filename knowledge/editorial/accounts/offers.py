"""Roles that wait until the owner of the account has accepted them.

Whoever was handed the invitation to an account may know its password: the administrators of the municipality where it was made. So a role
that another municipality gives to it waits for a link, which the administrators there hand over to the person: it takes both, being signed
in (`accepting.accept`) and the link. Until then the role is not in `membership`, and gives nobody any permission.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.accounts.links import VALID, digest
from knowledge.editorial.accounts.locking import lock
from knowledge.editorial.accounts.notes import record_of
from knowledge.editorial.accounts.sessions import actor_of
from knowledge.editorial.actor import Actor, Membership, Permission, Role
from knowledge.editorial.errors import DeskError, NotFound
from knowledge.editorial.records import aware, now
from knowledge.store.account_tables import AcceptanceLinkRow, OfferedRoleRow, UserRow


@dataclass(frozen=True, slots=True)
class Offer:
    """What a municipality offers to somebody."""

    user: UserRow
    municipality: str
    roles: tuple[Membership, ...]


def needed(session: Session, actor: Actor, user: UserRow, municipality: str) -> bool:
    """Whether a role that `actor` gives to `user` has to be accepted first.

    Not where the person works there already, or comes by a city account alone (the provider vouches for them), where nobody has ever used
    the account, or where it is given on the command line.
    """
    if actor.id is None or municipality in actor_of(session, user).municipalities or never_used(session, user):
        return False
    return user.password is not None or user.oidc_subject is None


def never_used(session: Session, user: UserRow) -> bool:
    """Whether nobody can get in with the account, and it works for nobody: as good as a new one."""
    return user.password is None and user.oidc_subject is None and not actor_of(session, user).municipalities


def offer(session: Session, actor: Actor, user: UserRow, wanted: Membership) -> str:
    """The role waits for `user`; returns the token of the link to accept it. Offering it twice offers it once.

    Raises DeskError for an account that is switched off.
    """
    rows = offered_in(session, user.id, wanted.municipality)
    if membership_of(wanted) not in [(row.role, row.organization_id) for row in rows]:
        role, organization = membership_of(wanted)
        session.add(OfferedRoleRow(user_id=user.id, role=role, municipality_id=wanted.municipality, organization_id=organization))
        audit.log(session, actor, wanted.municipality, "role_offer", record_of(user), role=role, organization=organization)
        session.flush()
    return _make_link(session, user, wanted.municipality)


def new_link(session: Session, actor: Actor, user: UserRow, municipality: str) -> str:
    """The token of another link; the one from before is void.

    Raises NotAllowed, NotFound where nothing is offered any more, DeskError for an account that is switched off.
    """
    actor.need(Permission.USERS, municipality)
    lock(session, municipality)
    if not offered_in(session, user.id, municipality):
        raise NotFound("desk.no_user")
    audit.log(session, actor, municipality, "role_link", record_of(user))
    return _make_link(session, user, municipality)


def take_back(session: Session, actor: Actor, user_id: int, offer_id: int, municipality: str) -> None:
    """The role is no longer offered.

    Raises NotAllowed, NotFound.
    """
    actor.need(Permission.USERS, municipality)
    lock(session, municipality)
    row = session.get(OfferedRoleRow, offer_id)
    if row is None or row.user_id != user_id or row.municipality_id != municipality:
        raise NotFound("desk.no_user")
    drop(session, row)
    audit.log(session, actor, municipality, "role_offer_take", f"user:{user_id}", role=row.role, organization=row.organization_id)


def drop(session: Session, row: OfferedRoleRow) -> None:
    """The role waits no longer: it was taken back, or is in force. With the last one the link is void."""
    session.delete(row)
    session.flush()
    if not offered_in(session, row.user_id, row.municipality_id):
        _void(session, row.user_id, row.municipality_id)


def offered_in(session: Session, user_id: int, municipality: str) -> Sequence[OfferedRoleRow]:
    """What one municipality offers to somebody."""
    return [row for row in offered_to(session, user_id) if row.municipality_id == municipality]


def offered_to(session: Session, user_id: int) -> Sequence[OfferedRoleRow]:
    """What is offered to somebody anywhere."""
    return session.scalars(select(OfferedRoleRow).where(OfferedRoleRow.user_id == user_id).order_by(OfferedRoleRow.id)).all()


def as_membership(row: OfferedRoleRow) -> Membership:
    """What somebody will be."""
    return Membership(Role(row.role), row.municipality_id, row.organization_id)


def membership_of(wanted: Membership) -> tuple[str, str | None]:
    """Role and organization, as they stand in the tables."""
    return wanted.role.value, wanted.organization


def path(token: str) -> str:
    """Where the link leads."""
    return f"/desk/accept/{token}"


def find(session: Session, token: str) -> Offer:
    """What the link is about, as it is in the database now.

    Raises DeskError where it was used, is too old, or never was, and where nothing is offered any more.
    """
    row = session.get(AcceptanceLinkRow, digest(token), populate_existing=True)
    expires = aware(row.expires_at) if row is not None else None
    user = session.get(UserRow, row.user_id) if row is not None else None
    if row is None or expires is None or expires <= now() or user is None or user.disabled:
        raise DeskError("desk.acceptance_over")
    roles = tuple(as_membership(one) for one in offered_in(session, user.id, row.municipality_id))
    if not roles:
        raise DeskError("desk.acceptance_over")
    return Offer(user, row.municipality_id, roles)


def link_works(session: Session, user_id: int, municipality: str) -> bool:
    """Whether there is a link that has not run out."""
    found = select(AcceptanceLinkRow.id).where(
        AcceptanceLinkRow.user_id == user_id, AcceptanceLinkRow.municipality_id == municipality, AcceptanceLinkRow.expires_at > now()
    )
    return session.scalar(found.limit(1)) is not None


def purge(session: Session) -> None:
    """Forget links whose time is over. What was offered waits on: there can be another link."""
    session.execute(delete(AcceptanceLinkRow).where(AcceptanceLinkRow.expires_at <= now()))


def _make_link(session: Session, user: UserRow, municipality: str) -> str:
    if user.disabled:
        raise DeskError("desk.user_switched_off")
    _void(session, user.id, municipality)
    token = secrets.token_urlsafe(32)
    session.add(AcceptanceLinkRow(id=digest(token), user_id=user.id, municipality_id=municipality, expires_at=now() + VALID))
    session.flush()
    return token


def _void(session: Session, user_id: int, municipality: str) -> None:
    which = AcceptanceLinkRow.user_id == user_id, AcceptanceLinkRow.municipality_id == municipality
    session.execute(delete(AcceptanceLinkRow).where(*which))
