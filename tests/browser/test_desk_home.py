"""The editors' home and what belongs to it, in a real browser, by keyboard too; how it looks is in test_desk_every_screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from knowledge.editorial.digest import token
from knowledge.editorial.questions.keeping import note
from knowledge.editorial.records import body
from knowledge.store.desk_tables import RecordRow, UnansweredRow
from tests.browser.desk_pages import DeskServer, serving
from tests.integration.desk.people import CITY, user_of

OFFICE, SCHOOL = f"service:{CITY}/office", f"service:{CITY}/school"


def fill(server: DeskServer) -> None:
    """Two services that are due for checking, and a question that found no answer."""

    def work(session: Session) -> None:
        for key, days in ((OFFICE, 400), (SCHOOL, 200)):
            session.get_one(RecordRow, key).checked_on = date.today() - timedelta(days=days)
        note(session, CITY, "Wo melde ich meinen Hund an?", "de", date.today())
        for row in session.query(UnansweredRow):
            row.group_id = row.id

    server.do(work)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with serving(tmp_path_factory.mktemp("desk"), fill) as made:
        yield made


@pytest.fixture
def opened(browser: Browser, server: DeskServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of the administrator's; `request.param` is (language, width)."""
    language, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-GB", reduced_motion="reduce")
    server.sign_in(context, "administrator", language)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert problems == []


def keys_to(page: Page, words: str, most: int = 80) -> None:
    """Go on with the Tab key until the focus is on something that says `words`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate("(document.activeElement.innerText || document.activeElement.value || '').trim()")
        if said.startswith(words):
            return
    raise AssertionError(f"the Tab key does not lead to {words!r}")


@pytest.mark.parametrize("opened", [("en", 1280)], indirect=True, ids=str)
def test_a_week_by_keyboard_alone(opened: Page, server: DeskServer) -> None:
    """From the home to what is due, one click, and the next thing."""
    opened.goto(server.url + "/desk")
    keys_to(opened, "Check now")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/desk/todo/due")
    before = opened.locator("h1 .soft").inner_text()
    keys_to(opened, "Still true")
    opened.keyboard.press("Enter")
    expect(opened.locator(".notice.good")).to_be_visible()
    expect(opened.locator("h1 .soft")).not_to_have_text(before)


@pytest.mark.parametrize("opened", [("en", 360)], indirect=True, ids=str)
def test_a_service_gets_the_name_that_people_use(opened: Page, server: DeskServer) -> None:
    opened.goto(server.url + "/desk/questions")
    opened.get_by_role("link", name="Do something about it Wo melde ich meinen Hund an?").click()
    opened.get_by_role("searchbox", name="Which service?").fill("Schulamt")
    opened.get_by_role("button", name="Find").click()
    opened.get_by_label("What people call it").fill("Hundesteuer")
    opened.get_by_role("button", name="Add this name").click()
    expect(opened.locator(".notice.good")).to_be_visible()
    expect(opened.locator("main")).not_to_contain_text("Hund")
    also = server.do(lambda session: body(session, session.get_one(RecordRow, SCHOOL))["also"])
    assert also[-1] == "Hundesteuer"


@pytest.mark.parametrize("opened", [("en", 1280)], indirect=True, ids=str)
def test_the_digest_is_switched_off_without_signing_in(browser: Browser, opened: Page, server: DeskServer) -> None:
    user_id = server.do(lambda session: user_of(session, "second_editor").id)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.url}/desk/digest/off/{token(user_id, 'for the tests only')}")
    assert Axe().run(page).response["violations"] == []
    assert server.do(lambda session: user_of(session, "second_editor").digest)
    page.get_by_role("button", name="Stop these e-mails").click()
    page.wait_for_selector(".notice.good")
    assert not server.do(lambda session: user_of(session, "second_editor").digest)
    context.close()
