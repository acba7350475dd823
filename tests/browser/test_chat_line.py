"""The chat page on a bad line: nothing lost, nothing doubled, nothing left behind."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.acts import QUESTION, ask, open_chat
from tests.browser.stub import Desk

pytestmark = pytest.mark.browser
BUDGET = 100_000


@pytest.mark.parametrize("fault", ["lost", "gateway"])
def test_a_lost_answer_is_fetched_again_and_nothing_is_doubled(page: Page, desk: Desk, desk_url: str, fault: str) -> None:
    open_chat(page, desk_url)
    # A broken connection, which Chromium may repeat by itself, and a proxy that gave up waiting.
    desk.faults.extend(["lost", "gateway"] if fault == "lost" else ["gateway"])
    page.fill("#text", QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_contain_text("Not sent yet")
    expect(page.locator(".entry.desk")).to_have_count(2)
    expect(page.locator(".entry.person")).to_have_count(1)
    expect(page.locator(".state")).to_have_count(0)
    page.reload()
    expect(page.locator(".entry.person")).to_have_count(1)
    expect(page.locator(".entry.desk")).to_have_count(2)
    assert len(desk.turns) == 1
    assert len(desk.tries) > 1
    assert len(set(desk.tries)) == 1


@pytest.mark.parametrize("fault", ["busy", "rate", "session"])
def test_a_passing_trouble_is_overcome(page: Page, desk: Desk, desk_url: str, fault: str) -> None:
    open_chat(page, desk_url)
    desk.faults.append(fault)
    ask(page, QUESTION)
    expect(page.locator(".entry.person")).to_have_count(1)
    assert len(desk.turns) == 1
    assert len(set(desk.tries)) == 1


def test_a_forgotten_session_keeps_what_is_on_the_page(page: Page, desk: Desk, desk_url: str) -> None:
    open_chat(page, desk_url)
    ask(page, QUESTION)
    desk.conversations.clear()
    ask(page, "And now?")
    expect(page.locator(".entry.person")).to_have_count(2)
    expect(page.get_by_text(QUESTION)).to_be_visible()


def test_a_refused_message_comes_back_to_be_changed(page: Page, desk: Desk, desk_url: str) -> None:
    open_chat(page, desk_url)
    desk.faults.append("refuse")
    page.fill("#text", QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".state.bad")).to_contain_text("This is too long")
    expect(page.locator("#text")).to_have_value(QUESTION)


def test_after_many_tries_the_person_decides(page: Page, desk: Desk, desk_url: str) -> None:
    page.clock.install()
    open_chat(page, desk_url)
    desk.faults.extend(["busy"] * 7)
    page.fill("#text", QUESTION)
    page.keyboard.press("Enter")
    again = page.get_by_role("button", name="Try again")
    for _ in range(60):
        if again.count():
            break
        page.clock.run_for(10_000)
        page.wait_for_timeout(50)
    expect(page.locator(".state.bad")).to_contain_text("Not sent.")
    again.click()
    expect(page.locator(".entry.desk")).to_have_count(2)
    assert len(desk.turns) == 1
    assert len(set(desk.tries)) == 1


def test_reload_keeps_conversation_and_draft(page: Page, desk_url: str) -> None:
    open_chat(page, desk_url)
    ask(page, QUESTION)
    page.fill("#text", "half a sen")
    page.reload()
    expect(page.locator(".entry.person")).to_have_count(1)
    expect(page.locator(".entry.desk")).to_have_count(2)
    expect(page.locator(".entry.desk .choice").first).to_be_visible()
    expect(page.locator("#text")).to_have_value("half a sen")
    expect(page.locator("#topics")).to_be_hidden()


def test_reload_in_the_middle_of_sending(page: Page, desk: Desk, desk_url: str) -> None:
    open_chat(page, desk_url)
    desk.faults.extend(["gateway", "gateway"])
    page.fill("#text", QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_contain_text("Not sent yet")
    page.reload()
    expect(page.locator(".entry.desk")).to_have_count(2)
    expect(page.locator(".entry.person")).to_have_count(1)
    expect(page.locator(".state")).to_have_count(0)
    assert len(desk.turns) == 1


def test_without_network(page: Page, context: BrowserContext, desk: Desk, desk_url: str) -> None:
    open_chat(page, desk_url)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    ask(page, QUESTION)
    context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.fill("#text", "Are you there?")
    page.keyboard.press("Enter")
    expect(page.locator(".entry.person")).to_have_count(2)
    page.reload()
    # The page, its look, the numbers and what was said are still there.
    page.click("#open-help")
    expect(page.locator("#help a[href='tel:112']")).to_be_visible()
    expect(page.locator("#help a[href='tel:+493023125001']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text(QUESTION)).to_be_visible()
    context.set_offline(False)
    expect(page.locator(".entry.desk")).to_have_count(3)
    expect(page.locator(".entry.person")).to_have_count(2)
    expect(page.locator("#offline")).to_be_hidden()
    assert len(desk.turns) == 2


def test_delete_my_conversation(page: Page, desk: Desk, desk_url: str) -> None:
    open_chat(page, desk_url)
    ask(page, QUESTION)
    page.click("#open-delete")
    page.click("[data-delete]")
    expect(page.locator(".entry.person")).to_have_count(0)
    expect(page.locator(".entry.desk")).to_have_count(1)
    expect(page.locator("#status")).to_have_text("Your conversation is deleted.")
    assert QUESTION not in str(page.evaluate("JSON.stringify(sessionStorage)"))
    assert all(len(messages) == 1 for messages in desk.conversations.values())


@pytest.mark.parametrize("way", ["button", "keyboard"])
def test_leaving_quickly(page: Page, context: BrowserContext, desk: Desk, desk_url: str, way: str) -> None:
    context.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="elsewhere"))
    open_chat(page, desk_url)
    ask(page, QUESTION)
    if way == "button":
        page.click("#leave")
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url("https://www.wikipedia.org/**")
    page.wait_for_timeout(300)
    assert not desk.conversations
    page.goto(desk_url)
    expect(page.locator(".entry.desk")).to_have_count(1)
    expect(page.locator(".entry.person")).to_have_count(0)


def test_weight(page: Page, desk_url: str) -> None:
    sizes: list[int] = []

    def measure(request: Request) -> None:
        found = request.sizes()
        sizes.append(found["responseBodySize"] + found["responseHeadersSize"])

    page.on("requestfinished", measure)
    open_chat(page, desk_url)
    page.evaluate("navigator.serviceWorker.ready")
    assert sum(sizes) < BUDGET, sum(sizes)


def test_112_when_the_knowledge_base_is_down(page: Page, desk: Desk, desk_url: str) -> None:
    desk.break_knowledge()
    open_chat(page, desk_url)
    page.click("#open-help")
    expect(page.locator("#help a[href='tel:112']")).to_be_visible()
