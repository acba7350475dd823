"""What the front's handlers find in the application, by typed keys."""

from __future__ import annotations

from aiohttp import web

from bot.front.conversations import Conversations
from bot.front.limits import RateLimits

CONVERSATIONS: web.AppKey[Conversations] = web.AppKey("conversations", Conversations)
LIMITS: web.AppKey[RateLimits] = web.AppKey("limits", RateLimits)
