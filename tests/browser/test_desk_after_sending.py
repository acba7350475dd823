"""What a person sees after a form was sent: what is wrong is in sight and has the focus, and what was done is read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from knowledge.editorial.questions.keeping import note
from knowledge.store.desk_tables import LinkCheckRow
from tests.browser.conftest import PHONE
from tests.browser.desk_pages import DeskServer, public_pages_too, serving
from tests.integration.desk.people import CITY

RECORD = "/desk/record/service/office"


def fill(server: DeskServer) -> None:
    """A question without an answer, and a link to a website that is gone."""
    server.do(lambda s: note(s, CITY, "Wo ist das Freibad?", "de", date.today()))
    server.do(
        lambda s: s.add(
            LinkCheckRow(record_id=f"service:{CITY}/office", url="https://gone.example", failures=2, problem="unknown_host", status=None)
        )
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with serving(tmp_path_factory.mktemp("desk"), fill, more=public_pages_too) as made:
        yield made


@pytest.fixture
def page(browser: Browser, server: DeskServer) -> Iterator[Page]:
    """The administrator's telephone: a page is much longer than its screen."""
    context = browser.new_context(viewport=PHONE, locale="en-GB", reduced_motion="reduce")
    server.sign_in(context, "administrator")
    yield context.new_page()
    context.close()


def send(page: Page, form: str, **typed: str) -> None:
    for name, value in typed.items():
        page.locator(f"{form} [name='{name}']").fill(value)
    with page.expect_navigation():
        page.eval_on_selector(form, "(form) => { form.noValidate = true; form.requestSubmit(form.querySelector('button')); }")


@pytest.mark.parametrize(
    ("form", "field", "typed", "said"),
    [
        ("close", "until", {"since": "2026-12-24", "until": "2026-12-01"}, "The last closed day is before the first one."),
        ("capacity", "weeks", {"weeks": "soon"}, "Please write the weeks as a number"),
        ("care", "days", {"days": "often"}, "Please write a number of days"),
    ],
)
def test_what_is_wrong_far_down_a_record_is_in_sight(
    page: Page, server: DeskServer, form: str, field: str, typed: dict[str, str], said: str
) -> None:
    page.goto(server.url + RECORD)
    send(page, f"form[action$='/{form}']", **typed)
    mistake = page.locator(".problems")
    expect(mistake).to_contain_text(said)
    expect(mistake).to_be_focused()
    expect(mistake).to_be_in_viewport()
    assert "problem" in (page.locator(f"[name='{field}']").get_attribute("aria-describedby") or "").split()


def test_where_one_field_is_wrong_the_focus_is_on_it(page: Page, server: DeskServer) -> None:
    page.goto(f"{server.url}/desk/translations/locked-words")
    send(page, "main form[action='/desk/translations/locked-words']", terms="Bürgerbüro " * 100)
    expect(page.locator("#terms")).to_be_focused()
    expect(page.locator("#terms")).to_be_in_viewport()


def test_an_export_of_nothing_says_so_in_sight(page: Page, server: DeskServer) -> None:
    page.goto(f"{server.url}/desk/exchange")
    page.eval_on_selector_all("input[name=kind]", "(boxes) => { for (const box of boxes) box.checked = false; }")
    send(page, "form[action='/desk/exchange/export']")
    expect(page.locator("#mistake")).to_be_focused()
    expect(page.locator("#mistake")).to_be_in_viewport()


def test_what_was_done_is_put_into_the_page_after_it_has_opened_so_that_it_is_read_aloud(page: Page, server: DeskServer) -> None:
    page.add_init_script("""
        addEventListener("load", () => new MutationObserver((all) => {
            for (const one of all) for (const node of one.addedNodes) document.documentElement.dataset.heard = node.textContent;
        }).observe(document.querySelector("[role=status]"), { childList: true }));
    """)
    page.goto(server.url + RECORD)
    with page.expect_navigation():
        page.locator("form[action$='/verify'] button").click()
    expect(page.locator("html")).to_have_attribute("data-heard", "Thank you. Checked today, for all languages.")
    expect(page.locator(".notice.good").first).to_have_text("Thank you. Checked today, for all languages.")


def test_a_broken_link_is_told_in_words(page: Page, server: DeskServer) -> None:
    page.goto(server.url + RECORD)
    expect(page.locator("[aria-labelledby=broken]")).to_contain_text("there is no such website")


def test_staff_are_one_click_from_saying_what_is_wrong(browser: Browser, server: DeskServer) -> None:
    context = browser.new_context(viewport=PHONE, locale="en-GB", reduced_motion="reduce")
    server.sign_in(context, "staff")
    page = context.new_page()
    page.goto(server.url + RECORD)
    page.get_by_role("link", name="Say what is wrong").click()
    expect(page.get_by_label("What is wrong or missing?")).to_be_focused()
    expect(page.get_by_label("What is wrong or missing?")).to_be_in_viewport()
    context.close()


def test_a_reader_who_wrote_too_little_is_taken_back_to_what_they_wrote(page: Page, server: DeskServer) -> None:
    page.goto(f"{server.url}/info/en/service/office")
    send(page, ".wrong form", text="x")
    expect(page.locator("#wrong-mistake")).to_be_in_viewport()
