"""Identifiers: stable UUIDs for our records, and readable local ids for records that come with UUIDs alone."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

# Made once, at random: everything below depends on it staying as it is.
NAMESPACE = UUID("6c0c7a57-1d0e-4b0e-9a55-0f6f0b6f3c5d")
_HASH_LENGTH = 10
_SLUG_LENGTH = 60
_LOCAL_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,78}")
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "å": "a", "ł": "l", "ı": "i", "đ": "d"})


def uuid_of(municipality: str, kind: str, *parts: object) -> str:
    """UUIDv5 of the thing of `kind` that is named by `parts` within the municipality: the same at every export."""
    return str(uuid5(NAMESPACE, "/".join([municipality, kind, *(str(part) for part in parts)])))


def short_hash(identifier: str) -> str:
    """Ten hexadecimal digits that stand for a foreign identifier."""
    return hashlib.sha256(identifier.strip().lower().encode()).hexdigest()[:_HASH_LENGTH]


def text_hash(body: str) -> str:
    """Sixteen hexadecimal digits that tell whether a text is still the one that was translated, however its white space is written."""
    return hashlib.sha256(" ".join(body.split()).encode()).hexdigest()[:16]


def is_local_id(value: str | None) -> bool:
    """Whether `value` has the form of a local id."""
    return value is not None and _LOCAL_ID.fullmatch(value) is not None


def slug(name: str) -> str:
    """A name in small Latin letters, digits and hyphens; empty where nothing of it can be written so (Arabic, Ukrainian)."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_SPELLED)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH].strip("-")


@dataclass
class LocalIds:
    """Gives local ids to records of one kind, and remembers them by their HSDS id.

    `known` are ids that the importing city has already. A foreign record is recognised by the hash at the end of its id even if its
    name has changed; one of ours whose local id was withheld is recognised by its UUID.
    """

    kind: str
    known: Iterable[str] = ()
    _by_hash: dict[str, str] = field(default_factory=dict)
    _given: dict[str, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.known = frozenset(self.known)
        self._by_hash = {one.rpartition("-")[2]: one for one in self.known}

    def give(self, hsds_id: str, name: str, own: str | None, municipality: str | None) -> str | None:
        """The local id of the record `hsds_id`: `own` if it has one, else a known one, else one made of the name.

        None if another record has it already.
        """
        local = own or self._recognised(hsds_id, municipality) or self._made(hsds_id, name)
        if local in self._taken:
            return None
        self._taken.add(local)
        self._given[hsds_id] = local
        return local

    def get(self, hsds_id: str | None) -> str | None:
        """The local id that was given to `hsds_id`."""
        return self._given.get(hsds_id) if hsds_id else None

    def resolve(self, hsds_id: str | None, municipality: str | None) -> str | None:
        """As `get`; a record that is not in the file may be one that is known already."""
        return self.get(hsds_id) or (self._recognised(hsds_id, municipality) if hsds_id else None)

    def drop(self, hsds_id: str) -> None:
        """The record turned out to be unusable: nothing may point at it."""
        self._given.pop(hsds_id, None)

    def _recognised(self, hsds_id: str, municipality: str | None) -> str | None:
        found = self._by_hash.get(short_hash(hsds_id))
        if found is None and municipality is not None and self.known:
            found = self._by_uuid(municipality).get(hsds_id)
        return found

    def _by_uuid(self, municipality: str) -> Mapping[str, str]:
        if not hasattr(self, "_uuids"):
            self._uuids = {uuid_of(municipality, self.kind, one): one for one in self.known}
        return self._uuids

    def _made(self, hsds_id: str, name: str) -> str:
        return f"{slug(name) or self.kind}-{short_hash(hsds_id)}"
