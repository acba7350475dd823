"""What never leaves the house, neither to a translation service nor in a translator's file: where a confidential place is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.contents import contents
from knowledge.store.desk_tables import RecordRow, RevisionRow
from knowledge.store.tables import LocationRow


@dataclass(frozen=True, slots=True)
class Secrets:
    """Keys of confidential places, and the streets they are in."""

    keys: frozenset[str]
    streets: tuple[str, ...]

    def hides(self, key: str, words: str) -> bool:
        """Whether these words of the record `key` stay in the house."""
        return key in self.keys or any(street in words for street in self.streets)


def secrets_of(session: Session, municipality: str) -> Secrets:
    """Every place that is confidential in public, or in what is being written; its address in either."""
    found = {key: one.street for key, one in contents(session, municipality, "location").items() if one.confidential}
    streets = {street for street in found.values() if street}
    public = select(LocationRow.id, LocationRow.address_1).where(LocationRow.municipality_id == municipality, LocationRow.confidential)
    for row_key, street in session.execute(public):
        found[f"location:{row_key}"] = street or ""
        streets.add(street or "")
    # A draft may open what is confidential in public, and the other way round: the address of both is kept.
    bodies = select(RevisionRow.body).join(RecordRow, RevisionRow.record_id == RecordRow.id)
    if found:
        both = (RevisionRow.number == RecordRow.newest) | (RevisionRow.number == RecordRow.published)
        for body in session.scalars(bodies.where(RecordRow.id.in_(found), both)):
            streets.add(body.get("address", {}).get("street", ""))
    return Secrets(frozenset(found), tuple(sorted(street for street in streets if street)))
