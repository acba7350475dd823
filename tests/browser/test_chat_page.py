"""The chat page in a browser, as people have it: a small phone, a keyboard, a screen reader, right-to-left."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.acts import CRISIS, QUESTION, ask, open_chat
from tests.browser.conftest import PHONE
from tests.browser.stub import Desk

pytestmark = pytest.mark.browser
LANGUAGES = ["en", "ar"]


def violations(page: Page) -> list[str]:
    found = Axe().run(page)
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found.response["violations"]]


def no_sideways_scrolling(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_axe_violations(browser: Browser, desk_url: str, language: str, scheme: str) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    open_chat(page, desk_url, language)
    assert violations(page) == []
    ask(page, QUESTION)
    ask(page, CRISIS)
    page.locator("details").first.evaluate("node => { node.open = true }")
    assert violations(page) == []
    page.click("#open-help")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.click("#open-delete")
    assert violations(page) == []
    context.close()


def test_no_axe_violations_on_a_wide_screen(page: Page, desk_url: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    open_chat(page, desk_url)
    ask(page, QUESTION)
    assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "ar", "de", "uk", "fr", "tr"])
def test_fits_a_small_phone(page: Page, desk_url: str, language: str) -> None:
    open_chat(page, desk_url, language)
    assert no_sideways_scrolling(page)
    ask(page, QUESTION)
    ask(page, CRISIS)
    assert no_sideways_scrolling(page)
    for opener in ("#open-help", "#open-languages", "#open-delete"):
        page.click(opener)
        assert no_sideways_scrolling(page)
        page.keyboard.press("Escape")
    # Help is in view wherever one has scrolled to.
    expect(page.locator("#open-help")).to_be_in_viewport()


@pytest.mark.parametrize("size", [{"width": 180, "height": 370}, {"width": 320, "height": 256}])
def test_enlarged_twice_and_more(page: Page, desk_url: str, size: ViewportSize) -> None:
    """What 200 and 400 per cent leave of a screen."""
    page.set_viewport_size(size)
    open_chat(page, desk_url)
    ask(page, QUESTION)
    if size["width"] >= 320:
        assert no_sideways_scrolling(page)
    expect(page.locator("#open-help")).to_be_in_viewport()
    page.click("#open-help")
    expect(page.locator("#help a[href='tel:112']")).to_be_visible()


def test_everything_to_press_is_large_enough(page: Page, desk_url: str) -> None:
    open_chat(page, desk_url)
    ask(page, QUESTION)
    ask(page, CRISIS)
    page.click("#open-help")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, [role=button], .call, .pill, .choice, summary, .language-list a')]
            .filter(node => node.getClientRects().length)
            .map(node => [node.textContent.trim(), node.getBoundingClientRect().width, node.getBoundingClientRect().height])
            .filter(([, width, height]) => width < 44 || height < 44)"""
    )
    assert small == []


def test_right_to_left(page: Page, desk_url: str) -> None:
    open_chat(page, desk_url, "ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    ask(page, QUESTION)
    person = page.locator(".entry.person .bubble").bounding_box()
    desk = page.locator(".entry.desk .bubble").last.bounding_box()
    assert person and desk
    assert person["x"] < PHONE["width"] - (desk["x"] + desk["width"]) + 20, "the person's messages stand on the left"
    # Numbers and codes are islands of their own in the text.
    islands = page.locator(".entry.desk").last.locator(".text bdi[dir=ltr]").all_inner_texts()
    assert {"+49 30 23125 007", "112", "20:00–08:00", "AB-12-CD"} <= set(islands)
    expect(page.locator(".original .text")).to_have_attribute("dir", "ltr")
    expect(page.locator(".original .text")).to_have_attribute("lang", "de")


def test_text_is_built_never_interpreted(page: Page, desk: Desk, desk_url: str) -> None:
    open_chat(page, desk_url)
    ask(page, QUESTION)
    answer = page.locator(".entry.desk").last
    expect(answer.locator(".bubble > .text > ul > li")).to_have_count(2)
    expect(answer.locator(".bubble > .text > ol > li")).to_have_count(2)
    expect(answer.locator(".text strong").first).to_have_text("without papers")
    expect(answer.locator(".text a[href='tel:+493023125007']")).to_have_count(1)
    expect(answer.locator(".text a[href='tel:112']")).to_have_count(1)
    expect(answer.locator(".text a.web")).to_have_attribute("href", "https://www.ankerstadt.example/schlafen")
    expect(answer.locator(".source a")).to_have_attribute("rel", "noopener noreferrer")
    page.evaluate(
        """async () => {
            const name = document.querySelector('script[type=module]').src.replace('app.js', 'markup.js');
            const { rendered } = await import(name);
            const text = '<img src=x onerror=alert(1)> **<b>x</b>** https://a.example/"onclick=x Hauptstr. 3112 and 112. [a](javascript:x)';
            const node = rendered(text);
            if (node.querySelector('img, b, script')) throw new Error('interpreted');
            if (node.querySelectorAll('a[href^="tel:"]').length !== 1) throw new Error('numbers');
            if ([...node.querySelectorAll('a')].some(one => !/^(https|tel):/.test(one.href))) throw new Error('links');
        }"""
    )


def test_by_keyboard_alone(page: Page, desk_url: str) -> None:
    open_chat(page, desk_url)
    press = page.keyboard.press
    press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    press("Tab")
    expect(page.locator("#open-languages")).to_be_focused()
    press("Tab")
    expect(page.locator("#open-help")).to_be_focused()
    press("Space")
    expect(page.locator("#help")).to_be_visible()
    expect(page.locator("#help-title")).to_be_focused()
    press("Tab")
    press("Tab")
    expect(page.locator("#help a[href='tel:112']")).to_be_focused()
    press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    expect(page.locator("#open-help")).to_be_focused()
    # The first suggested topic, then its first reply, without touching the mouse.
    expect(page.locator("#topics .choice").first).to_be_visible()
    press("Tab")
    expect(page.locator("#open-help")).not_to_be_focused()
    press("Tab")
    expect(page.locator("#topics .choice").first).to_be_focused()
    outline = page.locator("#topics .choice").first.evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline != "none"
    press("Enter")
    expect(page.locator(".entry.person")).to_be_focused()
    expect(page.locator(".entry.desk")).to_have_count(2)
    for _ in range(12):
        press("Tab")
        if page.locator(".entry .choice").first.evaluate("node => node === document.activeElement"):
            break
    press("Enter")
    expect(page.locator(".entry.desk")).to_have_count(3)
    page.locator(".skip").focus()
    press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("line")
    press("Shift+Enter")
    page.keyboard.type("two")
    press("Enter")
    expect(page.locator(".entry.person").last).to_contain_text("line\ntwo", use_inner_text=True)
    expect(page.locator("#text")).to_be_focused()


def test_for_a_screen_reader(page: Page, desk_url: str) -> None:
    open_chat(page, desk_url)
    ask(page, QUESTION)
    log = page.get_by_role("log", name="Conversation")
    expect(log).to_contain_text(f"You: {QUESTION}")
    expect(page.get_by_role("textbox", name="Your message")).to_be_visible()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Language.*English"))).to_be_visible()
    expect(page.locator("#status")).to_have_attribute("role", "status")


def test_help_before_or_without_any_script(browser: Browser, desk_url: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(desk_url)
    expect(page.locator(".aside a[href='tel:112']")).to_be_visible()
    expect(page.locator(".aside a[href='tel:+493023125002']")).to_be_visible()
    expect(page.locator(".aside")).to_contain_text("Rathausplatz 1")
    expect(page.locator("#text")).to_be_hidden()
    page.click("#open-help")
    expect(page.locator("#help a[href='tel:112']")).to_be_visible()
    page.click("#help [data-close]")
    expect(page.locator("#help")).to_be_hidden()
    page.click("#open-languages")
    page.click("[data-language=ar]")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    context.close()


def test_crisis_card(page: Page, desk_url: str) -> None:
    open_chat(page, desk_url)
    ask(page, CRISIS)
    card = page.locator(".entry.safety")
    expect(card.locator("a.call[href='tel:+493023125001']")).to_be_visible()
    box = card.locator("a.call[href='tel:112']").bounding_box()
    assert box and box["height"] >= 56
    # A number that somebody answers is a button and stands there alone; one that nobody answers now stays in the words, with its hours.
    expect(card.get_by_text("+49 30 23125 001")).to_have_count(1)
    expect(card.locator(".text")).to_contain_text("öffnet morgen um 10:00")


def test_the_place_of_an_answer_stands_once_and_further_ones_wait_below_the_buttons(page: Page, desk_url: str) -> None:
    open_chat(page, desk_url)
    ask(page, QUESTION)
    entry = page.locator(".entry.desk").last
    expect(entry.get_by_text("Notschlafstelle Ankerlicht", exact=True)).to_have_count(1)
    first = entry.locator(":scope > .places .place")
    expect(first).to_have_count(1)
    expect(first.locator(".open")).to_have_text("20:00–08:00 · man spricht Deutsch")
    expect(first.locator("a[href='tel:+493023125007']")).to_be_visible()
    expect(first.get_by_text("☎")).to_have_count(0)
    more = entry.locator(":scope > details.more-places")
    expect(more.locator("summary")).to_have_text("More places that help: 1")
    expect(more.locator("a[href='tel:+493023125008']")).to_be_hidden()
    more.locator("summary").click()
    expect(more.locator("a[href='tel:+493023125008']")).to_be_visible()
    order = entry.evaluate("node => [...node.children].map(one => one.className)")
    assert order.index("choices") < order.index("more-places")


def test_follows_the_language_of_the_person_and_offers_the_way_back(page: Page, desk_url: str) -> None:
    open_chat(page, desk_url)
    ask(page, "Привіт, де можна переночувати?")
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    expect(page.locator("#open-help")).to_have_text("Екстрена допомога")
    expect(page.locator("#help [data-part=help] .call-name").first).to_have_text("Швидка, пожежники, поліція")
    page.locator(".notice.spoken button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".entry.person")).to_have_count(1)


def test_language_menu(page: Page, desk: Desk, desk_url: str) -> None:
    open_chat(page, desk_url)
    bodies: list[str] = []
    page.on("request", lambda one: bodies.append(one.post_data or "") if one.url.endswith("/chat/messages") else None)
    page.click("#open-languages")
    expect(page.locator("[data-language=ar]")).to_have_text("العربية")
    page.click("[data-language=ar]")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator(".entry.person")).to_contain_text("العربية")
    expect(page.locator("#topics .choice").first).to_have_text("مكان للنوم الليلة")
    assert '/change_language{\\"language\\":\\"ar\\"}' in bodies[0]
    # Remembered for the next visit.
    page.goto(desk_url)
    expect(page.locator("html")).to_have_attribute("lang", "ar")


def test_headers(page: Page, desk_url: str) -> None:
    response = page.goto(desk_url)
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    again = page.request.get(desk_url, headers={"If-None-Match": response.headers["etag"], "Accept-Language": "en-GB"})
    assert again.status == 304
    script = page.locator("script[type=module]").get_attribute("src")
    assert "immutable" in page.request.get(f"{desk_url}{script}").headers["cache-control"]


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("uk-UA,uk;q=0.9,en;q=0.5", "uk"), ("ar-SY", "ar"), ("xx,tr;q=0.3,fr;q=0.8", "fr"), ("zh", "en"), ("de;q=x, ;;, *", "en")],
)
def test_language_of_the_browser(page: Page, desk_url: str, wanted: str, language: str) -> None:
    answer = page.request.get(desk_url, headers={"Accept-Language": wanted})
    assert f'<html lang="{language}"' in answer.text()


def test_words_of_a_language_that_is_not_served(page: Page, desk_url: str) -> None:
    assert page.request.get(f"{desk_url}/chat/words?lang=xx").status == 404
