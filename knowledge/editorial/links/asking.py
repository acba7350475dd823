"""Ask web addresses whether they are still there: gently, one at a time for each host."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

import aiohttp
from yarl import URL

from knowledge.editorial.links.network import Allowed, NotPublic, PublicResolver, check_literal, is_public

TIMEOUT = 20.0
MOST_REDIRECTS = 6
AT_ONCE = 8
# Between two questions to one host.
PAUSE = 1.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# The host answers and does not want to be asked by programs: nothing is known about the page, and nothing is wrong with the address.
_SHY = frozenset({401, 403, 405, 406, 429, 451, 501, 999})


class Problem(StrEnum):
    """What is wrong with an address (words: ``desk.link.<problem>``)."""

    NOT_WEB = "not_web"
    NOT_PUBLIC = "not_public"
    UNKNOWN_HOST = "unknown_host"
    NO_ANSWER = "no_answer"
    CERTIFICATE = "certificate"
    NOT_FOUND = "not_found"
    ERROR = "error"
    CIRCLE = "circle"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking. `status` is the last HTTP status, 0 where nobody answered; `problem` None: it is there."""

    status: int
    problem: Problem | None


@dataclass
class Asker:
    """Asks within one session. `allowed` says to which network addresses; tests allow this machine."""

    session: aiohttp.ClientSession
    allowed: Allowed
    pause: float = PAUSE
    _hosts: dict[str, asyncio.Lock] = field(default_factory=dict)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def ask_all(self, addresses: Iterable[str]) -> dict[str, Outcome]:
        """Each address once."""
        wanted = list(dict.fromkeys(addresses))
        outcomes = await asyncio.gather(*(self.ask(one) for one in wanted))
        return dict(zip(wanted, outcomes, strict=True))

    async def ask(self, address: str) -> Outcome:
        """Ask for the head, and for the page where a server does not like to be asked for heads. Never raises."""
        try:
            url = URL(address.strip())
        except ValueError:
            return Outcome(0, Problem.NOT_WEB)
        host = url.host or ""
        async with self._hosts.setdefault(host, asyncio.Lock()), self._slots:
            outcome = await self._try("HEAD", url)
            if outcome.problem in (Problem.NOT_FOUND, Problem.ERROR, Problem.NO_ANSWER) or outcome.status in _SHY:
                await asyncio.sleep(self.pause)
                outcome = await self._try("GET", url)
            await asyncio.sleep(self.pause)
        return outcome

    async def _try(self, method: str, url: URL) -> Outcome:
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._follow(method, url)
        except NotPublic:
            return Outcome(0, Problem.NOT_PUBLIC)
        except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError, ssl.SSLError):
            return Outcome(0, Problem.CERTIFICATE)
        except aiohttp.ClientConnectorDNSError as error:
            refused = isinstance(error.os_error, NotPublic)
            return Outcome(0, Problem.NOT_PUBLIC if refused else Problem.UNKNOWN_HOST)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, UnicodeError):
            return Outcome(0, Problem.NOT_WEB)
        except (aiohttp.ClientError, OSError, TimeoutError):
            return Outcome(0, Problem.NO_ANSWER)

    async def _follow(self, method: str, url: URL) -> Outcome:
        # By hand: each station has to be an address where we may ask.
        for _ in range(MOST_REDIRECTS):
            if url.scheme not in ("http", "https") or not url.host:
                return Outcome(0, Problem.NOT_WEB)
            check_literal(url, self.allowed)
            async with self.session.request(method, url.with_fragment(None), allow_redirects=False) as response:
                target = response.headers.get("Location", "")
                if response.status not in _REDIRECTS or not target:
                    return _judge(response.status)
                url = url.join(URL(target))
        return Outcome(0, Problem.CIRCLE)


def _judge(status: int) -> Outcome:
    if status < 400 or status in _SHY:
        return Outcome(status, None)
    return Outcome(status, Problem.NOT_FOUND if status in (404, 410) else Problem.ERROR)


@asynccontextmanager
async def asker(contact: str = "", *, allowed: Allowed = is_public, pause: float = PAUSE) -> AsyncIterator[Asker]:
    """Something to ask with. `contact` is an address at which the owners of a website find out who asks."""
    agent = "NewcomerDesk-LinkCheck/1.0" + (f" (+{contact})" if contact else "")
    connector = aiohttp.TCPConnector(resolver=PublicResolver(allowed), use_dns_cache=False, limit=AT_ONCE)
    headers = {"User-Agent": agent, "Accept": "text/html,*/*;q=0.5"}
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, headers=headers, cookie_jar=jar, trust_env=False) as session:
        yield Asker(session, allowed, pause)
