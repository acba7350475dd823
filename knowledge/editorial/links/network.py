"""Where the desk may ask on the web: public addresses only. An editor's link must not make the server look into the city's own network."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

Allowed = Callable[[IPv4Address | IPv6Address], bool]
_NAT64 = int(IPv6Address("64:ff9b::")) >> 32


class NotPublic(OSError):
    """The host lies in a network of its own: this machine, the city's, a reserved one."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the internet could ask there; addresses that wrap another one are judged by that."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and int(address) >> 32 == _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def check_literal(url: URL, allowed: Allowed) -> None:
    """Raises NotPublic for a host that is written as a number and is not public: such a host is never looked up."""
    try:
        address = ip_address((url.raw_host or "").strip("[]"))
    except ValueError:
        return
    if not allowed(address):
        raise NotPublic(str(address))


class PublicResolver(AbstractResolver):
    """Looks hosts up and gives back only addresses that are allowed. The connection is made to exactly these, so that a name that
    means something else a moment later changes nothing."""

    def __init__(self, allowed: Allowed = is_public) -> None:
        self._allowed = allowed

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        """Addresses of `host`.

        Raises OSError where it has none, NotPublic where none is allowed.
        """
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
        results: list[ResolveResult] = []
        for kind, _, proto, _, address in found:
            literal = str(address[0])
            if self._allowed(ip_address(literal.partition("%")[0])):
                flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
                results.append(ResolveResult(hostname=host, host=literal, port=int(address[1]), family=kind, proto=proto, flags=flags))
        if not results:
            raise NotPublic(host)
        return results

    async def close(self) -> None:
        """Nothing is held."""
