"""Lists and forms of the desk in a browser: nothing typed is lost, whatever happens; by keyboard; for everybody."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect
from sqlalchemy import delete, select

from knowledge.editorial.records import body
from knowledge.store.account_tables import DeskSessionRow
from knowledge.store.desk_tables import AutosaveRow, RecordRow
from locales.catalogue import say
from tests.browser.desk_server import DeskServer, fill, free_port
from tests.integration.databases import open_database
from tests.integration.desk.people import CITY

pytestmark = pytest.mark.browser
OFFICE = "citizens-office-altstadt"
KEY = f"service:{CITY}/{OFFICE}"
EDIT = f"/desk/record/service/{OFFICE}/edit"
PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 800}
# What 200 % leaves of a common screen.
ENLARGED: ViewportSize = {"width": 640, "height": 400}
SIZES = {"phone": PHONE, "wide": WIDE, "enlarged": ENLARGED}
KEPT = re.compile("Kept as a note")
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """One process for all tests here: to start it takes longer than most of them."""
    filled, path = (tmp_path_factory.mktemp(name) / "knowledge.db" for name in ("filled", "served"))
    fill(filled)
    shutil.copy(filled, path)
    running = DeskServer(path, free_port(), open_database(f"sqlite:///{path}"), filled)
    running.start()
    yield running
    running.kill()
    running.database.engine.dispose()


@pytest.fixture
def server(one_server: DeskServer) -> DeskServer:
    """It runs, and its database is as it was at the beginning."""
    one_server.begin_anew()
    return one_server


@pytest.fixture
def open_as(browser: Browser, server: DeskServer) -> Iterator[Open]:
    """Opens a page as somebody, in a browser of their own. A broken content security policy or a failing script fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_(path: str, name: str = "editor", *, language: str = "en", size: ViewportSize = WIDE, scripts: bool = True) -> Page:
        context = browser.new_context(viewport=size, reduced_motion="reduce", java_script_enabled=scripts, locale="en-GB")
        context.set_default_timeout(10_000)
        server.sign_in(context, name, language=language)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
        page.on("dialog", lambda dialog: problems.append(f"dialog: {dialog.message}") or dialog.accept())
        page.goto(server.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


def newest(server: DeskServer, key: str = KEY) -> dict[str, Any]:
    found: dict[str, Any] = server.do(lambda session: body(session, session.get_one(RecordRow, key)))
    return found


def kept_fields(server: DeskServer) -> dict[str, Any]:
    rows = server.do(lambda session: session.scalars(select(AutosaveRow)).all())
    assert len(rows) == 1
    found: dict[str, Any] = rows[0].fields
    return found


def state(page: Page) -> Any:
    return page.locator("#save-state")


def fees(page: Page) -> Any:
    return page.locator("[name='texts.fees']")


def new_service(page: Page, name: str = "Lesecafé Lindenau") -> None:
    page.fill("[name='texts.name']", name)
    page.locator(".folds summary").filter(has_text=re.compile("^Language")).click()
    page.get_by_label("Language courses").check()
    choose(page, "f-organization", "Volkshochschule")


def choose(page: Page, field: str, words: str) -> None:
    """As with a keyboard: part of the name, down, enter."""
    page.locator(f"#{field}").fill(words)
    expect(page.locator(".combo [role=option]:visible").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


# Nothing typed is lost


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
    expect(state(page)).to_have_text(KEPT, timeout=30_000)
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
    expect(state(page)).to_have_text(KEPT, timeout=20_000)
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
    page.wait_for_url(f"**/desk/record/service/{OFFICE}", timeout=30_000)
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
    expect(state(page)).to_have_text(KEPT, timeout=20_000)
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


def test_a_double_click_on_save_makes_one_record(server: DeskServer, open_as: Open) -> None:
    page = open_as("/desk/records/service/new")
    new_service(page)
    page.get_by_role("button", name="Save", exact=True).dblclick()
    page.wait_for_url("**/desk/record/service/lesecafe-lindenau")
    names = server.do(lambda session: session.scalars(select(RecordRow.id).where(RecordRow.id.contains("lesecafe"))).all())
    assert names == [f"service:{CITY}/lesecafe-lindenau"]


# Two editors


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


# What is told while somebody types


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
    expect(page.locator("[data-count]")).to_have_text("4 of 3 sentences")
    page.fill("[name='texts.answer']", "Eins. Zwei.")
    expect(page.locator("[data-count]")).to_have_text("2 of 3 sentences")


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


# Keyboard, screen readers, every screen


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


def tab_to(page: Page, target: str) -> None:
    """Go there with the tab key, as somebody without a mouse does."""
    wanted = page.locator(target).first
    for _ in range(150):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by the keyboard")


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


def violations(page: Page) -> list[str]:
    found = Axe().run(page)
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes']]}" for one in found.response["violations"]]


def no_sideways_scrolling(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_axe_violations_on_any_screen(server: DeskServer, open_as: Open, language: str, size: str) -> None:
    page = open_as("/desk/records/service", language=language, size=SIZES[size])
    screens = [
        "/desk/records/service",
        "/desk/records/service?topic=health.dentist&due=yes&text=xyzzy",
        "/desk/records/article?language=ar-missing",
        "/desk/records/contact",
        *(f"/desk/records/{kind}/new" for kind in ("service", "article", "page", "location", "contact", "organization")),
        "/desk/record/location/rathaus/edit",
        "/desk/record/article/registration.address%3Aeveryone/edit",
        EDIT,
    ]
    for path in screens:
        page.goto(server.url + path)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        assert violations(page) == [], path
        assert no_sideways_scrolling(page), path
    # A form with mistakes, hours that were not understood, a likeness.
    page.fill("[name='texts.name']", "Bürgerbüro Nordstadt")
    page.fill("[name='at.0.hours']", "Mo 9-12, bei Vollmond")
    page.fill("[name='phones.0.number']", "abc")
    page.locator("button.main[data-save]").click()
    expect(page.locator(".problems")).to_be_visible()
    expect(page.locator("mark")).to_be_visible()
    page.locator("#f-organization").click()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".combo [role=option]:visible").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert no_sideways_scrolling(page)
    # What was typed and not saved; somebody else's lock; two versions.
    page.goto(server.url + EDIT)
    assert violations(page) == []
    assert no_sideways_scrolling(page)
    other = open_as(EDIT, "second_editor", language=language, size=SIZES[size])
    assert violations(other) == []
    other.locator("form[action$='take-over'] button").click()
    fees(other).fill("Zehn Euro")
    other.locator("[name='phones.0.number']").fill("115")
    other.locator("button.main[data-save]").click()
    other.wait_for_url(f"**/desk/record/service/{OFFICE}")
    page.goto(f"{server.url}{EDIT}?typed=yes")
    fees(page).fill("Fünf Euro")
    page.fill("[name='texts.name']", "Bürgerbüro Altstadt")
    page.locator("[name='at.0.hours']").fill("Mo 9-12")
    page.locator("[name='phones.0.number']").fill("112")
    expect(page.locator("[data-told] .understood")).to_be_visible()
    expect(page.locator("mark")).to_have_count(0)
    page.locator("button.main[data-save]").click()
    expect(page.locator("[name='choose.phones']").first).to_be_visible()
    assert violations(page) == []
    assert no_sideways_scrolling(page)
