"""Where the chat page is mounted."""

from __future__ import annotations

from aiohttp import web

from knowledge.web.chat.assets import PREFIX, chat_assets
from knowledge.web.chat.page import ChatPage
from knowledge.web.icon import add_icon


def add_routes(app: web.Application) -> None:
    """Add the page, its words and its files to `app`, which carries `keys.SETTINGS` and, once it is there, `keys.API`.

    The conversation (/chat/session, /chat/messages) is added by the web channel.
    """
    assets = chat_assets()
    page = ChatPage(assets)
    app.router.add_get("/", page.page)
    app.router.add_get("/chat/words", page.words)
    app.router.add_get("/sw.js", page.service_worker)
    app.router.add_get("/manifest.webmanifest", page.manifest)
    add_icon(app)
    app.router.add_get(PREFIX + "/{version}/{name}", assets.serve)
