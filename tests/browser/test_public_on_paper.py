"""A public page on paper, and its links on a telephone that is read from the right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from knowledge.editorial.publish import publish
from knowledge.editorial.records import body
from knowledge.editorial.save import save
from knowledge.store.desk_tables import RecordRow
from tests.browser.conftest import PHONE
from tests.browser.desk_pages import DeskServer, public_pages_too, serving
from tests.integration.desk.people import CITY

OFFICE = f"service:{CITY}/office"
WEBSITE = "https://www.a-town-with-quite-a-long-name.example/offices/citizens"


def fill(server: DeskServer) -> None:
    """A service with a long web address."""
    reviewer = server.actor("reviewer")

    def work(session: Session) -> None:
        record = session.get_one(RecordRow, OFFICE)
        save(session, reviewer, OFFICE, {**body(session, record), "website": WEBSITE}, base=record.newest)
        publish(session, reviewer, OFFICE)

    server.do(work)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with serving(tmp_path_factory.mktemp("desk"), fill, more=public_pages_too) as made:
        yield made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def test_on_paper_an_address_stands_once(page: Page, server: DeskServer) -> None:
    page.emulate_media(media="print")
    page.goto(f"{server.url}/info/en/service/office")
    printed = page.eval_on_selector(f"a[href='{WEBSITE}']", "(link) => link.textContent + getComputedStyle(link, '::after').content")
    assert printed.count("https://") == 1


def test_an_address_of_two_lines_begins_on_the_right_where_all_else_does(page: Page, server: DeskServer) -> None:
    page.goto(f"{server.url}/info/ar/service/office")
    ends = page.eval_on_selector(
        f"a[href='{WEBSITE}']",
        """(link) => {
            const range = document.createRange();
            range.selectNodeContents(link);
            return [...range.getClientRects()].map((line) => Math.round(line.right));
        }""",
    )
    assert len(ends) > 1 and len(set(ends)) == 1
