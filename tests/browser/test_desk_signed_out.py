"""A session ends while somebody writes, in a real browser without scripts; and the screens that come of it, for everybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import kept_forms
from knowledge.editorial.accounts.form_tokens import Owner
from knowledge.editorial.accounts.kept_forms import Field
from knowledge.editorial.accounts.passwords import hashed
from knowledge.editorial.records import body
from knowledge.store.account_tables import DeskSessionRow, KeptFormRow
from knowledge.store.desk_tables import RecordRow
from locales.catalogue import say
from tests.browser.desk_pages import DeskServer, serving
from tests.integration.desk.people import CITY, user_of

pytestmark = pytest.mark.browser
PASSWORD = "vier Lampen im Regen"
KEY, EDIT = f"service:{CITY}/office", "/desk/record/service/office/edit"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with serving(tmp_path_factory.mktemp("signed-out")) as running:
        yield running


def sign_in(page: Page) -> None:
    page.fill("#email", "editor@desk.example")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_nothing_typed_is_lost_without_scripts(browser: Browser, server: DeskServer) -> None:
    """Given an editor in the middle of a form whose sessions are ended by an administrator."""

    def give_password(session: Session) -> None:
        user_of(session, "editor").password = hashed(PASSWORD)

    server.do(give_password)
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(server.url + EDIT)
    sign_in(page)
    page.goto(server.url + EDIT)
    page.fill("[name='texts.fees']", "Zwölf Euro,\nund Ermäßigung.")
    server.do(lambda session: session.execute(delete(DeskSessionRow)))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(say("desk.notice.signed_out_kept", "en"))).to_be_visible()
    assert "Zw" not in page.url
    sign_in(page)
    expect(page.get_by_text(say("desk.form.resumed", "en"))).to_be_visible()
    expect(page.locator("[name='texts.fees']")).to_have_value("Zwölf Euro,\nund Ermäßigung.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/desk/record/service/office")
    assert server.do(lambda s: body(s, s.get_one(RecordRow, KEY))["texts"]["fees"]) == "Zwölf Euro,\nund Ermäßigung."
    assert server.do(lambda s: s.query(KeptFormRow).count()) == 0
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
def test_what_waits_to_be_sent_has_no_axe_violations_in_both_directions(
    browser: Browser, server: DeskServer, language: str, size: tuple[int, int]
) -> None:
    """Given a hint and a form of a record that came too late."""

    def keep(session: Session) -> None:
        owner = Owner(user_of(session, "editor").id, CITY)
        for path, name in (("/desk/suggest", "text"), (EDIT, "texts.fees")):
            assert kept_forms.keep(session, "for the tests only", owner, path, [Field(name, "Zwölf Euro.", True)])

    server.do(keep)
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    server.sign_in(context, "editor", language)
    page = context.new_page()
    for path in ("/desk/kept", "/desk"):
        page.goto(server.url + path)
        expect(page.locator("a[href='/desk/kept']" if path == "/desk" else "form[action='/desk/suggest'] textarea")).to_be_visible()
        found = [(one["id"], one["nodes"][0]["html"][:160]) for one in Axe().run(page).response["violations"]]
        assert found == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
    context.close()
