"""Rate limits by conversation and by network address, so that one of them cannot slow everybody down."""

from __future__ import annotations

import hashlib
import math
import time

from aiohttp import web
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from knowledge.web.client import client_address


class RateLimited(Exception):
    """Too many messages; `retry_after` seconds from now the next one is taken."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"retry after {retry_after} s")


class RateLimits:
    """Moving windows of a minute, in memory. Addresses are kept as hashes."""

    def __init__(self, per_person: int, per_address: int, proxies: int) -> None:
        self._storage = MemoryStorage()  # the limiter itself holds it only weakly
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._person = RateLimitItemPerMinute(per_person)
        self._address = RateLimitItemPerMinute(per_address)
        self._proxies = proxies

    def take(self, request: web.Request, conversation: str | None = None) -> None:
        """Count one message. Raises RateLimited."""
        address = hashlib.sha256(client_address(request, self._proxies).encode()).hexdigest()[:16]
        self._hit(self._address, "address", address)
        if conversation:
            self._hit(self._person, "person", conversation)

    def _hit(self, item: RateLimitItemPerMinute, kind: str, key: str) -> None:
        if not self._limiter.hit(item, kind, key):
            reset, _ = self._limiter.get_window_stats(item, kind, key)
            raise RateLimited(max(1, math.ceil(reset - time.time())))
