"""Comparing what came with a request to a secret."""

from __future__ import annotations

import hmac


def same_token(given: str, wanted: str) -> bool:
    """Whether they are the same, in a time that does not tell how much of them is. Whatever bytes a header is made of can be given."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())
