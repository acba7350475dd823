"""The people of a municipality, as its administrators see them.

An administrator changes roles in the own municipality. What concerns the account as a whole (switching it off, a link for a new password)
they may do only where nobody but them is concerned: not for somebody who works for another municipality too, whose rights they would get.
A role that is only offered (`offers`) concerns nobody yet: who offers it may do nothing with the account, and who could may still do so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import failures, links, offers, second_factor, sessions
from knowledge.editorial.accounts.notes import note
from knowledge.editorial.accounts.roles import add_role, refuse_without_administrator
from knowledge.editorial.accounts.signing_in import plain_email, user_with
from knowledge.editorial.actor import Actor, Membership, Permission, Role
from knowledge.editorial.errors import DeskError, NotAllowed, NotFound
from knowledge.editorial.records import aware, now
from knowledge.store.account_tables import AccountLinkRow, DeskSessionRow, MembershipRow, OfferedRoleRow, UserRow

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class PersonView:
    """What a list shows of somebody. `roles` are those in the municipality of the list, `elsewhere` tells that there are others.

    `invited`: a link for a first password still works; `lapsed`: none does, so that they cannot get in. `offered` are roles here that wait
    until their owner has accepted them, `acceptable`: the link for that still works.
    """

    id: int
    name: str
    email: str
    roles: tuple[Membership, ...]
    elsewhere: bool
    disabled: bool
    second_factor: bool
    city_account: bool
    invited: bool
    lapsed: bool
    seen_at: datetime | None
    offered: tuple[Membership, ...]
    acceptable: bool


@dataclass(frozen=True, slots=True)
class Lists:
    """Those who have a role or are offered one, those who came by a city account and have none, and those of them who were turned away."""

    here: list[PersonView]
    waiting: list[PersonView]
    turned_away: list[PersonView]


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was given a role, and the token of the link that they need: to choose a first password, or to accept the role."""

    user: UserRow
    password: str | None = None
    acceptance: str | None = None


def new_user(session: Session, email: str, name: str, language: str | None = None) -> UserRow:
    """An account without a password and without a role.

    Raises DeskError for an address that is none or is taken, and for a name that is empty.
    """
    plain = plain_email(email)
    if user_with(session, plain) is not None:
        raise DeskError("desk.user_exists")
    user = UserRow(email=plain, name=plain_name(name), language=language, recovery_codes=[], created_at=now())
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as error:  # the same address in the same moment
        raise DeskError("desk.user_exists") from error
    return user


def plain_name(name: str) -> str:
    """A name as it is kept.

    Raises DeskError where there is none.
    """
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise DeskError("desk.name")
    return plain


def invite(
    session: Session, actor: Actor, municipality: str, *, email: str, name: str, role: Role, organization: str | None = None
) -> Invited:
    """Give somebody a role, and an account if they have none. Who has one and needs no link signs in as always."""
    actor.need(Permission.USERS, municipality)
    known = user_with(session, plain_email(email))
    user = known or new_user(session, email, name)
    # An account that nobody can get in with, and that works for nobody, is as good as none.
    fresh = known is None or (not known.disabled and offers.never_used(session, known))
    acceptance = add_role(session, actor, user, role, municipality, organization)
    if not fresh:
        return Invited(user, acceptance=acceptance)
    note(session, user, "user_add" if known is None else "password_link", by=actor)
    return Invited(user, password=links.make(session, user))


def people(session: Session, actor: Actor, municipality: str) -> Lists:
    """The people whom the administrators of `municipality` see, by name."""
    actor.need(Permission.USERS, municipality)
    members = select(MembershipRow.user_id).where(MembershipRow.municipality_id == municipality)
    offered = select(OfferedRoleRow.user_id).where(OfferedRoleRow.municipality_id == municipality)
    nobodys = (
        UserRow.oidc_subject.is_not(None),
        UserRow.id.not_in(select(MembershipRow.user_id)),
        UserRow.id.not_in(select(OfferedRoleRow.user_id)),
    )

    def views(*which: ColumnElement[bool]) -> list[PersonView]:
        found = session.scalars(select(UserRow).where(*which).order_by(func.lower(UserRow.name))).all()
        return [view(session, user, municipality) for user in found]

    return Lists(
        views(UserRow.id.in_(members) | UserRow.id.in_(offered)),
        views(*nobodys, UserRow.disabled.is_(False)),
        views(*nobodys, UserRow.disabled.is_(True)),
    )


def view(session: Session, user: UserRow, municipality: str) -> PersonView:
    """What the administrators of `municipality` see of `user`."""
    held = sessions.actor_of(session, user).memberships
    link = session.scalar(select(AccountLinkRow.id).where(AccountLinkRow.user_id == user.id, AccountLinkRow.expires_at > now()).limit(1))
    never_in = user.password is None and user.oidc_subject is None
    return PersonView(
        user.id,
        user.name,
        user.email,
        tuple(one for one in held if one.municipality == municipality),
        any(one.municipality != municipality for one in held),
        user.disabled,
        second_factor.in_force(user),
        user.oidc_subject is not None,
        user.password is None and link is not None,
        never_in and link is None,
        aware(session.scalar(select(func.max(DeskSessionRow.seen_at)).where(DeskSessionRow.user_id == user.id))),
        tuple(offers.as_membership(row) for row in offers.offered_in(session, user.id, municipality)),
        offers.link_works(session, user.id, municipality),
    )


def person(session: Session, actor: Actor, municipality: str, user_id: int) -> UserRow:
    """Somebody whom the administrators of `municipality` may see: with a role there, in force or offered, or waiting for a first one with a
    city account.

    Raises NotFound, also for those of other municipalities.
    """
    actor.need(Permission.USERS, municipality)
    user = session.get(UserRow, user_id)
    if user is None:
        raise NotFound("desk.no_user")
    held = sessions.actor_of(session, user).municipalities
    waits = not held and user.oidc_subject is not None
    if municipality not in held and not waits and not offers.offered_in(session, user.id, municipality):
        raise NotFound("desk.no_user")
    return user


def may_manage(session: Session, actor: Actor, user: UserRow) -> bool:
    """Whether `actor` may do what concerns the account as a whole."""
    held = sessions.actor_of(session, user).municipalities
    return actor.id is None or (bool(held) and all(actor.may(Permission.USERS, municipality) for municipality in held))


def managed(session: Session, actor: Actor, municipality: str, user_id: int) -> UserRow:
    """As `person`, for what concerns the account as a whole.

    Raises NotFound, NotAllowed.
    """
    user = person(session, actor, municipality, user_id)
    if not may_manage(session, actor, user):
        raise NotAllowed("desk.user_elsewhere")
    return user


def of_nobody(session: Session, user: UserRow) -> bool:
    """Whether somebody came by a city account, works for no municipality, and none offers a role: any administrator may turn them away."""
    held = sessions.actor_of(session, user).memberships
    return user.oidc_subject is not None and not held and not offers.offered_to(session, user.id)


def switchable(session: Session, actor: Actor, municipality: str, user_id: int) -> UserRow:
    """As `managed`, for switching the account off and on: also that of somebody who works for nobody.

    Raises NotFound, NotAllowed.
    """
    # Held, so that nobody gives them a role at the same moment.
    session.get(UserRow, user_id, with_for_update=True)
    user = person(session, actor, municipality, user_id)
    return user if of_nobody(session, user) else managed(session, actor, municipality, user_id)


def disable(session: Session, actor: Actor, user: UserRow, where: str | None = None) -> None:
    """Nobody signs in with the account any more; sessions end, links are void. `where` it is noted if the person works for nobody.

    Raises DeskError for oneself and for the last administrator of a municipality.
    """
    if user.id == actor.id:
        raise DeskError("desk.not_yourself")
    refuse_without_administrator(session, user)
    user.disabled = True
    sessions.end_all(session, user.id)
    links.void(session, user.id)
    note(session, user, "user_disable", by=actor, where=where)


def enable(session: Session, actor: Actor, user: UserRow, where: str | None = None) -> None:
    """The account can be used again."""
    user.disabled = False
    note(session, user, "user_enable", by=actor, where=where)


def end_sessions(session: Session, actor: Actor, user: UserRow, *, besides: str | None = None) -> None:
    """Sign somebody out everywhere (`besides` in one session)."""
    sessions.end_all(session, user.id, besides=besides)
    note(session, user, "sessions_end", by=actor)


def reset_second_factor(session: Session, actor: Actor, user: UserRow) -> None:
    """For somebody who has lost phone and recovery codes: the password alone lets them in."""
    second_factor.switch_off(user)
    note(session, user, "second_factor_reset", by=actor)


def password_link(session: Session, actor: Actor, user: UserRow, secret: str) -> str:
    """The token of a link to choose a new password; the lockout is lifted. The old password works until then.

    Raises DeskError for an account that is switched off.
    """
    if user.disabled:
        raise DeskError("desk.user_disabled")
    failures.forget(session, secret, user.email)
    note(session, user, "password_link", by=actor)
    return links.make(session, user)
