"""Keys under which the aiohttp application carries its parts."""

from __future__ import annotations

from aiohttp import web

from knowledge.api import KnowledgeApi
from knowledge.config import Settings

API: web.AppKey[KnowledgeApi] = web.AppKey("knowledge_api", KnowledgeApi)
SETTINGS: web.AppKey[Settings] = web.AppKey("settings", Settings)
