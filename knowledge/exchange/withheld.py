"""Confidential places: out of every export that may become public, and left as they are when such an export comes back.

HSDS has its own way of keeping silent (see docs/hsds-profile.md); this is the same for tables and for our own format. A confidential
place goes out as ``withheld-<digest>``: that it is there, and how accessible it is, as the chat says it too. Its id is withheld as well,
since ids are made of names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from knowledge.documents.models import LocationModel, ServiceModel
from knowledge.domain.records import Knowledge, Location
from knowledge.exchange.batch import Batch
from knowledge.exchange.newcomer.reader import CityFolder
from knowledge.exchange.patch import Patch

_PREFIX = "withheld-"
# All that is told of a confidential place.
_TOLD = ("id", "confidential", "accessibility")


def withheld_id(municipality: str, local: str) -> str:
    """What the place is called outside: always the same, and nobody can tell the id from it without knowing it."""
    return _PREFIX + hashlib.sha256(f"{municipality}/{local}".encode()).hexdigest()[:16]


def withhold(knowledge: Knowledge) -> Knowledge:
    """A copy in which nothing tells where confidential places are."""
    town = knowledge.municipality.id
    names = {one.id: withheld_id(town, one.id) for one in knowledge.locations.values() if one.confidential}
    if not names:
        return knowledge
    places = {names.get(id, id): _silent(one, names[id]) if id in names else one for id, one in knowledge.locations.items()}
    services = {
        id: replace(one, at=tuple(replace(at, location=names.get(at.location, at.location)) for at in one.at))
        for id, one in knowledge.services.items()
    }
    return replace(knowledge, locations=places, services=services)


def _silent(place: Location, id: str) -> Location:
    return Location(id, None, None, None, None, None, None, True, place.accessibility, {})


def settle_withheld(batch: Batch, municipality: str, known: Iterable[str], silent: Iterable[str] = ()) -> None:
    """Give places that come back from such an export their own ids, and let them keep what the file is silent about.

    `known` are local ids of places that the city has; `silent` are further places of the batch about which the file says nothing more.
    """
    names = {withheld_id(municipality, one): one for one in known}
    quiet = set(silent)
    kept = []
    for place in batch.documents["location"]:
        if isinstance(place, LocationModel) and (place.id.startswith(_PREFIX) or place.id in quiet):
            id = names.get(place.id, place.id)
            batch.patches.append(Patch("location", id, _told(place.dict(), id), ""))
        else:
            kept.append(place)
    batch.documents["location"] = list(kept)
    for service in batch.documents["service"]:
        if isinstance(service, ServiceModel):
            for at in service.at:
                at.location = names.get(at.location, at.location)
    batch.patches = [_settled(patch, names) for patch in batch.patches]
    for telling in (batch.revisions, batch.exported):
        _rename(telling, names)


def _told(values: dict[str, Any], id: str) -> dict[str, Any]:
    return {name: values[name] for name in _TOLD if name in values} | {"id": id, "confidential": True}


def _settled(patch: Patch, names: dict[str, str]) -> Patch:
    if patch.kind == "location" and patch.id.startswith(_PREFIX):
        id = names.get(patch.id, patch.id)
        return replace(patch, id=id, values=_told(dict(patch.values), id))
    if patch.kind == "service":
        places = {
            path: names[value]
            for path, value in patch.values.items()
            if path.startswith("at.") and path.endswith(".location") and value in names
        }
        return replace(patch, values={**patch.values, **places}) if places else patch
    return patch


def _rename(telling: dict[tuple[str, str], Any], names: dict[str, str]) -> None:
    for kind, id in list(telling):
        if kind == "location" and id in names:
            telling[kind, names[id]] = telling.pop((kind, id))


def settle_withheld_folder(city: CityFolder, known: Mapping[str, LocationModel]) -> None:
    """As `settle_withheld`, for a folder that replaces what is there: `known` are the places that the city has, as documents."""
    names = {withheld_id(city.municipality.id, one): one for one in known}
    city.locations = [known[names[place.id]] if place.id in names else place for place in city.locations]
    for service in city.services:
        for at in service.at:
            at.location = names.get(at.location, at.location)
