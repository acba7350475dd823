"""``GET /healthz``: 200 once a question would be answered, 503 with what is missing before that."""

from __future__ import annotations

import asyncio
from collections import Counter

from aiohttp import web

from bot.front.keys import CONVERSATIONS
from knowledge.domain.errors import KnowledgeError
from knowledge.web.keys import API
from locales import catalogue


def add_routes(app: web.Application) -> None:
    """Mount the route."""
    app.router.add_get("/healthz", health)


async def health(request: web.Request) -> web.Response:
    """The truth at this moment; nothing is cached."""
    missing: dict[str, str] = {}
    body: dict[str, object] = {}
    try:
        knowledge = await asyncio.to_thread(request.app[API].knowledge)
        body["municipality"] = knowledge.municipality.id
        body["knowledge_version"] = knowledge.version
        body["search"] = "words and meaning" if request.app[API].semantic_ready() else "words"
    except KnowledgeError as error:
        missing["knowledge"] = error.key
    if not await request.app[CONVERSATIONS].rasa.ready():
        missing["assistant"] = "starting or not reachable"
    body["status"] = "unavailable" if missing else "ok"
    body["missing"] = missing
    languages = Counter(language for (language, _), times in catalogue.missing.items() for _ in range(times))
    body["missing_words"] = dict(languages)
    return web.json_response(body, status=503 if missing else 200)
