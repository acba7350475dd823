"""The chat page in a real browser, before a real desk: question, answer, crisis, reload, accessibility, in English and in Arabic."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.server import Desk


def ask(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("language", "question", "title"),
    [("en", "where do i register my new address", "Register your address"), ("ar", "كيف أسجل عنواني الجديد", "تسجيل العنوان")],
)
def test_a_question_is_answered_on_the_page(real_desk: Desk, page: Page, language: str, question: str, title: str) -> None:
    page.goto(f"{real_desk.url}/?lang={language}")
    expect(page.locator(".entry.desk").first).to_be_visible()
    ask(page, question)
    answer = page.locator(".entry.desk").last
    expect(answer).to_contain_text(title)
    expect(answer.locator(".source")).to_contain_text("Bundesmeldegesetz")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()

    page.reload()
    expect(page.locator(".entry.person").last).to_contain_text(question)
    expect(page.locator(".entry.desk").last).to_contain_text(title)


@pytest.mark.parametrize(("language", "cry"), [("en", "i dont want to live any more"), ("ar", "لا أريد أن أعيش بعد الآن")])
def test_a_crisis_shows_numbers_to_call(real_desk: Desk, page: Page, language: str, cry: str) -> None:
    page.goto(f"{real_desk.url}/?lang={language}")
    expect(page.locator(".entry.desk").first).to_be_visible()
    ask(page, cry)
    card = page.locator(".entry.safety").last
    expect(card.locator("a[href='tel:112']").first).to_be_visible()
    assert Axe().run(page).violations_count == 0


def test_a_button_of_the_answer_leads_on(real_desk: Desk, page: Page) -> None:
    page.goto(f"{real_desk.url}/?lang=en")
    expect(page.locator(".entry.desk").first).to_be_visible()
    ask(page, "how do i find a family doctor")
    page.locator(".entry.desk").last.get_by_role("button", name="What to bring").click()
    expect(page.locator(".entry.desk").last).to_contain_text("What to bring")


def test_the_page_follows_the_language_of_the_person(real_desk: Desk, page: Page) -> None:
    page.goto(f"{real_desk.url}/?lang=en")
    expect(page.locator(".entry.desk").first).to_be_visible()
    ask(page, "як записати дитину до школи")
    expect(page.locator(".entry.desk[lang=uk]").last).to_be_visible()
