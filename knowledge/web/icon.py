"""The small picture in a browser's tab: the same for the chat, the desk and the public pages."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from knowledge.web.chat.assets import chat_assets

ICON: Final = "/icon.svg"
_NAME = "icon"
_KEPT = {"Cache-Control": "public, max-age=86400"}


def add_icon(app: web.Application) -> None:
    """Serve the picture, also where browsers look for it unasked. Every part whose pages link to it calls this; it is mounted once."""
    if _NAME in app.router.named_resources():
        return
    picture = chat_assets().read("logo.svg")

    async def serve(_request: web.Request) -> web.Response:
        return web.Response(text=picture, content_type="image/svg+xml", headers=_KEPT)

    app.router.add_get(ICON, serve, name=_NAME)
    app.router.add_get("/favicon.ico", serve)
