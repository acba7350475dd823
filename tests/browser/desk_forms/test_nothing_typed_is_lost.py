"""Whatever happens while somebody types - a server that dies, a lost line, a session that ends - nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import delete, select

from knowledge.store.account_tables import DeskSessionRow
from knowledge.store.desk_tables import AutosaveRow
from locales.catalogue import say
from tests.browser.desk_forms.acts import EDIT, KEPT, OFFICE, Open, fees, kept_fields, newest, state, wait_until_kept
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser


def test_a_server_that_dies_while_somebody_types(server: DeskServer, open_as: Open) -> None:
    page = open_as(EDIT)
    fees(page).fill("Eins")
    page.keyboard.press("Tab")
    expect(state(page)).to_have_text(KEPT)
    server.kill()
    fees(page).press_sequentially(" Zwei")
    page.keyboard.press("Tab")
    expect(state(page)).to_contain_text("No connection")
    fees(page).press_sequentially(" Drei")
    server.start()
    expect(state(page)).to_have_text(KEPT)
    # In another browser, after this one is gone for good.
    page.context.close()
    other = open_as(EDIT)
    expect(other.get_by_text("did not save it")).to_be_visible()
    expect(other.get_by_text("Eins Zwei Drei")).to_be_visible()
    other.get_by_role("link", name="Go on with it").click()
    expect(fees(other)).to_have_value("Eins Zwei Drei")
    other.get_by_role("button", name="Save", exact=True).click()
    other.wait_for_url(f"**/desk/record/service/{OFFICE}")
    assert newest(server)["texts"]["fees"] == "Eins Zwei Drei"


@pytest.mark.parametrize("status", [503, 504, 429])
def test_a_server_that_cannot_take_it_now_is_not_told_as_a_lost_line(server: DeskServer, open_as: Open, status: int) -> None:
    """503: the desk waited for another writer in vain; 504: the proxy before it waited in vain."""
    page, autosave = open_as(EDIT), "**/desk/records/service/autosave"
    page.route(autosave, lambda route: route.fulfill(status=status, content_type="text/html", body="<h1>Later</h1>"))
    fees(page).fill("Später")
    page.keyboard.press("Tab")
    expect(state(page)).to_have_text(say("desk.autosave.busy", "en"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(state(page)).to_be_focused()
    expect(state(page)).to_have_text(say("desk.autosave.busy", "en"))
    page.unroute(autosave)
    expect(state(page)).to_have_text(KEPT)
    assert kept_fields(server)["texts.fees"] == ["Später"]


def test_words_that_never_reached_the_server_are_offered_in_the_same_browser(server: DeskServer, open_as: Open) -> None:
    page = open_as(EDIT)
    server.kill()
    fees(page).fill("Nur hier getippt")
    page.keyboard.press("Tab")
    expect(state(page)).to_contain_text("No connection")
    page.close()
    server.start()
    again = page.context.new_page()
    again.goto(server.url + EDIT)
    expect(again.locator("#offer")).to_be_visible()
    again.get_by_role("button", name="Go on with it").click()
    expect(fees(again)).to_have_value("Nur hier getippt")
    assert kept_fields(server)["texts.fees"] == ["Nur hier getippt"]
    # And it is not offered a second time.
    again.reload()
    expect(fees(again)).to_have_value("Nur hier getippt")
    expect(again.locator("#offer")).to_be_hidden()


def test_a_new_record_that_never_reached_the_server(server: DeskServer, open_as: Open) -> None:
    page = open_as("/desk/records/service/new")
    server.kill()
    page.fill("[name='texts.name']", "Im Funkloch")
    page.keyboard.press("Tab")
    expect(state(page)).to_contain_text("No connection")
    page.close()
    server.start()
    again = page.context.new_page()
    again.goto(f"{server.url}/desk/records/service/new")
    again.get_by_role("button", name="Go on with it").click()
    expect(again.locator("[name='texts.name']")).to_have_value("Im Funkloch")


def test_saving_without_a_line_stays_on_the_page(server: DeskServer, open_as: Open) -> None:
    page = open_as(EDIT)
    fees(page).fill("Zehn Euro")
    server.kill()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(state(page)).to_contain_text("No connection")
    expect(fees(page)).to_have_value("Zehn Euro")
    server.start()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/desk/record/service/{OFFICE}")
    assert newest(server)["texts"]["fees"] == "Zehn Euro"


def test_a_server_that_dies_in_the_middle_of_saving(server: DeskServer, open_as: Open) -> None:
    page = open_as(EDIT)
    fees(page).fill("Mitten im Speichern")

    def die(route: Route) -> None:
        if route.request.method == "POST":
            server.kill()
        route.continue_()

    page.route(f"**{EDIT}", die)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Save", exact=True).click()
    server.start()
    page.unroute(f"**{EDIT}")
    page.goto(server.url + EDIT)
    expect(page.get_by_text("Mitten im Speichern")).to_be_visible()
    page.get_by_role("link", name="Go on with it").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/desk/record/service/{OFFICE}")
    assert newest(server)["texts"]["fees"] == "Mitten im Speichern"


def test_leaving_at_once_keeps_the_words_and_asks_nothing(server: DeskServer, open_as: Open) -> None:
    page = open_as(EDIT)
    fees(page).fill("Schnell weg")
    page.goto(f"{server.url}/desk/records/service")
    wait_until_kept(server)
    page.goto(server.url + EDIT)
    expect(page.get_by_text("Schnell weg")).to_be_visible()


def test_signed_out_in_the_middle(server: DeskServer, open_as: Open) -> None:
    page = open_as(EDIT)
    server.do(lambda session: session.execute(delete(DeskSessionRow)))
    fees(page).fill("Nach dem Abmelden")
    page.keyboard.press("Tab")
    expect(state(page)).to_contain_text("You are signed out")
    # Saving now would lead away from the words: it does not.
    page.get_by_role("button", name="Save", exact=True).click()
    expect(fees(page)).to_have_value("Nach dem Abmelden")
    server.sign_in(page.context, "editor")  # in another tab
    expect(state(page)).to_have_text(KEPT)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/desk/record/service/{OFFICE}")
    assert newest(server)["texts"]["fees"] == "Nach dem Abmelden"


def test_somebody_else_signs_in_in_the_same_browser(server: DeskServer, open_as: Open) -> None:
    page = open_as(EDIT)
    server.sign_in(page.context, "second_editor")
    fees(page).fill("Gehört der ersten Person")
    page.keyboard.press("Tab")
    expect(state(page)).to_contain_text("Somebody else")
    assert server.do(lambda session: session.scalars(select(AutosaveRow)).all()) == []
    expect(fees(page)).to_have_value("Gehört der ersten Person")


def test_loading_a_new_form_again_brings_back_what_was_typed(server: DeskServer, open_as: Open) -> None:
    page = open_as("/desk/records/organization/new")
    page.fill("[name='texts.name']", "Verein am Fluss")
    page.keyboard.press("Tab")
    expect(state(page)).to_have_text(KEPT)
    page.reload()
    expect(page.locator("[name='texts.name']")).to_have_value("Verein am Fluss")
