"""What a document points at, and who points at it: nothing is published that leads nowhere, nothing is taken away that others need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.records import record_key
from knowledge.editorial.sight import Sight
from knowledge.store import tables as t
from knowledge.store.desk_tables import RecordRow
from knowledge.store.document_writer import TABLES
from locales.catalogue import say

_ONE = {"service": (("organization", "organization"), ("contact", "contact")), "contact": (("organization", "organization"),)}


def references(kind: str, municipality: str, document: dict[str, Any]) -> Iterator[str]:
    """Keys of the records that the document needs."""
    for field, target in _ONE.get(kind, ()):
        if document.get(field):
            yield record_key(target, municipality, document[field])
    for place in document.get("at", ()):
        yield record_key("location", municipality, place["location"])
    if kind == "article":
        for service in document.get("services", ()):
            yield record_key("service", municipality, service)


def names_seen(sight: Sight, keys: Sequence[object], language: str) -> list[str]:
    """What people who see `sight` call the records `keys`: one that they do not see has no name, one that is not there is called by its
    id. What is no key stays as it is."""
    wanted = [str(key) for key in keys]
    known = sight.names(wanted)
    there = set(sight.session.scalars(select(RecordRow.id).where(RecordRow.id.in_(wanted))))
    point, silent = (say(key, language) for key in ("desk.record.information_point", "desk.record.not_shown"))
    return [known.get(key) or (point if key.startswith("municipality:") else silent if key in there else _local(key)) for key in wanted]


def _local(key: str) -> str:
    kind, _, place = key.partition(":")
    return place.partition("/")[2] or key if kind in TABLES else key


def unpublished(session: Session, kind: str, municipality: str, document: dict[str, Any]) -> list[str]:
    """Keys of needed records that readers cannot see."""
    needed = list(dict.fromkeys(references(kind, municipality, document)))
    public = set(session.scalars(select(RecordRow.id).where(RecordRow.id.in_(needed), RecordRow.published.is_not(None))))
    return [key for key in needed if key not in public]


def used_by(session: Session, kind: str, municipality: str, local: str) -> list[str]:
    """Keys of published records that point at this one."""
    key = f"{municipality}/{local}"
    found: list[str] = []
    if kind == "organization":
        found += [f"service:{x}" for x in session.scalars(select(t.ServiceRow.id).where(t.ServiceRow.organization_id == key))]
        found += [f"contact:{x}" for x in session.scalars(select(t.ContactRow.id).where(t.ContactRow.organization_id == key))]
    if kind == "location":
        at = t.ServiceAtLocationRow
        found += [f"service:{x}" for x in session.scalars(select(at.service_id).where(at.location_id == key).distinct())]
    if kind == "contact":
        found += [f"service:{x}" for x in session.scalars(select(t.ServiceRow.id).where(t.ServiceRow.contact_id == key))]
    if kind == "service":
        linked = t.ArticleServiceRow
        found += [f"article:{x}" for x in session.scalars(select(linked.article_id).where(linked.service_id == key))]
        if session.scalar(select(t.MunicipalityRow.information_point).where(t.MunicipalityRow.id == municipality)) == key:
            found.append(f"municipality:{municipality}")
    return found
