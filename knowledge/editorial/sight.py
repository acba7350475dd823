"""What somebody sees of a city. This is the one place where it is decided.

A role for the whole city sees everything. Who has roles for organizations only sees the records of these organizations whole, and of all
others what is public, as readers see it: no draft, no note, no older words. Of a confidential place they see its name alone, and not
even that where it tells the street.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import title
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.contents import Content, Contents, Stamp, contents, fold, public_contents
from knowledge.editorial.errors import NotAllowed, NotFound
from knowledge.editorial.records import body, get, record_key
from knowledge.editorial.scope import Scope, scope_of
from knowledge.editorial.slugs import slug
from knowledge.store.desk_tables import RecordRow
from knowledge.store.tables import LocationRow, ServiceAtLocationRow, ServiceRow

_CHUNK = 400
_HOUSE_NUMBER = re.compile(r"-\d+[a-z]?(?:-.*)?$")


@dataclass(frozen=True)
class Sight:
    """The city as one person sees it, read when it is asked for. `scope` are the records that their role covers."""

    session: Session
    scope: Scope

    @property
    def municipality(self) -> str:
        """Which city it is."""
        return self.scope.municipality

    def covers(self, record: RecordRow) -> bool:
        """Whether they see all of the record: drafts, notes and history too."""
        return self.scope.covers(record.municipality_id, record.organization_id)

    def contents(self, kind: str, stamps: Mapping[str, Stamp] | None = None) -> Contents:
        """All records of `kind` that they see, by key, with the words that they see: what lists, choices and searches are made of. `stamps`
        as for `knowledge.editorial.contents`."""
        newest, organizations = contents(self.session, self.municipality, kind, stamps), self.scope.organizations
        if organizations is None:
            return newest
        found, older = Contents(), {}
        for key, published, organization in self._rows(kind):
            known = newest.get(key)
            if organization in organizations:
                if known is not None:
                    found[key] = known
            elif published is not None:
                if known is not None and known.stamp[0] == published:
                    found[key] = known
                else:
                    older[key] = published
        found.update(public_contents(self.session, older))
        return self._without_addresses(found, newest) if kind == "location" else found

    def names(self, keys: Iterable[str]) -> dict[str, str]:
        """What the records are called, by key; without those that they do not see."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, str] = {}
        r = RecordRow
        for start in range(0, len(wanted), _CHUNK):
            these = (r.id.in_(wanted[start : start + _CHUNK]), r.municipality_id == self.municipality)
            if self.scope.whole_city:
                found |= {key: name for key, name in self.session.execute(select(r.id, r.name).where(*these))}
            else:
                told = ((row.id, self._name(row)) for row in self.session.scalars(select(r).where(*these)))
                found |= {key: name for key, name in told if name is not None}
        return found

    def document(self, record: RecordRow) -> dict[str, Any]:
        """What the record says: its newest words where their role covers it, else its public ones.

        Raises NotFound where they see nothing of it.
        """
        if self.covers(record):
            return body(self.session, record)
        found = self._public(record)
        if found is None:
            raise NotFound("desk.no_record", record=record.id)
        return found

    def _rows(self, kind: str) -> Iterable[tuple[str, int | None, str | None]]:
        r = RecordRow
        wanted = select(r.id, r.published, r.organization_id).where(r.municipality_id == self.municipality, r.kind == kind)
        # Many plain rows: no need for the session to look at each.
        self.session.flush()
        return [(key, published, organization) for key, published, organization in self.session.connection().execute(wanted)]

    def _name(self, record: RecordRow) -> str | None:
        if self.covers(record):
            return record.name
        if record.published == record.newest and record.kind != "location":
            return record.name
        found = self._public(record)
        return None if found is None else title(record.kind, found)

    def _public(self, record: RecordRow) -> dict[str, Any] | None:
        """The document as readers have it; None where they have none, or none that may be told."""
        if record.published is None:
            return None
        found = body(self.session, record, record.published)
        if not found.get("confidential") or record.id in self._own_places:
            return found
        streets = {one.get("address", {}).get("street", "") for one in (found, body(self.session, record))}
        name = str(found.get("texts", {}).get("name", ""))
        if not name or _tells(streets, name, record.local_id):
            return None
        told: dict[str, Any] = {part: found[part] for part in ("id", "confidential", "accessibility") if part in found}
        return {**told, "texts": {"name": name}}

    def _without_addresses(self, found: Contents, newest: Mapping[str, Content]) -> Contents:
        """`found`, with nothing of confidential places but their names."""
        told = Contents()
        for key, one in found.items():
            if not one.confidential or key in self._own_places:
                told[key] = one
                continue
            streets = {place.street for place in (one, newest.get(key)) if place is not None}
            # A place without a name is called by its street.
            if one.name not in (*streets, one.local) and not _tells(streets, one.name, one.local):
                told[key] = replace(
                    one,
                    haystack="\n".join((fold(one.local), fold(one.name))),
                    topics=frozenset(),
                    district=None,
                    street="",
                    place="",
                    also=(),
                )
        return told

    @cached_property
    def _own_places(self) -> frozenset[str]:
        """Keys of confidential places that are their organizations' own: public services of theirs are there, and none of anybody else,
        neither public nor being written. So nobody gets to an address by writing a service for it."""
        services, at, place = ServiceRow, ServiceAtLocationRow, LocationRow
        rows = self.session.execute(
            select(at.location_id, services.organization_id)
            .join(services, services.id == at.service_id)
            .join(place, place.id == at.location_id)
            .where(place.municipality_id == self.municipality, place.confidential)
        )
        users: dict[str, set[str | None]] = {}
        for location, organization in rows:
            users.setdefault(f"location:{location}", set()).add(organization)
        for service in contents(self.session, self.municipality, "service").values() if users else ():
            for local in service.locations:
                key = record_key("location", self.municipality, local)
                if key in users:
                    users[key].add(f"{self.municipality}/{service.organization}")
        return frozenset(
            key for key, who in users.items() if all(self.scope.covers(self.municipality, organization) for organization in who)
        )


def sight_of(session: Session, actor: Actor, municipality: str) -> Sight:
    """What `actor` sees of `municipality`. Several roles add up: one for the whole city is enough to see all of it."""
    return Sight(session, scope_of(actor, Permission.VIEW, municipality) or Scope(municipality, frozenset()))


def whole_city(session: Session, municipality: str) -> Sight:
    """What the desk itself sees, and whoever has a role for the whole city."""
    return Sight(session, Scope(municipality))


def get_covered(session: Session, actor: Actor, key: str) -> RecordRow:
    """The record `key`, for pages that show more than what is public.

    Raises NotFound as `get` does, NotAllowed where it is public and the role does not cover it.
    """
    record = get(session, actor, key)
    if not actor.may(Permission.VIEW, record.municipality_id, record.organization_id):
        raise NotAllowed("desk.of_others", record=key)
    return record


def _tells(streets: Iterable[str], *names: str) -> bool:
    """Whether one of the names tells one of the streets, in whatever spelling an id has it."""
    wanted = {_HOUSE_NUMBER.sub("", slug(street)) for street in streets} - {""}
    return any(street in slug(name) for street in wanted for name in names)
