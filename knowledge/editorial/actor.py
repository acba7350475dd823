"""Who acts, and what they may do.

A role is held in a municipality, or there for the records of one organization only. What a role may do is the table `ALLOWED`. Who has
roles for organizations only sees of all other records what readers see: `knowledge.editorial.sight`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.editorial.errors import NotAllowed


class Role(StrEnum):
    """Roles at the desk, from least to most."""

    STAFF = "staff"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What can be done at the desk."""

    VIEW = "view"
    SUGGEST = "suggest"
    EDIT = "edit"
    TRANSLATE = "translate"
    VERIFY = "verify"
    AVAILABILITY = "availability"
    PUBLISH = "publish"
    IMPORT = "import"
    EXPORT = "export"
    AUDIT = "audit"
    USERS = "users"


_STAFF = frozenset({Permission.VIEW, Permission.SUGGEST})
_EDITOR = _STAFF | {Permission.EDIT, Permission.TRANSLATE, Permission.VERIFY, Permission.AVAILABILITY, Permission.EXPORT}
_REVIEWER = _EDITOR | {Permission.PUBLISH, Permission.IMPORT}
ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.STAFF: _STAFF,
    Role.EDITOR: _EDITOR,
    Role.REVIEWER: _REVIEWER,
    Role.ADMINISTRATOR: _REVIEWER | {Permission.AUDIT, Permission.USERS},
}
# What somebody who works for one organization can never do, whatever the role: it concerns the whole city.
CITY_ONLY = frozenset({Permission.IMPORT, Permission.AUDIT, Permission.USERS})


@dataclass(frozen=True, slots=True)
class Membership:
    """A role in a municipality; `organization` (its key) where it is held for that organization only."""

    role: Role
    municipality: str
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts; `id` None stands for the desk itself (scheduled publishing, an import from the command line)."""

    id: int | None
    name: str
    memberships: tuple[Membership, ...] = ()

    def may(self, permission: Permission, municipality: str, organization: str | None = None) -> bool:
        """Whether the permission is held in `municipality`, for a record of `organization` (its key; None: of nobody in particular)."""
        if self.id is None:
            return True
        for one in self.memberships:
            if one.municipality != municipality or permission not in ALLOWED[one.role]:
                continue
            if one.organization is None or (one.organization == organization and permission not in CITY_ONLY):
                return True
        return False

    def may_anywhere(self, permission: Permission, municipality: str) -> bool:
        """Whether the permission is held for at least some records of `municipality`: is there any use in showing the page?"""
        return self.may(permission, municipality) or any(
            one.municipality == municipality and permission in ALLOWED[one.role] and permission not in CITY_ONLY for one in self.memberships
        )

    def need(self, permission: Permission, municipality: str, organization: str | None = None) -> None:
        """Raise NotAllowed unless `may`."""
        if not self.may(permission, municipality, organization):
            raise NotAllowed("desk.not_allowed", permission=permission.value)

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Where this person has a role."""
        return tuple(dict.fromkeys(one.municipality for one in self.memberships))


def desk_itself(name: str) -> Actor:
    """The desk acting by itself, for instance "import" or "schedule"."""
    return Actor(None, name)
