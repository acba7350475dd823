"""A form helps while it is filled in: hours, likenesses, choices, mistakes, steps; by keyboard, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk_forms.acts import EDIT, OFFICE, Open, choose, new_service, newest, tab_to
from tests.browser.desk_server import DeskServer
from tests.integration.desk.people import CITY

pytestmark = pytest.mark.browser


def test_hours_are_shown_back_and_saved_at_once(server: DeskServer, open_as: Open) -> None:
    page = open_as(EDIT)
    page.fill("[name='at.0.hours']", "Mo bis Fr 9-12, Do auch 14-18, bei Vollmond immer")
    told = page.locator("[data-told='at.0.hours']")
    expect(told).to_contain_text("Thursday 9:00 to 12:00 and 14:00 to 18:00")
    expect(told.locator("mark")).to_contain_text("Vollmond")
    page.fill("[name='at.0.hours']", "Mo bis Fr 9-12, Do auch 14-18")
    expect(told.locator("mark")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/desk/record/service/{OFFICE}")
    assert {"days": ["thursday"], "opens": "14:00", "closes": "18:00"} in newest(server)["at"][0]["hours"]


def test_a_likeness_is_shown_while_typing_and_saving_is_not_held_up(server: DeskServer, open_as: Open) -> None:
    page = open_as("/desk/records/service/new")
    new_service(page, "Buergerbüro Altstadt")
    link = page.locator("#f-texts-name-similar a").first
    expect(link).to_contain_text("Bürgerbüro Altstadt")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/desk/record/service/buergerbuero-altstadt")


def test_sentences_are_counted_while_typing(open_as: Open) -> None:
    page = open_as("/desk/record/article/registration.address%3Aeveryone/edit")
    page.fill("[name='texts.answer']", "Eins. Zwei. Drei. Vier.")
    expect(page.locator("[data-count]")).to_have_text("Sentences: 4. 3 at most.")
    page.fill("[name='texts.answer']", "Eins. Zwei.")
    expect(page.locator("[data-count]")).to_have_text("Sentences: 2. 3 at most.")


def test_a_place_made_in_another_tab_can_be_chosen(server: DeskServer, open_as: Open) -> None:
    page = open_as("/desk/records/service/new")
    page.fill("[name='texts.name']", "Treff im neuen Haus")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("^New place")).click()
    other = opened.value
    other.fill("[name='texts.name']", "Das ganz neue Haus")
    other.get_by_role("button", name="Save", exact=True).click()
    other.wait_for_url("**/desk/record/location/das-ganz-neue-haus")
    choose(page, "f-at-0-location", "ganz neue")
    expect(page.locator("#f-at-0-location")).to_have_value("Das ganz neue Haus")
    expect(page.get_by_role("link", name=re.compile("Open this place"))).to_have_attribute(
        "href", "/desk/record/location/das-ganz-neue-haus/edit"
    )


def test_a_service_is_made_with_the_keyboard_alone(server: DeskServer, open_as: Open) -> None:
    page = open_as("/desk/records/service")
    page.get_by_role("link", name="New service").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/records/service/new**")
    tab_to(page, "#f-texts-name")
    page.keyboard.type("Tastaturdienst")
    tab_to(page, ".folds summary >> nth=2")
    page.keyboard.press("Enter")
    tab_to(page, "#f-topics-health-dentist")
    page.keyboard.press("Space")
    tab_to(page, "#f-at-0-location")
    page.keyboard.type("Rathaus")
    expect(page.locator(".combo [role=option]:visible").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#f-at-0-location")).to_have_attribute("aria-activedescendant", re.compile("pick-"))
    page.keyboard.press("Enter")
    tab_to(page, "#f-at-0-hours")
    page.keyboard.type("Mo 9-12")
    tab_to(page, "#f-phones-0-number")
    expect(page.locator("[data-told='at.0.hours']")).to_contain_text("Monday 9:00 to 12:00")
    page.keyboard.type("112")
    tab_to(page, "[data-group='phones'] [data-add]")
    page.keyboard.press("Enter")
    expect(page.locator("#f-phones-1-number")).to_be_focused()
    page.keyboard.type("115")
    tab_to(page, "#r-phones-1-remove")
    page.keyboard.press("Enter")
    expect(page.locator("#f-phones-1-number")).to_have_count(0)
    expect(page.locator("#r-phones-0-remove")).to_be_focused()
    tab_to(page, "#f-organization")
    page.keyboard.type("Volkshoch")
    expect(page.locator(".combo [role=option]:visible").first).to_be_visible()
    page.keyboard.press("Enter")  # the only one
    tab_to(page, "button.main[data-save]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/record/service/tastaturdienst")
    saved = newest(server, f"service:{CITY}/tastaturdienst")
    assert saved["topics"] == ["health.dentist"]
    assert saved["at"][0]["location"] == "rathaus"
    assert [one["number"] for one in saved["phones"]] == ["112"]


def test_after_mistakes_the_reader_is_taken_to_their_list_and_from_there_to_the_field(open_as: Open) -> None:
    page = open_as("/desk/records/service/new")
    page.fill("[name='phones.0.number']", "keine Nummer")
    page.get_by_role("button", name="Save", exact=True).click()
    problems = page.locator(".problems")
    expect(problems).to_be_focused()
    problems.get_by_role("link", name=re.compile("Telephone 1")).click()
    expect(page.locator("#f-phones-0-number")).to_be_focused()
    expect(page.locator("#f-phones-0-number")).to_have_attribute("aria-invalid", "true")
    problems.get_by_role("link", name=re.compile("^Organization")).click()
    expect(page.locator("#f-organization")).to_be_focused()


def test_steps_are_moved_without_loading_the_page(server: DeskServer, open_as: Open) -> None:
    page = open_as("/desk/record/article/registration.address%3Aeveryone/edit")
    before = [page.locator(f"[name='texts.steps.{number}']").input_value() for number in range(4)]
    page.locator("#r-texts-steps-2-up").click()
    page.locator("[data-group='services'] [data-up]").nth(1).click()
    expect(page.locator("[name='texts.steps.1']")).to_have_value(before[2])
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile("everyone$"))
    saved = newest(server, f"article:{CITY}/registration.address:everyone")
    assert saved["texts"]["steps"] == [before[0], before[2], before[1], before[3]]
    assert saved["services"][:2] == ["citizens-office-nordstadt", "citizens-office-altstadt"]


def test_everything_works_without_scripts(server: DeskServer, open_as: Open) -> None:
    page = open_as("/desk/records/service/new", scripts=False)
    page.fill("[name='texts.name']", "Ohne Skript")
    page.locator(".folds summary").nth(2).click()
    page.get_by_label("Dentist").check()
    page.select_option("[name='organization']", "stadt-ankerstadt")
    page.select_option("[name='at.0.location']", "rathaus")
    page.fill("[name='at.0.hours']", "Mo 9-12")
    page.fill("[name='phones.0.number']", "112")
    page.get_by_role("button", name="Add a telephone number").click()
    expect(page.locator("[name='phones.1.number']")).to_be_focused()
    page.fill("[name='phones.1.number']", "115")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Monday 9:00 to 12:00")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/desk/record/service/ohne-skript")
    assert [one["number"] for one in newest(server, f"service:{CITY}/ohne-skript")["phones"]] == ["112", "115"]
