"""What the browser asks for besides the conversation: the page, its words in another language, its service worker, its manifest."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from knowledge.web.assets import Assets
from knowledge.web.chat.assets import PREFIX, WORKER
from knowledge.web.chat.help import EMERGENCY, Help, gather_help, tel
from knowledge.web.chat.language import asked_language, page_language, remember
from knowledge.web.keys import API, SETTINGS
from locales import catalogue, registry

TEMPLATES = Path(__file__).parent / "templates"
# A neutral page that nobody wonders about in a browser's history.
ELSEWHERE = "https://www.wikipedia.org/"
_HELP_SECONDS = 2.0
_WORDS = "chat."
_log = logging.getLogger(__name__)


def interface_words(language: str) -> dict[str, str]:
    """All words of the page in `language`, with their placeholders left for the browser to fill."""
    found = {}
    for key, english in sorted(catalogue.catalogue(catalogue.LAST_RESORT).items()):
        if key.startswith(_WORDS):
            # The placeholders of a key are the same in all languages; each is filled with itself.
            found[key] = catalogue.say(key, language, **{name: f"{{{name}}}" for name in catalogue.placeholders(english)})
    return found


class ChatPage:
    """The handlers of the page and what they share."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals.update(asset=assets.url, tel=tel, emergency=EMERGENCY, elsewhere=ELSEWHERE)

    async def page(self, request: web.Request) -> web.StreamResponse:
        """GET /: the page with everything on it that must work without the network."""
        language = page_language(request, request.app[SETTINGS].language)
        found = await _help(request, language)
        html = self._templates.get_template("chat.html").render(**self._fields(language, found))
        response = web.Response(text=html, content_type="text/html")
        if asked_language(request):
            remember(request, response, language)
        return _fresh(request, response, "Accept-Language, Cookie, Accept-Encoding")

    async def words(self, request: web.Request) -> web.StreamResponse:
        """GET /chat/words?lang=uk: what changes on the page when its language changes and the conversation stays."""
        language = asked_language(request)
        if language is None:
            return web.json_response({"error": "language"}, status=404)
        found = await _help(request, language)
        fields = self._fields(language, found)
        part = self._templates.get_template("help_part.html").render(**fields)
        response = web.json_response(
            {
                "language": language,
                "direction": registry.direction(language),
                "words": fields["words"],
                "parts": {"help": part},
            },
            dumps=lambda value: json.dumps(value, ensure_ascii=False),
        )
        remember(request, response, language)
        return _fresh(request, response, "Accept-Encoding")

    async def service_worker(self, request: web.Request) -> web.StreamResponse:
        """GET /sw.js: the worker, told which files belong to this version. At the root, since its place is its reach."""
        urls = [self.assets.url(name) for name in self.assets.names]
        build = json.dumps({"version": self.assets.version, "prefix": f"{PREFIX}/", "files": urls})
        return _fresh(request, web.Response(text=f"const BUILD = {build};\n{self.assets.read(WORKER)}", content_type="text/javascript"))

    async def manifest(self, request: web.Request) -> web.StreamResponse:
        """GET /manifest.webmanifest: for those who put the page on their home screen."""
        language = page_language(request, request.app[SETTINGS].language)
        manifest = {
            "name": catalogue.say("chat.title", language),
            "short_name": catalogue.say("chat.title", language),
            "lang": language,
            "dir": registry.direction(language),
            "start_url": "/",
            "display": "browser",
            "background_color": "#faf6ef",
            "theme_color": "#12403f",
            "icons": [{"src": self.assets.url("logo.svg"), "sizes": "any", "type": "image/svg+xml"}],
        }
        response = web.json_response(manifest, content_type="application/manifest+json")
        return _fresh(request, response, "Accept-Language, Cookie, Accept-Encoding")

    def _fields(self, language: str, found: Help) -> dict[str, object]:
        spoken = interface_words(language)
        every = registry.languages()
        return {
            "t": lambda key, **fields: catalogue.say(key, language, **fields),
            "language": language,
            "direction": registry.direction(language),
            "help": found,
            "served": [every[code] for code in registry.served()],
            "current": every.get(language),
            "words": spoken,
            "config": {
                "language": language,
                "icons": self.assets.url("icons.svg"),
                "elsewhere": ELSEWHERE,
                "served": list(registry.served()),
                "languages": {code: [one.name, one.direction] for code, one in every.items()},
                "words": spoken,
            },
        }


async def _help(request: web.Request, language: str) -> Help:
    """The city's help, or what is there without it when the knowledge base keeps us waiting."""
    api = request.app.get(API)
    if api is None:
        return Help()
    try:
        return await asyncio.wait_for(asyncio.to_thread(gather_help, api, language), _HELP_SECONDS)
    except TimeoutError:
        _log.warning("chat page served without the city's help: the knowledge base did not answer in time")
        return Help()


def _fresh(request: web.Request, response: web.Response, vary: str = "Accept-Encoding") -> web.StreamResponse:
    """Asked for anew each time, sent anew only if it changed: a slow line carries a page once."""
    body = response.text or ""
    tag = hashlib.sha256(body.encode()).hexdigest()[:20]
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = vary
    given = request.if_none_match or ()
    if any(one.value == tag for one in given):
        unchanged = web.Response(status=304, headers={name: response.headers[name] for name in ("Cache-Control", "Vary")})
        unchanged.headers["ETag"] = f'W/"{tag}"'
        unchanged.cookies.update(response.cookies)
        return unchanged
    response.headers["ETag"] = f'W/"{tag}"'
    response.enable_compression()
    return response
