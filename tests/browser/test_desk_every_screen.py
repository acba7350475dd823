"""Every screen of the desk and every public page: in the city's language and from right to left, at every width, by keyboard.

A new route fails the first test until it stands in `every_screen.screens`, as a page or with what it is instead.
"""

from __future__ import annotations

import os
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize

from knowledge.editorial.accounts import second_factor
from knowledge.web.desk.routes import DESK_ROUTES
from knowledge.web.public.content import KINDS as PUBLIC_KINDS
from locales import catalogue
from tests.browser.desk_pages import DeskServer
from tests.browser.every_screen.city import SECRET
from tests.browser.every_screen.look import Fault, View
from tests.browser.every_screen.readers import Readers
from tests.browser.every_screen.screens import ALL_PAGES, EMPTY, NO_PAGES, PUBLIC
from tests.browser.every_screen.serving import serving_everything
from tests.browser.every_screen.states import STATES
from tests.integration.desk.people import user_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
WIDE: ViewportSize = {"width": 1280, "height": 800}
# What 200 % and 400 % leave of such a screen (WCAG 1.4.4, 1.4.10).
ENLARGED: ViewportSize = {"width": 640, "height": 400}
NARROW: ViewportSize = {"width": 320, "height": 256}
PHONE: ViewportSize = {"width": 360, "height": 740}
VIEWS = (View("de", (WIDE, NARROW, ENLARGED), walked=True), View("ar", (PHONE, ENLARGED, WIDE)))
# Where pictures of the screens go, for whoever wants to look at them.
PICTURES = os.environ.get("SCREENSHOTS", "")
PART = re.compile(r"\{(?P<name>\w+)(?::(?P<pattern>(?:[^{}]|\{[^{}]*\})+))?\}")
GET_ROUTES = [route.path for route in DESK_ROUTES if route.method == "GET"]
# Addresses that stand for paths that are made anew each time.
MADE = {
    "{welcome}": "/desk/welcome/token",
    "{new_email}": "/desk/account/email/token",
    "{accept}": "/desk/accept/token",
    "{digest_off}": "/desk/digest/off/token",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with serving_everything(tmp_path_factory.mktemp("every")) as made:
        yield made


def variants(path: str) -> Iterator[str]:
    """Expressions that addresses of a route match: one for each of the kinds that stand in its path."""
    listed = re.search(r"\{kind:([a-z|]+)\}", path)
    for one in [path.replace(listed[0], kind) for kind in listed[1].split("|")] if listed else [path]:
        found, at = "", 0
        for match in PART.finditer(one):
            found += re.escape(one[at : match.start()]) + f"(?:{match['pattern'] or '[^/]+'})"
            at = match.end()
        yield found + re.escape(one[at:])


def test_no_page_is_forgotten() -> None:
    shown = {re.sub(r"\{\w+\}", "1", MADE.get(one.path, one.path)).partition("?")[0] for one in ALL_PAGES}
    # A screen belongs to the first route that it fits, as a request does.
    belongs = {
        next((path for path in GET_ROUTES if any(re.fullmatch(one, address) for one in variants(path))), address): address
        for address in shown
    }
    forgotten = [
        one
        for path in GET_ROUTES
        if path not in NO_PAGES
        for one in variants(path)
        if not any(re.fullmatch(one, address) for address in shown)
    ]
    assert forgotten == []
    assert sorted(set(NO_PAGES) - set(GET_ROUTES)) == [], "no such routes any more"
    assert sorted(set(NO_PAGES) & set(belongs)) == [], "they are said to be no pages"
    assert {one.path.split("/")[3] for one in PUBLIC} == set(PUBLIC_KINDS)


@pytest.mark.parametrize("path", NO_PAGES)
def test_what_is_no_page_answers_with_something_else(browser: Browser, server: DeskServer, path: str) -> None:
    readers = Readers(browser, server, VIEWS[0])
    server.do(lambda session: second_factor.prepare(user_of(session, "administrator"), SECRET))
    try:
        response = readers.page("administrator").context.request.get(server.url + NO_PAGES[path].example, max_redirects=0)
        assert response.status == 303 or (response.ok and not response.headers["content-type"].startswith("text/html"))
    finally:
        readers.close()


class Noting(string.Formatter):
    """Fills in words as the catalogue does, and notes which fields were not given."""

    def __init__(self) -> None:
        self.unfilled: list[str] = []

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        if key not in kwargs:
            self.unfilled.append(str(key))
        return kwargs.get(key, "")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.language)
def test_every_screen(browser: Browser, server: DeskServer, view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue.missing.clear()
    noting = Noting()
    monkeypatch.setattr(catalogue, "_formatter", noting)
    readers = Readers(browser, server, view)
    wrong: list[Fault] = []
    try:
        for number, screen in enumerate((*ALL_PAGES, *EMPTY, *STATES)):
            wrong += readers.look(screen, Path(PICTURES) / f"{view.language}-{number:03}.png" if PICTURES else None)
    finally:
        readers.close()
    wrong += readers.problems
    assert not wrong, "\n" + "\n".join(map(str, wrong))
    assert [key for code, key in catalogue.missing if code == view.language] == []
    assert noting.unfilled == [], "words with a gap"
