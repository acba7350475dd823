"""What the application carries for signing in: limits by address, and the city's OpenID provider if there is one."""

from __future__ import annotations

import hashlib
from ipaddress import ip_address, ip_network

from aiohttp import web
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from knowledge.config import Settings
from knowledge.editorial.accounts.openid import Provider
from knowledge.editorial.errors import DeskError
from knowledge.web.client import client_address
from knowledge.web.keys import SETTINGS

# Bits that are the same for all addresses of one household or office.
_IPV6_NETWORK = 64


class TooMany(DeskError):
    """Too many tries from one network address."""

    permanent = False


class SignInLimits:
    """Tries to sign in a minute by network address: each costs time and memory. Addresses are kept as hashes, in memory.

    An office behind one address signs in within a minute on Monday morning; a program that guesses takes longer at this pace.
    """

    A_MINUTE = 40

    def __init__(self, proxies: int) -> None:
        self._storage = MemoryStorage()  # the limiter itself holds it only weakly
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._item = RateLimitItemPerMinute(self.A_MINUTE)
        self._proxies = proxies

    def take(self, request: web.Request) -> None:
        """Count a try.

        Raises TooMany.
        """
        address = hashlib.sha256(_network(client_address(request, self._proxies)).encode()).hexdigest()[:16]
        if not self._limiter.hit(self._item, "sign-in", address):
            raise TooMany("desk.too_many")


def _network(address: str) -> str:
    """An address of IPv6 as its network: whoever has one such address has as many as they like beside it."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4 or found.ipv4_mapped is not None:
        return address
    return str(ip_network((found, _IPV6_NETWORK), strict=False))


LIMITS: web.AppKey[SignInLimits] = web.AppKey("desk_sign_in_limits", SignInLimits)
PROVIDER: web.AppKey[Provider | None] = web.AppKey("desk_provider")


def prepare(app: web.Application) -> None:
    """Add the parts to `app`, whose settings are there already."""
    settings: Settings = app[SETTINGS]
    app[LIMITS] = SignInLimits(settings.proxies)
    wanted = settings.oidc_issuer and settings.oidc_client_id
    app[PROVIDER] = Provider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret) if wanted else None
