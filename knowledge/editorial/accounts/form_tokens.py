"""The hidden field of every form: that it comes from a page of this session, and whose page it was.

The second part outlives the session, so that what somebody sends after it has ended can be kept for them and for nobody else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from knowledge.editorial.accounts.keys import derived
from knowledge.tokens import same_token

_PURPOSE = "whose form it is"


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom a page was made, and the municipality they worked in; empty where they had none."""

    user_id: int
    municipality: str


def with_owner(token: str, owner: Owner, secret: str) -> str:
    """`token` (of `sessions.csrf_token`) and its owner, so that neither can be changed."""
    name = base64.urlsafe_b64encode(f"{owner.user_id} {owner.municipality}".encode()).decode().rstrip("=")
    return f"{token}.{name}.{_mark(f'{token}.{name}', secret)}"


def session_part(given: str) -> str:
    """What says that the form comes from a page of this session."""
    return given.partition(".")[0]


def owner_of(given: str, secret: str) -> Owner | None:
    """Whose page it was; None where it does not say, or was not made here."""
    marked, _, mark = given.rpartition(".")
    name = marked.partition(".")[2]
    if not name or not given.isascii() or not same_token(mark, _mark(marked, secret)):
        return None
    try:
        user, _, municipality = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode().partition(" ")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return Owner(int(user), municipality)


def _mark(text: str, secret: str) -> str:
    return hmac.new(derived(secret, _PURPOSE), text.encode(), hashlib.sha256).hexdigest()[:40]
