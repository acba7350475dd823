"""A browser, and a desk to open in it: the stand-in of `stub.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser.stub import Desk, Running

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
PHONE: ViewportSize = {"width": 360, "height": 740}
# Milliseconds, as long as for everything else: five seconds are short where two browsers and a server share two cores.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A fresh stand-in; see `Desk` for what can be ordered from it."""
    running = Running()
    yield running.start()
    running.stop()


@pytest.fixture
def desk_url(desk: Desk) -> str:
    """Where the desk under test is."""
    return desk.url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone with nothing remembered."""
    fresh = browser.new_context(viewport=PHONE, locale="en-GB", reduced_motion="reduce")
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test if a script of it does, or the content security policy was broken."""
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    yield opened
    assert problems == []
