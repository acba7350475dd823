"""Names in the city's language stand where everything else stands for somebody who reads from right to left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PHONE
from tests.browser.desk_pages import DeskServer, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with serving(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture
def page(browser: Browser, server: DeskServer) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="ar", reduced_motion="reduce")
    server.sign_in(context, "reviewer", "ar")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("under", ["", "/history", "/preview"])
def test_the_name_of_a_record_begins_on_the_right(page: Page, server: DeskServer, under: str) -> None:
    page.goto(f"{server.url}/desk/record/service/office{under}")
    begins = page.evaluate(
        "['h1 > *', '.crumbs > a'].map((one) => document.querySelector(one)?.getBoundingClientRect().right ?? 'not there')"
    )
    assert begins[0] == begins[1]
