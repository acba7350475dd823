"""One form for a document, so that two of them can be compared, kept and shown side by side."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from knowledge.documents.models import MODELS, Document


def canonical(document: Document) -> dict[str, Any]:
    """The document as JSON values, without what is empty or as by default; texts without spaces around them."""
    found: dict[str, Any] = json.loads(document.json(exclude_defaults=True, exclude_none=True))
    texts = {name: _trimmed(value) for name, value in document.texts.items()}
    found["texts"] = {name: value for name, value in texts.items() if value}
    return found


def _trimmed(value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [item for item in (" ".join(one.split("\n")).strip() for one in value) if item]
    return value.strip().replace("\r\n", "\n")


def parse(kind: str, body: dict[str, Any]) -> Document:
    """The document of a revision.

    Raises pydantic.ValidationError where it breaks a rule.
    """
    return MODELS[kind].parse_obj(body)


def digest(body: dict[str, Any]) -> str:
    """The same for the same canonical document."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def text_digest(words: str) -> str:
    """Names the source words that a translation belongs to."""
    return hashlib.sha256(words.encode()).hexdigest()


def title(kind: str, body: dict[str, Any]) -> str:
    """What a list calls the record."""
    texts = body.get("texts", {})
    return str(
        texts.get("name") or texts.get("title") or body.get("address", {}).get("street") or body.get("id") or body.get("topic") or kind
    )[:300]
