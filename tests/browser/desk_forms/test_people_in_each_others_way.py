"""Two clicks, two people, a page that is left: one record, one who writes, nothing lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from knowledge.store.desk_tables import RecordRow
from tests.browser.desk_forms.acts import EDIT, KEY, OFFICE, Open, fees, new_service, newest
from tests.browser.desk_server import DeskServer
from tests.integration.desk.people import CITY

pytestmark = pytest.mark.browser


def test_a_double_click_on_save_makes_one_record(server: DeskServer, open_as: Open) -> None:
    page = open_as("/desk/records/service/new")
    new_service(page)
    page.get_by_role("button", name="Save", exact=True).dblclick()
    page.wait_for_url("**/desk/record/service/lesecafe-lindenau")
    names = server.do(lambda session: session.scalars(select(RecordRow.id).where(RecordRow.id.contains("lesecafe"))).all())
    assert names == [f"service:{CITY}/lesecafe-lindenau"]


def test_taking_over_makes_the_others_page_read_only_and_loses_nothing(server: DeskServer, open_as: Open) -> None:
    first = open_as(EDIT)
    fees(first).fill("Von der Ersten")
    second = open_as(EDIT, "second_editor")
    expect(second.get_by_text("Editor has had this open")).to_be_visible()
    second.get_by_role("button", name="Take it over").click()
    fees(second).fill("Vom Zweiten")
    # The heartbeat comes every 20 seconds, and when somebody looks at the page again.
    first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first.locator("#taken")).to_contain_text("Second Editor has taken this over")
    expect(fees(first)).to_have_value("Von der Ersten")
    expect(fees(first)).to_have_js_property("readOnly", True)
    expect(first.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    second.get_by_role("button", name="Save", exact=True).click()
    second.wait_for_url(f"**/desk/record/service/{OFFICE}")
    # Taken back: both versions side by side, chosen with the keyboard.
    first.get_by_role("button", name="Take it back").click()
    expect(first.locator("#taken")).to_contain_text("side by side")
    expect(first.locator("#taken-back")).to_be_hidden()
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.get_by_text("Vom Zweiten")).to_be_visible()
    expect(first.get_by_text("Von der Ersten")).to_be_visible()
    first.get_by_label("What I wrote").focus()
    first.keyboard.press("Space")
    first.keyboard.press("Enter")
    first.wait_for_url(f"**/desk/record/service/{OFFICE}")
    assert newest(server)["texts"]["fees"] == "Von der Ersten"
    assert server.do(lambda session: session.get_one(RecordRow, KEY).newest) == 3


def test_the_lock_is_given_free_when_the_page_is_left(server: DeskServer, open_as: Open) -> None:
    first = open_as(EDIT)
    first.goto(f"{server.url}/desk/records/service")
    first.wait_for_load_state("networkidle")
    second = open_as(EDIT, "second_editor")
    expect(fees(second)).to_be_visible()
