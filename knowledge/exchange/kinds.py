"""A part of the knowledge: only some kinds of records, with or without what they need."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from knowledge.documents.models import MODELS
from knowledge.domain.records import Knowledge

KINDS = tuple(MODELS)
_NEEDS = {"service": ("organization", "location", "contact"), "contact": ("organization",), "article": ("service",)}


def with_needs(kinds: Collection[str]) -> set[str]:
    """`kinds` and all the kinds that their records point at."""
    found: set[str] = set()
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            waiting += _NEEDS.get(kind, ())
    return found


def only(knowledge: Knowledge, kinds: Collection[str]) -> Knowledge:
    """A copy with the records of these kinds alone."""
    if set(kinds) >= set(KINDS):
        return knowledge
    town = knowledge.municipality
    if "service" not in kinds and town.information_point:
        town = replace(town, information_point=None)
    return replace(
        knowledge,
        municipality=town,
        organizations=knowledge.organizations if "organization" in kinds else {},
        locations=knowledge.locations if "location" in kinds else {},
        contacts=knowledge.contacts if "contact" in kinds else {},
        services=knowledge.services if "service" in kinds else {},
        articles=knowledge.articles if "article" in kinds else {},
        pages=knowledge.pages if "page" in kinds else {},
    )
