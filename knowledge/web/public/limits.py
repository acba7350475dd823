"""How often the public may write to the city, by network address, so that nobody floods the editors."""

from __future__ import annotations

import hashlib
import secrets

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_PER_ADDRESS = RateLimitItemPerHour(6)
_ALTOGETHER = RateLimitItemPerHour(300)


class SuggestionLimit:
    """Counts in memory. Addresses are kept as hashes with a salt that dies with the process."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()  # the limiter itself holds it only weakly
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._salt = secrets.token_bytes(16)

    def take(self, address: str) -> bool:
        """Whether one more may be sent from `address`; counts it if so."""
        name = hashlib.sha256(self._salt + address.encode()).hexdigest()[:24]
        if not self._limiter.test(_ALTOGETHER, "all"):
            return False
        return self._limiter.hit(_PER_ADDRESS, name) and self._limiter.hit(_ALTOGETHER, "all")
