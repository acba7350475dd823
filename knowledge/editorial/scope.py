"""The records for which somebody holds a permission, as a condition for queries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from knowledge.editorial.actor import ALLOWED, CITY_ONLY, Actor, Permission
from knowledge.store.desk_tables import RecordRow


@dataclass(frozen=True, slots=True)
class Scope:
    """All records of a municipality, or those of some organizations (their keys) in it."""

    municipality: str
    organizations: frozenset[str] | None = None

    @property
    def whole_city(self) -> bool:
        """Whether nothing is left out."""
        return self.organizations is None

    def covers(self, municipality: str, organization: str | None) -> bool:
        """Whether a record of `organization` (its key; None: of nobody in particular) is among them."""
        return municipality == self.municipality and (self.organizations is None or organization in self.organizations)

    def records(self) -> tuple[ColumnElement[bool], ...]:
        """Conditions on `RecordRow`."""
        own = RecordRow.municipality_id == self.municipality
        return (own,) if self.organizations is None else (own, RecordRow.organization_id.in_(sorted(self.organizations)))


def scope_of(actor: Actor, permission: Permission, municipality: str) -> Scope | None:
    """Where `actor` holds `permission` in `municipality`; None: nowhere."""
    if actor.may(permission, municipality):
        return Scope(municipality)
    if permission in CITY_ONLY:
        return None
    found = frozenset(
        one.organization
        for one in actor.memberships
        if one.municipality == municipality and one.organization is not None and permission in ALLOWED[one.role]
    )
    return Scope(municipality, found) if found else None
