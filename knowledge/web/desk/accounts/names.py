"""Roles and places in words."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from knowledge.editorial.accounts.names import municipality_name, organization_name
from knowledge.editorial.actor import Membership
from knowledge.web.desk.request import DeskRequest


@dataclass(frozen=True, slots=True)
class RoleWords:
    """``Editor``, ``Ankerstadt``, ``Offene Hand`` (empty for a role in the whole city)."""

    role: str
    municipality: str
    organization: str


def role_words(session: Session, desk: DeskRequest, membership: Membership) -> RoleWords:
    """What somebody is where."""
    return RoleWords(
        desk.say(f"desk.accounts.role.{membership.role.value}"),
        municipality_name(session, membership.municipality),
        organization_name(session, membership.organization) if membership.organization else "",
    )
