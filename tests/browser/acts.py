"""What a person does on the page, for all tests of it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

QUESTION = "Where can I sleep tonight?"
CRISIS = "There is only darkness left"


def open_chat(page: Page, url: str, language: str = "en") -> None:
    page.goto(f"{url}/?lang={language}")
    expect(page.locator(".entry.desk")).to_have_count(1)


def ask(page: Page, text: str) -> None:
    before = page.locator(".entry.desk").count()
    page.fill("#text", text)
    page.keyboard.press("Enter")
    expect(page.locator(".entry.desk")).to_have_count(before + 1)
