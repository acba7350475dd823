"""Errors carry a key and fields; they become words only at the edge, in the reader's language."""

from __future__ import annotations


class KnowledgeError(Exception):
    """Something about the knowledge base went wrong.

    `key` names the message in the catalogues (``error.<key>``), `fields` fill its placeholders, and `permanent`
    tells whether trying the same again can help (False) or not (True).
    """

    permanent = True

    def __init__(self, key: str, **fields: object) -> None:
        self.key = key
        self.fields = fields
        super().__init__(f"{key}: " + ", ".join(f"{name}={value}" for name, value in fields.items()))


class KnowledgeUnavailable(KnowledgeError):
    """The knowledge base cannot be read at this moment; another try may succeed."""

    permanent = False


class InvalidRecord(KnowledgeError):
    """A record that somebody hands in breaks a rule of the domain."""
