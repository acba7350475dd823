"""What the newest revisions of all records say, in a form that is quick to search: read once, then only what has changed since.

Held in memory by each process. A record counts as changed when its newest revision or the moment of its last change is another one, so
nothing has to tell this module about a save.
"""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from knowledge.documents.canonical import title
from knowledge.search.normalise import normalise, words
from knowledge.store.desk_tables import RecordRow, RevisionRow

_CHUNK = 500
Stamp = tuple[int, datetime]


@dataclass
class Content:
    """One record as its newest revision has it. Ids of other records are local ones; `haystack` is normalised."""

    key: str
    local: str
    stamp: Stamp
    name: str
    haystack: str
    topics: frozenset[str] = frozenset()
    organization: str | None = None
    contact: str | None = None
    locations: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    district: str | None = None
    street: str = ""
    place: str = ""
    confidential: bool = False
    also: tuple[str, ...] = ()
    text_fields: tuple[str, ...] = ()

    @cached_property
    def sort_name(self) -> str:
        """By what lists are sorted."""
        return fold(self.name)


class Contents(dict[str, Content]):
    """All records of a kind by key. Never changed once it is made: other threads may be walking through it."""

    @cached_property
    def rarity(self) -> dict[str, float]:
        """How much a word of a name says about which record is meant, from 1 (in one name) towards 0 (in every name)."""
        times = Counter(word for content in self.values() for word in set(words(content.sort_name)))
        full = math.log(1 + len(self)) or 1.0
        return {word: max(0.1, math.log((1 + len(self)) / number) / full) for word, number in times.items()}


@dataclass
class _Held:
    lock: threading.Lock = field(default_factory=threading.Lock)
    by_kind: dict[tuple[str, str], Contents] = field(default_factory=dict)
    # Public words of records that have newer ones.
    public: dict[str, Content] = field(default_factory=dict)


_held: WeakKeyDictionary[Engine, _Held] = WeakKeyDictionary()


def contents(session: Session, municipality: str, kind: str, stamps: Mapping[str, Stamp] | None = None) -> Contents:
    """All records of `kind` by key. `stamps` (key -> newest, changed at) saves a query where the caller has read them."""
    if stamps is None:
        stamps = read_stamps(session, municipality, kind)
    bind = session.get_bind()
    held = _held.setdefault(bind if isinstance(bind, Engine) else bind.engine, _Held())
    with held.lock:
        known = held.by_kind.get((municipality, kind), Contents())
        stale = [key for key, stamp in stamps.items() if key not in known or known[key].stamp != stamp]
        if stale or len(known) != len(stamps):
            fresh = {one.key: one for one in _read(session, stale)}
            known = Contents((key, fresh.get(key) or known[key]) for key in stamps if key in fresh or key in known)
            held.by_kind[municipality, kind] = known
        return known


def public_contents(session: Session, numbers: Mapping[str, int]) -> dict[str, Content]:
    """What readers see of records that have newer words, by key; `numbers` are those of their public revisions. Read once, too."""
    bind = session.get_bind()
    held = _held.setdefault(bind if isinstance(bind, Engine) else bind.engine, _Held())
    wanted = list(numbers)
    found: dict[str, Content] = {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        written = {
            key: (number, at)
            for key, number, at in session.execute(
                select(RevisionRow.record_id, RevisionRow.number, RevisionRow.at)
                .join(RecordRow, (RecordRow.id == RevisionRow.record_id) & (RecordRow.published == RevisionRow.number))
                .where(RecordRow.id.in_(part))
            )
        }
        with held.lock:
            known = {key: held.public[key] for key, stamp in written.items() if key in held.public and held.public[key].stamp == stamp}
        fresh = {one.key: one for one in _read(session, [key for key in written if key not in known], RecordRow.published, RevisionRow.at)}
        with held.lock:
            held.public.update(fresh)
        found |= known | fresh
    return found


def fold(text: str) -> str:
    """`normalise`, word by word: the words of a city's records repeat, and each is worked out once."""
    return " ".join(map(normalise, text.split()))


def read_stamps(session: Session, municipality: str, kind: str) -> dict[str, Stamp]:
    """What tells whether a record has changed, for all records of `kind`."""
    rows = session.execute(
        select(RecordRow.id, RecordRow.newest, RecordRow.changed_at).where(
            RecordRow.municipality_id == municipality, RecordRow.kind == kind
        )
    )
    return {key: (newest, changed) for key, newest, changed in rows}


def _read(
    session: Session,
    keys: list[str],
    wanted: InstrumentedAttribute[int] | InstrumentedAttribute[int | None] = RecordRow.newest,
    since: InstrumentedAttribute[datetime] = RecordRow.changed_at,
) -> Iterable[Content]:
    """The revisions `wanted` of records; their stamps are that number and the moment `since`."""
    for start in range(0, len(keys), _CHUNK):
        rows = session.execute(
            select(RecordRow.id, RecordRow.kind, RecordRow.local_id, wanted, since, RevisionRow.body)
            .join(RevisionRow, (RevisionRow.record_id == RecordRow.id) & (RevisionRow.number == wanted))
            .where(RecordRow.id.in_(keys[start : start + _CHUNK]))
        )
        for key, kind, local, number, moment, body in rows:
            yield content_of(key, kind, local, (number, moment), body)


def content_of(key: str, kind: str, local: str, stamp: Stamp, body: Mapping[str, Any]) -> Content:
    """The searchable form of a document."""
    texts: Mapping[str, str | list[str]] = body.get("texts", {})
    address = body.get("address", {})
    also = tuple(body.get("also", ()))
    said: list[str] = [local, *also]
    for text in texts.values():
        said += text if isinstance(text, list) else [text]
    said += [value for name in ("email", "website", "url") if (value := body.get(name))]
    said += [phone["number"] for phone in body.get("phones", ())]
    said += [value for name in ("street", "postal_code", "city") if (value := address.get(name))]
    topics = frozenset(body["topics"]) if "topics" in body else frozenset([body["topic"]] if body.get("topic") else [])
    street = address.get("street", "")
    place = ", ".join(part for part in (street, " ".join(filter(None, (address.get("postal_code"), address.get("city"))))) if part)
    return Content(
        key=key,
        local=local,
        stamp=stamp,
        name=title(kind, dict(body)),
        # A line break between the parts: a search for words that stand apart does not match over it.
        haystack="\n".join(map(fold, said)),
        topics=topics,
        organization=body.get("organization"),
        contact=body.get("contact"),
        locations=tuple(dict.fromkeys(at["location"] for at in body.get("at", ()))),
        services=tuple(body.get("services", ())),
        district=body.get("district"),
        street=street,
        place=place,
        confidential=bool(body.get("confidential")),
        also=also,
        text_fields=tuple(texts),
    )
