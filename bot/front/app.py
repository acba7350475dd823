"""The one server that people reach: chat page, channels, health. Everything it needs is handed to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import structlog
from aiohttp import web

from bot.channels.rest import routes as rest
from bot.channels.web import routes as web_chat
from bot.front import health
from bot.front.conversations import Conversations
from bot.front.errors import apologise
from bot.front.keys import CONVERSATIONS, LIMITS
from bot.front.limits import RateLimits
from bot.front.rasa_client import RasaClient, RasaUnavailable
from bot.nlu.signals import load_signals
from knowledge.api import KnowledgeApi
from knowledge.bootstrap import make_sessions
from knowledge.config import Settings
from knowledge.domain.errors import KnowledgeError
from knowledge.editorial.housekeeping import Housekeeper
from knowledge.web.chat import routes as chat_page
from knowledge.web.desk import routes as desk
from knowledge.web.keys import API, SETTINGS
from knowledge.web.public import routes as public_pages
from knowledge.web.security import security_headers

log = structlog.get_logger(__name__)
LARGEST_REQUEST = 64 * 1024
_HOUR = 3600.0


@dataclass(frozen=True)
class RasaAddress:
    """Where Rasa listens, and the token it wants."""

    url: str
    token: str


def front_app(settings: Settings, api: KnowledgeApi, rasa: RasaAddress) -> web.Application:
    """The application. Channels are added here: one line each."""
    app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[security_headers, apologise])
    app[SETTINGS] = settings
    app[API] = api
    sessions = make_sessions(settings)
    app[LIMITS] = RateLimits(settings.rate_person, settings.rate_address, settings.proxies)

    async def connect(app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as session:
            client = RasaClient(session, rasa.url, rasa.token, settings.reply_seconds)
            app[CONVERSATIONS] = Conversations(client, load_signals(), settings.language)
            housekeeping = asyncio.create_task(_keep_house(app, client))
            preparing = asyncio.create_task(_prepare_search(api))
            desk_work = asyncio.create_task(Housekeeper(sessions, settings, api.embedder).run())
            yield
            for task in (housekeeping, preparing, desk_work):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    app.cleanup_ctx.append(connect)
    health.add_routes(app)
    rest.add_routes(app)
    web_chat.add_routes(app)
    chat_page.add_routes(app)
    public_pages.add_routes(app, sessions)
    desk.add_routes(app, sessions)
    return app


async def _prepare_search(api: KnowledgeApi) -> None:
    """Vectors of the published texts, in the background; words are searched meanwhile."""
    while True:
        try:
            await asyncio.to_thread(api.prepare_search)
            return
        except KnowledgeError as error:
            log.warning("search.waiting", key=error.key)
            await asyncio.sleep(5)


async def _keep_house(app: web.Application, client: RasaClient) -> None:
    """Erase conversations whose time is over: once at the start, then every hour."""
    while True:
        try:
            done = await client.purge(app[SETTINGS].retention_days)
            if done["deleted"]:
                log.info("conversations.erased", number=done["deleted"])
        except RasaUnavailable as error:
            log.info("conversations.not_purged_yet", reason=str(error))
            await asyncio.sleep(60)
            continue
        await asyncio.sleep(_HOUR)
