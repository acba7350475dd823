"""The bar of the desk: one row for an administrator on a usual screen, and what is seldom needed behind the name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from locales.catalogue import say
from tests.browser.conftest import PHONE
from tests.browser.desk_pages import DeskServer, serving
from tests.browser.every_screen.look import AXE_OPTIONS, SCRIPTS

WIDE: ViewportSize = {"width": 1280, "height": 800}
# What 200 % leaves of such a screen.
ENLARGED: ViewportSize = {"width": 640, "height": 400}
LANGUAGES = ("en", "de", "fr", "uk", "ar", "tr")
# Nothing begins below the end of something else.
_ONE_ROW = """() => {
  const boxes = [...document.querySelectorAll(".brand, .menu li, .person > *")].map((one) => one.getBoundingClientRect());
  return Math.max(...boxes.map((box) => box.top)) < Math.min(...boxes.map((box) => box.bottom));
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with serving(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture
def page(browser: Browser, server: DeskServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An administrator who reads the language that the test asks for."""
    language = request.param
    context = browser.new_context(viewport=WIDE, locale=language, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    server.sign_in(context, "administrator", language)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("page", LANGUAGES, indirect=True)
def test_it_is_one_row_on_a_usual_screen(page: Page, server: DeskServer) -> None:
    page.goto(f"{server.url}/desk/records/service")
    expect(page.locator(".menu li")).to_have_count(9)
    assert page.evaluate(_ONE_ROW)


@pytest.mark.parametrize("page", ["de"], indirect=True)
def test_what_is_seldom_needed_is_behind_the_name_and_reached_by_keyboard(page: Page, server: DeskServer) -> None:
    page.goto(f"{server.url}/desk")
    people = page.get_by_role("link", name=say("desk.menu.users", "de"), exact=True)
    expect(people).to_be_hidden()
    page.locator(".own summary").focus()
    page.keyboard.press("Enter")
    expect(people).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(people).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server.url}/desk/users")
    expect(page.locator(".own summary")).to_have_class("here")
    expect(page.locator(".own [aria-current=page]")).to_have_text(say("desk.menu.users", "de"))


@pytest.mark.parametrize("page", ["de", "ar"], indirect=True)
@pytest.mark.parametrize("opened", [False, True], ids=["closed", "open"])
def test_nothing_of_it_is_cut_off_or_covered_at_any_width(page: Page, server: DeskServer, opened: bool) -> None:
    page.goto(f"{server.url}/desk/audit")
    page.evaluate(SCRIPTS)
    if opened:
        page.locator(".own summary").click()
        expect(page.locator(".own a").first).to_be_visible()
    for size in (WIDE, ENLARGED, PHONE):
        page.set_viewport_size(size)
        found = page.evaluate("(options) => axe.run('header', options).then((found) => found.violations)", AXE_OPTIONS)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("look.layout()") == []
