"""A translation service on this machine that does what the test says, good or bad."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Mangle = Callable[[str], str]
PLACEHOLDER = re.compile(r"QX\d+XQ")


def shouted(text: str) -> str:
    """What the service takes for a translation: capital letters, placeholders untouched."""
    return "".join(part if PLACEHOLDER.fullmatch(part) else part.upper() for part in re.split(r"(QX\d+XQ)", text))


@dataclass
class Service:
    """`answers` are used up first, one a request: a status, or a raw body with status 200. Then `mangle` translates."""

    mangle: Mangle = shouted
    answers: list[int | bytes | float] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    @property
    def sent(self) -> list[str]:
        """All texts that were sent."""
        return [text for request in self.asked for text in request["q"]]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked.append(body)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, float):
            await asyncio.sleep(answer)
        elif isinstance(answer, int):
            return web.Response(status=answer, headers=self.headers)
        elif isinstance(answer, bytes):
            return web.Response(body=answer)
        return web.Response(body=json.dumps({"translatedText": [self.mangle(text) for text in body["q"]]}))


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[Service]:
    """The service on a free port of the loopback interface."""
    app = web.Application()
    app.router.add_post("/translate", service.handle)
    async with TestServer(app) as server:
        service.url = str(server.make_url("/translate"))
        yield service
