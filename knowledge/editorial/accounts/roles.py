"""Who has which role where. Every change is in the audit log, ends nothing else, and works from the person's next click on.

A role that is only offered (`offers`) is none yet: nothing here counts it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial import audit
from knowledge.editorial.accounts import links, offers
from knowledge.editorial.accounts.locking import lock
from knowledge.editorial.accounts.notes import record_of
from knowledge.editorial.actor import Actor, Membership, Permission, Role
from knowledge.editorial.errors import DeskError, NotFound
from knowledge.store.account_tables import MembershipRow, UserRow
from knowledge.store.desk_tables import RecordRow


def roles_in(session: Session, user_id: int, municipality: str) -> Sequence[MembershipRow]:
    """What somebody may be in one municipality."""
    return session.scalars(
        select(MembershipRow)
        .where(MembershipRow.user_id == user_id, MembershipRow.municipality_id == municipality)
        .order_by(MembershipRow.id)
    ).all()


def organizations(session: Session, municipality: str) -> list[tuple[str, str]]:
    """(key, name) of the organizations for which a role can be held, by name."""
    rows = session.execute(
        select(RecordRow.local_id, RecordRow.name).where(RecordRow.municipality_id == municipality, RecordRow.kind == "organization")
    )
    return sorted(((f"{municipality}/{row.local_id}", row.name) for row in rows), key=lambda pair: pair[1].casefold())


def add_role(session: Session, actor: Actor, user: UserRow, role: Role, municipality: str, organization: str | None = None) -> str | None:
    """Give `user` a role in `municipality`, there for the records of `organization` if one is named. Having it already changes nothing.

    None: it is in force. The token of a link: it waits until the owner of the account has accepted it (`offers.needed`).

    Raises NotAllowed, NotFound (no such municipality), DeskError (no such organization, an account that is switched off).
    """
    actor.need(Permission.USERS, municipality)
    lock(session, municipality)
    if organization is not None and organization not in dict(organizations(session, municipality)):
        raise DeskError("desk.no_organization", organization=organization)
    here = roles_in(session, user.id, municipality)
    for row in here:
        if (row.role, row.organization_id) == (role.value, organization):
            return None
    # Held: while it is looked at who can get in with the account, nobody else sets a password or switches it off.
    session.get_one(UserRow, user.id, with_for_update=True)
    if offers.needed(session, actor, user, municipality):
        return offers.offer(session, actor, user, Membership(role, municipality, organization))
    if not here and actor.id is not None:
        # Another municipality may have such a link in its hands.
        links.void(session, user.id)
    session.add(MembershipRow(user_id=user.id, role=role.value, municipality_id=municipality, organization_id=organization))
    session.flush()
    for offered in offers.offered_in(session, user.id, municipality):
        if (offered.role, offered.organization_id) == (role.value, organization):
            offers.drop(session, offered)
    audit.log(session, actor, municipality, "role_add", record_of(user), role=role.value, organization=organization)
    return None


def take_role(session: Session, actor: Actor, user_id: int, membership_id: int, municipality: str) -> None:
    """Take a role away again.

    Raises NotAllowed, NotFound, DeskError for the last administrator: then nobody could let anybody in.
    """
    actor.need(Permission.USERS, municipality)
    lock(session, municipality)
    row = session.get(MembershipRow, membership_id)
    if row is None or row.user_id != user_id or row.municipality_id != municipality:
        raise NotFound("desk.no_user")
    if _is_administrator(row) and not _other_administrators(session, municipality, besides=user_id):
        raise DeskError("desk.last_administrator")
    session.delete(row)
    session.flush()
    audit.log(session, actor, municipality, "role_take", f"user:{user_id}", role=row.role, organization=row.organization_id)


def refuse_without_administrator(session: Session, user: UserRow) -> None:
    """Before `user` is disabled: somebody else has to be left who can let people in.

    Raises DeskError.
    """
    held = session.scalars(select(MembershipRow).where(MembershipRow.user_id == user.id).order_by(MembershipRow.municipality_id)).all()
    for row in held:
        if _is_administrator(row):
            lock(session, row.municipality_id)
            if not _other_administrators(session, row.municipality_id, besides=user.id):
                raise DeskError("desk.last_administrator")


def administrators(session: Session, municipality: str) -> list[str]:
    """Names of those who can give roles there."""
    rows = session.scalars(
        select(UserRow.name)
        .join(MembershipRow, MembershipRow.user_id == UserRow.id)
        .where(
            MembershipRow.municipality_id == municipality,
            MembershipRow.role == Role.ADMINISTRATOR.value,
            MembershipRow.organization_id.is_(None),
            UserRow.disabled.is_(False),
        )
    )
    return sorted(set(rows))


def _is_administrator(row: MembershipRow) -> bool:
    return row.role == Role.ADMINISTRATOR.value and row.organization_id is None


def _other_administrators(session: Session, municipality: str, *, besides: int) -> bool:
    found = session.scalar(
        select(MembershipRow.id)
        .join(UserRow, UserRow.id == MembershipRow.user_id)
        .where(
            MembershipRow.municipality_id == municipality,
            MembershipRow.role == Role.ADMINISTRATOR.value,
            MembershipRow.organization_id.is_(None),
            MembershipRow.user_id != besides,
            UserRow.disabled.is_(False),
        )
        .limit(1)
    )
    return found is not None
