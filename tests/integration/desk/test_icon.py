"""The picture in a browser's tab: every page names one that is there, and browsers that look for one unasked find it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from knowledge.api import KnowledgeApi
from knowledge.config import load_settings
from knowledge.search.embedder import NoEmbedder
from knowledge.store.library import Library
from knowledge.web.chat import routes as chat
from knowledge.web.desk import routes as desk
from knowledge.web.keys import API, SETTINGS
from knowledge.web.public import routes as public
from knowledge.web.security import security_headers
from tests.integration.databases import open_database
from tests.integration.desk.people import CITY

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def browser(filled_file: Path, tmp_path: Path) -> AsyncIterator[Client]:
    """Given a front with all three kinds of pages."""
    database = open_database(f"sqlite:///{filled_file}")
    app = web.Application(middlewares=[security_headers])
    environment = {"NEWCOMER_VAR": str(tmp_path), "NEWCOMER_MUNICIPALITY": CITY, "NEWCOMER_SECRET": "for the tests only"}
    app[SETTINGS] = load_settings({**environment, "NEWCOMER_DATABASE_URL": database.url})
    app[API] = KnowledgeApi(Library(database.sessions, CITY), NoEmbedder(), database.sessions)
    chat.add_routes(app)
    public.add_routes(app, database.sessions)
    desk.add_routes(app, database.sessions)
    client: Client = TestClient(TestServer(app))
    await client.start_server()
    yield client
    await client.close()
    database.engine.dispose()


@pytest.mark.parametrize("path", ["/", "/info/en/service/welcome-point", "/info/en/service/not-there", "/desk/sign-in"])
async def test_every_page_names_a_picture_that_is_there(browser: Client, path: str) -> None:
    page = await (await browser.get(path)).text()
    found = re.findall(r'<link rel="icon" type="image/svg\+xml" href="([^"]+)">', page)
    assert len(found) == 1
    assert found[0].startswith("/")  # our own: the policy allows no other
    picture = await browser.get(found[0])
    assert picture.status == 200
    assert picture.content_type == "image/svg+xml"
    assert (await picture.text()).startswith("<svg")


async def test_a_browser_that_looks_for_it_unasked_gets_it_small_and_keeps_it(browser: Client) -> None:
    picture = await browser.get("/favicon.ico")
    assert (picture.status, picture.content_type) == (200, "image/svg+xml")
    assert len(await picture.read()) < 1024
    assert "max-age" in picture.headers["Cache-Control"]
    assert "img-src 'self'" in picture.headers["Content-Security-Policy"]
