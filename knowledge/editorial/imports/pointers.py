"""What imported records point at: nothing comes in that leads nowhere, and nothing becomes public before what it needs is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.editorial.imports.known import Known
from knowledge.editorial.imports.outcome import Action, Decisions, Item
from knowledge.editorial.records import record_key
from knowledge.editorial.references import references


def dangling(kind: str, document: Mapping[str, Any], known: Known, coming: set[str]) -> Iterator[tuple[str, str]]:
    """(kind, id) of everything that the document points at and that is neither at the desk nor in the import."""
    for key in references(kind, known.municipality, dict(document)):
        if key not in known.public and key not in coming:
            target, _, rest = key.partition(":")
            yield target, rest.partition("/")[2]
    if kind == "location" and document.get("district") and document["district"] not in known.districts:
        yield "district", document["district"]
    if kind == "page" and document.get("parent"):
        parent = record_key("page", known.municipality, document["parent"])
        if parent not in known.public and parent not in coming:
            yield "page", document["parent"]


def settle_publishing(items: list[Item], known_public: Mapping[str, bool], decisions: Decisions, municipality: str) -> None:
    """Decide which items readers see at once, in the order in which they are written: only what points at public records alone."""
    public = {key for key, seen in known_public.items() if seen}
    for item in items:
        if item.action is Action.UNCHANGED:
            continue
        if not decisions.publish or any(key not in public for key in references(item.kind, municipality, item.document)):
            item.publish = False
        kept = item.key in decisions.skip or (item.action is Action.CONFLICT and item.key not in decisions.take)
        if item.publish and not kept:
            public.add(item.key)
