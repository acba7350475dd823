"""A front with the public pages, and somebody who reads them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from knowledge.api import KnowledgeApi
from knowledge.config import load_settings
from knowledge.search.embedder import NoEmbedder
from knowledge.store.library import Library
from knowledge.web.keys import API, SETTINGS
from knowledge.web.public.routes import add_routes
from knowledge.web.security import security_headers
from tests.integration.databases import Database
from tests.integration.desk.people import CITY
from tests.integration.desk.public.acts import Reader


@pytest.fixture
async def reader(desk_database: Database, tmp_path: Any) -> AsyncIterator[Reader]:
    """A front with the public pages only."""
    environment = {"NEWCOMER_VAR": str(tmp_path), "NEWCOMER_MUNICIPALITY": CITY, "NEWCOMER_SECRET": "for the tests only"}
    app = web.Application(middlewares=[security_headers])
    app[SETTINGS] = load_settings({**environment, "NEWCOMER_DATABASE_URL": desk_database.url})
    app[API] = KnowledgeApi(Library(desk_database.sessions, CITY), NoEmbedder(), desk_database.sessions)
    add_routes(app, desk_database.sessions)
    server = TestServer(app)
    await server.start_server()
    async with aiohttp.ClientSession(base_url=server.make_url("/")) as browser:
        yield Reader(desk_database, browser)
    await server.close()
