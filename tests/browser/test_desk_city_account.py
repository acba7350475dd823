"""A session ends while somebody writes, and they sign in again with a city account: a real browser and a real provider on another site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete

from knowledge.editorial.records import body
from knowledge.store.account_tables import DeskSessionRow
from knowledge.store.desk_tables import RecordRow
from knowledge.web.desk.accounts.city_account import BACK
from locales.catalogue import say
from tests.browser.desk_pages import DeskServer, serving
from tests.integration.desk.acts import ANNA
from tests.integration.desk.openid_provider import CLIENT_ID, CLIENT_SECRET, PASSWORD, Provider
from tests.integration.desk.people import CITY

pytestmark = pytest.mark.browser
KEY, EDIT = f"service:{CITY}/office", "/desk/record/service/office/edit"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk whose editor has a city account."""
    provider = Provider(tmp_path_factory.mktemp("provider"))
    provider.people({"anna": ANNA | {"email": "editor@desk.example"}})
    provider.start()
    ours = {"NEWCOMER_OIDC_CLIENT_ID": CLIENT_ID, "NEWCOMER_OIDC_CLIENT_SECRET": CLIENT_SECRET}
    with serving(tmp_path_factory.mktemp("desk"), NEWCOMER_OIDC_ISSUER=provider.issuer, **ours) as running:
        # For a browser another site than the provider's 127.0.0.1: cookies come back only as they do from any city's provider.
        running.url = running.url.replace("127.0.0.1", "localhost")
        provider.redirect_to(running.url + BACK)
        yield running
    provider.stop()


def sign_in(page: Page) -> None:
    """With the button of the city account; at the provider by name and password where it does not know the browser yet."""
    page.get_by_role("link", name=say("desk.accounts.sign_in.city", "en")).click()
    if page.locator("[name='username']").count():
        page.fill("[name='username']", "anna")
        page.fill("[name='password']", PASSWORD)
        page.press("[name='password']", "Enter")
    page.locator("[name='allow']").click()


def fees(server: DeskServer) -> str:
    return str(server.do(lambda session: body(session, session.get_one(RecordRow, KEY))["texts"]["fees"]))


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def writing(page: Page, server: DeskServer, typed: str) -> None:
    """Given an editor who has come in with the city account and is in the middle of a form when the session ends."""
    page.goto(server.url + EDIT)
    sign_in(page)
    page.wait_for_url(server.url + EDIT)
    page.fill("[name='texts.fees']", typed)
    server.do(lambda session: session.execute(delete(DeskSessionRow)))


def test_without_scripts_the_form_stands_there_again_after_the_way_over_the_provider(browser: Browser, server: DeskServer) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    writing(page, server, "Zwölf Euro,\nund Ermäßigung.")
    save(page)
    expect(page.get_by_text(say("desk.notice.signed_out_kept", "en"))).to_be_visible()
    sign_in(page)
    expect(page.locator("[name='texts.fees']")).to_have_value("Zwölf Euro,\nund Ermäßigung.")
    expect(page.get_by_text(say("desk.form.resumed", "en"))).to_be_visible()
    save(page)
    page.wait_for_url(server.url + EDIT.removesuffix("/edit"))
    assert fees(server) == "Zwölf Euro,\nund Ermäßigung."
    context.close()


def test_with_scripts_the_form_stays_and_is_saved_after_signing_in_in_another_tab(browser: Browser, server: DeskServer) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    writing(page, server, "Vierzehn Euro.")
    save(page)
    expect(page.get_by_text(say("desk.autosave.signed_out", "en"))).to_be_visible()
    other = context.new_page()
    other.goto(server.url + "/desk/sign-in")
    sign_in(other)
    other.wait_for_url(server.url + "/desk")
    save(page)
    page.wait_for_url(server.url + EDIT.removesuffix("/edit"))
    assert fees(server) == "Vierzehn Euro."
    context.close()
