"""Ids of pages from their slugs: the same page has the same id in every export, whatever was edited in between."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from knowledge.exchange.integreat.entries import Address

_LONGEST = 79  # see documents.models
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def page_ids(addresses: Iterable[Address]) -> dict[Address, str]:
    """An id for each page: its slug in plain letters. Slugs that become the same are told apart by a digest of their path."""
    plain = {address: _plain(address.slug) for address in addresses}
    often = Counter(plain.values())
    return {address: slug if often[slug] == 1 else _with_digest(slug, "/".join(address.slugs)) for address, slug in plain.items()}


def _plain(slug: str) -> str:
    text = unicodedata.normalize("NFKD", slug.casefold().translate(_GERMAN))
    letters = "".join(letter for letter in text if not unicodedata.combining(letter))
    found = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    # Letters that have no plain form (Arabic, Greek) would vanish, and different slugs would look alike.
    foreign = any(letter.isalnum() and not letter.isascii() for letter in letters)
    return _with_digest(found, slug) if foreign or not found or len(found) > _LONGEST else found


def _with_digest(slug: str, text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return f"{slug[: _LONGEST - 11].rstrip('-') or 'page'}-{digest}"
