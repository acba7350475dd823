"""Records that resemble one that is being entered. A warning and no ban: two offices of one name may well be two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from knowledge.editorial.contents import Content, Contents, fold
from knowledge.editorial.records import State
from knowledge.editorial.sight import Sight
from knowledge.search.normalise import words
from knowledge.store.desk_tables import RecordRow

# Alike enough by the name alone; alike enough where the address is the same. From 0 (nothing in common) to 1 (the same).
BY_NAME = 0.72
WITH_ADDRESS = 0.4
MOST = 5
_STREET = re.compile(r"(?<=\w)str(?:\.|asse)?(?=\s|\d|$)|\bstr(?:\.|asse)?(?=\s|\d|$)")
_NUMBER = re.compile(r"\b(\d+)\s*([a-z]?)\b(?!.*\d)")


@dataclass(frozen=True, slots=True)
class Entered:
    """What has been typed so far: the name and other names, the address (of a place), or the places (local ids, of a service)."""

    name: str
    also: Sequence[str] = ()
    street: str = ""
    locations: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Similar:
    """A record that may be the same. `reason`: "name", "address" or "both"."""

    key: str
    local: str
    name: str
    place: str
    reason: str
    likeness: float


def similar(sight: Sight, kind: str, entered: Entered, *, besides: str | None = None) -> list[Similar]:
    """The records of `kind` that resemble what was entered, most alike first, of those that `sight` sees; `besides` is the record that is
    being edited."""
    municipality = sight.municipality
    archived = select(RecordRow.id).where(
        RecordRow.municipality_id == municipality, RecordRow.kind == kind, RecordRow.state == State.ARCHIVED.value
    )
    hidden = {besides, *sight.session.scalars(archived)}
    known = sight.contents(kind)
    places = sight.contents("location") if kind == "service" else Contents()
    near = _near(entered, municipality, places)
    street = street_key(entered.street)
    mine = [fold(name) for name in (entered.name, *entered.also) if name.strip()]
    found = []
    for content in known.values():
        if content.key in hidden:
            continue
        same_place = not near.isdisjoint(content.locations) or bool(street and _street_key(content.street) == street)
        enough = WITH_ADDRESS if same_place else BY_NAME
        alike = max((likeness(a, b, known.rarity, enough) for a in mine for b in _names(content)), default=0.0)
        one_house = same_place and kind == "location"
        if alike >= enough or one_house:
            reason = "both" if same_place and alike >= WITH_ADDRESS else "address" if one_house and alike < BY_NAME else "name"
            place = content.place or _place(content, municipality, places)
            found.append(Similar(content.key, content.local, content.name, place, reason, max(alike, 1.0 if one_house else 0.0)))
    return sorted(found, key=lambda one: (-one.likeness, one.name))[:MOST]


def likeness(one: str, other: str, rare: Mapping[str, float], enough: float = 0.0) -> float:
    """How alike two folded names are, from 0 to 1: by their letters (trigrams) or by their words, whichever says more.

    `rare` weighs the words: "Beratungsstelle" in common says little where every second name has it. What cannot be as much as `enough`
    is not worked out and counts as 0.
    """
    if one == other:
        return 1.0
    letters, others = _trigrams(one), _trigrams(other)
    possible = 2 * min(len(letters), len(others)) / (len(letters) + len(others))
    by_letters = _dice(letters, others) if possible >= enough else 0.0
    return max(by_letters, _shared_words(_words(one), _words(other), rare))


def street_key(street: str) -> str:
    """Street and number in one form: ``"hauptstr 5a"`` for "Hauptstraße 5 A", "Haupt-Str. 5a"; empty without a number."""
    folded = _STREET.sub("str", fold(street).replace("-", "").replace("ß", "ss"))
    number = _NUMBER.search(folded)
    if number is None:
        return ""
    name = re.sub(r"[\W_]+", "", folded[: number.start()] + folded[number.end() :])
    return f"{name} {number.group(1)}{number.group(2)}"


def _names(content: Content) -> Iterable[str]:
    yield content.sort_name
    for name in content.also:
        yield fold(name)


def _near(entered: Entered, municipality: str, places: Mapping[str, Content]) -> frozenset[str]:
    """Local ids of the places that were entered, and of others in the same houses."""
    keys = [f"location:{municipality}/{local}" for local in entered.locations]
    streets = {_street_key(places[key].street) for key in keys if key in places} - {""}
    same = (content.local for content in places.values() if _street_key(content.street) in streets) if streets else ()
    return frozenset((*entered.locations, *same))


def _place(content: Content, municipality: str, places: Mapping[str, Content]) -> str:
    for local in content.locations:
        found = places.get(f"location:{municipality}/{local}")
        if found is not None:
            return found.place or found.name
    return ""


_street_key = lru_cache(maxsize=20_000)(street_key)


@lru_cache(maxsize=50_000)
def _trigrams(name: str) -> frozenset[str]:
    padded = f"  {name} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


@lru_cache(maxsize=50_000)
def _words(name: str) -> frozenset[str]:
    return frozenset(words(name))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _shared_words(one: frozenset[str], other: frozenset[str], rare: Mapping[str, float]) -> float:
    common = one & other
    if not common:
        return 0.0
    weight = {word: rare.get(word, 1.0) for word in one | other}
    return sum(weight[word] for word in common) / sum(weight.values())
