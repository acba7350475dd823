"""The people of a municipality, as its administrators see them.

An administrator changes roles in the own municipality. What concerns the account as a whole (switching it off, a link for a new password)
they may do only where nobody but them is concerned: not for somebody who works for another municipality too, whose rights they would get.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import failures, links, second_factor, sessions
from knowledge.editorial.accounts.notes import note
from knowledge.editorial.accounts.roles import add_role, refuse_without_administrator
from knowledge.editorial.accounts.signing_in import plain_email, user_with
from knowledge.editorial.actor import Actor, Membership, Permission, Role
from knowledge.editorial.errors import DeskError, NotAllowed, NotFound
from knowledge.editorial.records import aware, now
from knowledge.store.account_tables import AccountLinkRow, DeskSessionRow, MembershipRow, UserRow

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class PersonView:
    """What a list shows of somebody. `roles` are those in the municipality of the list, `elsewhere` tells that there are others.

    `invited`: a link for a first password still works; `lapsed`: none does, so that they cannot get in.
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
) -> tuple[UserRow, str | None]:
    """Give somebody a role, and an account if they have none: (user, token of a link to choose a password).

    The token is None for an account that is there already: its owner signs in as always.
    """
    actor.need(Permission.USERS, municipality)
    known = user_with(session, plain_email(email))
    user = known or new_user(session, email, name)
    add_role(session, actor, user, role, municipality, organization)
    if known is not None:
        return user, None
    note(session, user, "user_add", by=actor)
    return user, links.make(session, user)


def people(session: Session, actor: Actor, municipality: str) -> tuple[list[PersonView], list[PersonView]]:
    """(those who have a role in `municipality`, those who have signed in with a city account and wait for one), by name."""
    actor.need(Permission.USERS, municipality)
    here = select(MembershipRow.user_id).where(MembershipRow.municipality_id == municipality)
    with_role = session.scalars(select(UserRow).where(UserRow.id.in_(here)).order_by(func.lower(UserRow.name))).all()
    waiting = session.scalars(
        select(UserRow)
        .where(UserRow.id.not_in(select(MembershipRow.user_id)), UserRow.disabled.is_(False), UserRow.oidc_subject.is_not(None))
        .order_by(func.lower(UserRow.name))
    ).all()
    return [view(session, user, municipality) for user in with_role], [view(session, user, municipality) for user in waiting]


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
    )


def person(session: Session, actor: Actor, municipality: str, user_id: int) -> UserRow:
    """Somebody whom the administrators of `municipality` may see: with a role there, or waiting for a first one with a city account.

    Raises NotFound, also for those of other municipalities.
    """
    actor.need(Permission.USERS, municipality)
    user = session.get(UserRow, user_id)
    held = sessions.actor_of(session, user).municipalities if user is not None else ()
    if user is None or (municipality not in held and (held or user.oidc_subject is None)):
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


def disable(session: Session, actor: Actor, user: UserRow) -> None:
    """Nobody signs in with the account any more; sessions end, links are void.

    Raises DeskError for oneself and for the last administrator of a municipality.
    """
    if user.id == actor.id:
        raise DeskError("desk.not_yourself")
    refuse_without_administrator(session, user)
    user.disabled = True
    sessions.end_all(session, user.id)
    links.void(session, user.id)
    note(session, user, "user_disable", by=actor)


def enable(session: Session, actor: Actor, user: UserRow) -> None:
    """The account can be used again."""
    user.disabled = False
    note(session, user, "user_enable", by=actor)


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
