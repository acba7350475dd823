"""The web addresses that a record names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from knowledge.store.desk_tables import LinkCheckRow

_LONGEST = 500
_IN_TEXT = re.compile(r"\bhttps?://[^\s<>\"'\])]+")


def addresses_in(document: Mapping[str, Any]) -> list[str]:
    """Each web address of a document once: websites, the source of an answer, links in its words."""
    return [one for one in dict.fromkeys(_named(document)) if len(one) <= _LONGEST]


def _named(document: Mapping[str, Any]) -> Iterator[str]:
    for name in ("website", "url"):
        if document.get(name):
            yield document[name]
    if document.get("source", {}).get("url"):
        yield document["source"]["url"]
    for text in document.get("texts", {}).values():
        for found in _IN_TEXT.findall(text if isinstance(text, str) else "\n".join(text)):
            yield found.rstrip(".,;:!?*_")


def forget_others(session: Session, key: str, document: Mapping[str, Any]) -> None:
    """Nobody is told of addresses that the record `key` no longer names, now that `document` is public."""
    session.execute(delete(LinkCheckRow).where(LinkCheckRow.record_id == key, LinkCheckRow.url.not_in(addresses_in(document))))
