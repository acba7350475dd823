"""GET /info/<language>/<kind>/<id>, and the form below every page that tells the city what is wrong."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from knowledge.domain.errors import KnowledgeError
from knowledge.editorial.errors import DeskError, NotFound
from knowledge.editorial.records import record_key
from knowledge.editorial.suggestions import LONGEST, suggest_in_public
from knowledge.store.transactions import transact
from knowledge.web.chat.language import page_language
from knowledge.web.client import client_address
from knowledge.web.icon import add_icon
from knowledge.web.keys import API, SETTINGS
from knowledge.web.public.build import Builder
from knowledge.web.public.content import KINDS, PublicPage, page_address
from knowledge.web.public.limits import SuggestionLimit
from knowledge.web.public.pages import PREFIX, PublicPages, public_pages
from knowledge.web.writers import in_writing_thread
from locales import registry

log = structlog.get_logger(__name__)
# Hidden from people, filled in by programs that fill in everything.
TRAP: Final = "website"
# More would be a table of contents, and not a way on.
_MOST_STARTS = 8
_PATH = "/info/{language}/{kind:" + "|".join(KINDS) + "}/{id}"


def add_routes(app: web.Application, sessions: sessionmaker[Session]) -> None:
    """Mount the public pages; `app` carries `keys.API` and `keys.SETTINGS`."""
    public = Public(public_pages(), sessions, SuggestionLimit())
    app.router.add_get(_PATH, public.show)
    app.router.add_post(_PATH, public.suggest)
    add_icon(app)
    app.router.add_get(PREFIX + "/{version}/{name}", public.pages.assets.serve)
    # After all others: a mistyped address.
    app.router.add_get("/info{rest:(/.*)?}", public.missing)


@dataclass(frozen=True)
class Public:
    """The handlers and what they share."""

    pages: PublicPages
    sessions: sessionmaker[Session]
    limit: SuggestionLimit

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The page; 304 for a browser that has it, 404 with a way on where there is none."""
        language = _language(request)
        if language != request.match_info["language"]:
            raise web.HTTPFound(page_address(request.match_info["kind"], request.match_info["id"], language, request.query.get("city")))
        page = await self._page(request, language)
        if page is None:
            return await self._missing(request, language)
        return self._html(request, "page.html", language, page=page, city=request.query.get("city"), typed="", mistake="", tag=True)

    async def missing(self, request: web.Request) -> web.StreamResponse:
        """An address that is none of ours, in the language that it begins with, else in the reader's."""
        first = registry.base_code(request.match_info["rest"].strip("/").partition("/")[0])
        language = first if first in registry.served() else page_language(request, request.app[SETTINGS].language)
        return await self._missing(request, str(language))

    async def _missing(self, request: web.Request, language: str) -> web.Response:
        api, city = request.app[API], request.query.get("city")
        try:
            guide = await asyncio.to_thread(Builder(api, language, city, city).guide_starts)
        except KnowledgeError:
            guide = ()  # the way to the chat is there
        return self._html(request, "missing.html", language, status=404, guide=guide[:_MOST_STARTS])

    async def suggest(self, request: web.Request) -> web.StreamResponse:
        """Something is wrong here. What was typed is kept where it cannot be taken."""
        language = _language(request)
        page = await self._page(request, language)
        if page is None:
            return await self._missing(request, language)
        form = await request.post()
        typed = str(form.get("text", ""))
        origin = request.headers.get("Origin", "")
        if origin not in ("", "null") and origin.partition("://")[2] != request.host:
            raise web.HTTPForbidden
        if form.get(TRAP):
            # A program: it is told what a person would be told.
            return self._html(request, "thanks.html", language, page=page)
        if not self.limit.take(client_address(request, request.app[SETTINGS].proxies)):
            return self._again(request, language, page, typed, "public.wrong.too_many", 429)
        try:
            await in_writing_thread(partial(self._keep, request, page, typed, language))
        except NotFound:
            return await self._missing(request, language)
        except DeskError as error:
            return self._again(request, language, page, typed, f"public.wrong.{error.key.removeprefix('desk.suggestion_')}", 422)
        except SQLAlchemyError as error:
            log.error("suggestion.not_kept", error=type(error).__name__)
            return self._again(request, language, page, typed, "public.wrong.failed", 503)
        return self._html(request, "thanks.html", language, page=page)

    def _keep(self, request: web.Request, page: PublicPage, typed: str, language: str) -> None:
        municipality = request.app[API].knowledge(request.query.get("city")).municipality.id
        transact(self.sessions, lambda session: suggest_in_public(session, record_key(page.kind, municipality, page.id), typed, language))

    def _again(self, request: web.Request, language: str, page: PublicPage, typed: str, mistake: str, status: int) -> web.Response:
        city = request.query.get("city")
        return self._html(request, "page.html", language, status=status, page=page, city=city, typed=typed, mistake=mistake)

    async def _page(self, request: web.Request, language: str) -> PublicPage | None:
        api, city = request.app[API], request.query.get("city")
        kind, local = request.match_info["kind"], request.match_info["id"]
        try:
            return await asyncio.to_thread(Builder(api, language, city, city).page, kind, local)
        except KnowledgeError as error:
            if error.permanent or error.key == "knowledge.no_municipality":
                return None
            raise web.HTTPServiceUnavailable from error

    def _html(
        self, request: web.Request, template: str, language: str, *, status: int = 200, tag: bool = False, **fields: object
    ) -> web.Response:
        others = {code: registry.languages()[code].name for code in registry.served()}
        html = self.pages.render(template, language, others=others, link=page_address, trap=TRAP, longest=LONGEST, level=1, **fields)
        response = web.Response(text=html, content_type="text/html", status=status)
        response.headers["Content-Language"] = language
        # What an editor publishes is here at once: browsers may keep the page, and ask whether it still holds.
        response.headers["Cache-Control"] = "no-cache" if tag else "no-store"
        if tag:
            name = hashlib.sha256(html.encode()).hexdigest()[:32]
            response.etag = name
            if any(one.value in ("*", name) for one in request.if_none_match or ()):
                return web.Response(status=304, headers={"ETag": f'"{name}"', "Cache-Control": "no-cache"})
        return response


def _language(request: web.Request) -> str:
    """The language of the address where it is served; the nearest one to it otherwise."""
    asked = registry.base_code(request.match_info["language"])
    served = registry.served()
    if asked is None:
        return request.app[SETTINGS].language
    return next((code for code in registry.chain(asked, request.app[SETTINGS].language, "en") if code in served), "en")
