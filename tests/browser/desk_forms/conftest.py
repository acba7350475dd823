"""One running desk for the tests of its forms, and a browser for each person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser.desk_forms.acts import Open
from tests.browser.desk_server import DeskServer, fill, free_port
from tests.integration.databases import open_database

WIDE: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """One process for all tests here: to start it takes longer than most of them."""
    filled, path = (tmp_path_factory.mktemp(name) / "knowledge.db" for name in ("filled", "served"))
    fill(filled)
    shutil.copy(filled, path)
    running = DeskServer(path, free_port(), open_database(f"sqlite:///{path}"), filled)
    running.start()
    yield running
    running.kill()
    running.database.engine.dispose()


@pytest.fixture
def server(one_server: DeskServer) -> DeskServer:
    """It runs, and its database is as it was at the beginning."""
    one_server.begin_anew()
    return one_server


@pytest.fixture
def open_as(browser: Browser, server: DeskServer) -> Iterator[Open]:
    """Opens a page as somebody, in a browser of their own. A broken content security policy or a failing script fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_(path: str, name: str = "editor", *, language: str = "en", size: ViewportSize = WIDE, scripts: bool = True) -> Page:
        context = browser.new_context(viewport=size, reduced_motion="reduce", java_script_enabled=scripts, locale="en-GB")
        server.sign_in(context, name, language=language)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
        page.on("dialog", lambda dialog: problems.append(f"dialog: {dialog.message}") or dialog.accept())
        page.goto(server.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []
