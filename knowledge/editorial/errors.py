"""What can go wrong at the desk. Keys become words in the reader's language (``error.<key>``)."""

from __future__ import annotations

from knowledge.domain.errors import KnowledgeError


class DeskError(KnowledgeError):
    """Something at the desk is refused."""


class NotAllowed(DeskError):
    """The person may not do this. Also raised where the record may not even be known to exist."""


class NotFound(DeskError):
    """There is no such record, or not for this person."""


class Conflict(DeskError):
    """Somebody else has changed the record since it was opened; trying again with the newest revision helps."""

    permanent = False
