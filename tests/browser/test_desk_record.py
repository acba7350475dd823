"""The page of a record, the translation desk and the public pages in a real browser: by keyboard, and nothing typed is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from knowledge.api import KnowledgeApi
from knowledge.config import load_settings
from knowledge.editorial.actor import Role
from knowledge.editorial.locked_words import lock_words
from knowledge.editorial.publish import publish
from knowledge.editorial.records import body, now
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.save import create, save
from knowledge.editorial.translate import sections, translate
from knowledge.search.embedder import NoEmbedder
from knowledge.store.account_tables import MembershipRow, UserRow
from knowledge.store.desk_tables import RecordRow
from knowledge.store.library import Library
from knowledge.store.reader import read_knowledge
from knowledge.web.keys import API, SETTINGS
from knowledge.web.public.pages import public_pages
from knowledge.web.public.routes import add_routes as add_public_routes
from knowledge.web.security import security_headers
from tests.browser.desk_pages import DeskServer, serving
from tests.folders import a_service
from tests.integration.desk.people import CITY

OFFICE, SCHOOL = f"service:{CITY}/office", f"service:{CITY}/school"
RECORD = "/desk/record"
LONG = "maria.magdalena.hoffmannschneider.vonderheide@desk.example"


def change(session: Any, actor: Any, key: str, **texts: Any) -> None:
    record = session.get_one(RecordRow, key)
    document = body(session, record)
    save(session, actor, key, {**document, "texts": {**document["texts"], **texts}}, base=record.newest)


def add_person(session: Any, email: str, role: Role) -> None:
    user = UserRow(email=email, name="Maria von der Heide", language="en", recovery_codes=[], created_at=now())
    session.add(user)
    session.flush()
    session.add(MembershipRow(user_id=user.id, role=role.value, municipality_id=CITY))


def fill(server: DeskServer) -> None:
    """A service that was changed, one that was sent back, one that is new, pages to translate, and an address that is long."""
    reviewer = server.actor("reviewer")

    def work(session: Any) -> None:
        change(session, reviewer, OFFICE, name="Bürgerbüro am Platz", description="Hier melden Sie sich an.")
        publish(session, reviewer, OFFICE)
        create(session, reviewer, CITY, "organization", {"id": "neu", "kind": "association", "texts": {"name": "Neuer Verein"}})
        for local, organization in (("neu", "neu"), ("zurueck", "stadt")):
            texts = {"name": f"Angebot {local}", "fees": "Kostenlos."}
            create(session, reviewer, CITY, "service", a_service(local, organization=organization, texts=texts))
        submit(session, reviewer, f"service:{CITY}/zurueck")
        send_back(session, reviewer, f"service:{CITY}/zurueck", "Bitte die Öffnungszeiten eintragen.\nDanke!")
        create(session, reviewer, CITY, "page", {"id": "anfang", "texts": {"title": "Ankommen", "body": "Gehen Sie ins **Bürgerbüro**."}})
        publish(session, reviewer, f"page:{CITY}/anfang")
        lock_words(session, reviewer, CITY, ["Bürgerbüro"])
        add_person(session, LONG, Role.ADMINISTRATOR)
        post, texts = f"service:{CITY}/post", {"name": "Post", "description": f"Schreiben Sie an {LONG}, gern auf Arabisch."}
        create(session, reviewer, CITY, "service", a_service("post", organization="stadt", texts=texts))
        save(session, reviewer, post, {**body(session, session.get_one(RecordRow, post)), "email": LONG}, base=1)
        publish(session, reviewer, post)

    server.do(work)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with serving(tmp_path_factory.mktemp("desk"), fill) as made:
        yield made


@pytest.fixture(scope="module")
def public_url(server: DeskServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The public pages of the same city."""
    environment = {"NEWCOMER_SECRET": "x", "NEWCOMER_VAR": str(tmp_path_factory.mktemp("public")), "NEWCOMER_MUNICIPALITY": CITY}
    app = web.Application(middlewares=[security_headers])
    app[SETTINGS] = load_settings({**environment, "NEWCOMER_DATABASE_URL": server.database.url})
    app[API] = KnowledgeApi(Library(server.database.sessions, CITY), NoEmbedder(), server.database.sessions)
    add_public_routes(app, server.database.sessions)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    made = TestServer(app)
    asyncio.run_coroutine_threadsafe(made.start_server(), loop).result(30)
    yield str(made.make_url("")).rstrip("/")
    asyncio.run_coroutine_threadsafe(made.close(), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def opened(browser: Browser, server: DeskServer) -> Iterator[Page]:
    """A page of the reviewer's."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce")
    # The desk's server has no public pages; their sheet is part of the preview.
    sheet = public_pages().assets.read("public.css")
    context.route("**/info/static/**", lambda route: route.fulfill(body=sheet, content_type="text/css"))
    server.sign_in(context, "reviewer")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(f"{page.url}: {line.text}") if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert problems == []


# The lines in which the address stands on the page, wherever it is shown.
LINES_OF_ADDRESS = """(address) => {
  const found = [];
  const range = document.createRange();
  for (const node of document.querySelectorAll("main :has(> wbr), main wbr:first-of-type")) {
    const holder = node.localName === "wbr" ? node.parentElement : node;
    if (!holder.textContent.includes(address)) continue;
    const lines = [];
    let top = null;
    const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      for (let at = 0; at < text.data.length; at++) {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        const box = range.getBoundingClientRect();
        if (!box.width) continue;
        if (top === null || Math.abs(box.top - top) > 4) lines.push("");
        top = box.top;
        lines[lines.length - 1] += text.data[at];
      }
    }
    found.push(lines);
  }
  return found;
}"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_long_address_breaks_after_the_at_and_before_dots_alone(
    browser: Browser, public_url: str, server: DeskServer, language: str
) -> None:
    id = server.do(lambda session: session.scalar(select(UserRow.id).where(UserRow.email == LONG)))
    context = browser.new_context(viewport={"width": 360, "height": 740})
    server.sign_in(context, LONG.partition("@")[0], language)
    page = context.new_page()
    desk = ("/desk/account", "/desk/users", f"/desk/users/{id}", f"{RECORD}/service/post", f"{RECORD}/service/post/history?from=1&to=2")
    for url in (*(server.url + path for path in desk), f"{public_url}/info/{language}/service/post"):
        page.goto(url)
        shown = page.evaluate(LINES_OF_ADDRESS, LONG)
        assert shown, url
        for lines in shown:
            assert len(lines) > 1, (url, lines)
            for before, after in pairwise(lines):
                assert before.endswith(("@", " ")) or after.startswith((".", " ")), (url, lines)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, url
    context.close()


def test_somebody_on_the_street_says_what_is_wrong_by_keyboard(browser: Browser, public_url: str, server: DeskServer) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{public_url}/info/en/service/school")
    page.get_by_label("What is wrong or missing?").focus()
    page.keyboard.type("The door is on the other side")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    context.close()


class TestRecord:
    def test_published_and_taken_back_by_keyboard(self, opened: Page, server: DeskServer) -> None:
        opened.goto(f"{server.url}{RECORD}/service/zurueck")
        opened.get_by_role("button", name="Publish", exact=True).focus()
        opened.keyboard.press("Enter")
        expect(opened.locator(".status .notice")).to_contain_text("Published")
        assert "zurueck" in server.do(lambda session: read_knowledge(session, CITY).services)
        opened.get_by_role("button", name="Undo").focus()
        opened.keyboard.press("Enter")
        expect(opened.locator(".status .notice")).to_contain_text("Undone")
        assert "zurueck" not in server.do(lambda session: read_knowledge(session, CITY).services)

    def test_closed_for_a_while_in_one_click(self, opened: Page, server: DeskServer) -> None:
        opened.goto(f"{server.url}{RECORD}/service/school")
        opened.get_by_role("button", name="Close for a while").click()
        expect(opened.get_by_role("button", name="Open again")).to_be_visible()
        opened.get_by_role("button", name="Open again").click()
        expect(opened.get_by_role("button", name="Close for a while")).to_be_visible()

    def test_archiving_asks_and_names_who_needs_it(self, opened: Page, server: DeskServer) -> None:
        opened.goto(f"{server.url}{RECORD}/service/office")
        opened.get_by_role("link", name="Archive …").click()
        expect(opened.locator("main")).to_contain_text("Anmelden")
        expect(opened.get_by_role("button", name="Archive it")).to_have_count(0)

    def test_works_without_javascript(self, browser: Browser, server: DeskServer) -> None:
        context = browser.new_context(java_script_enabled=False)
        server.sign_in(context, "reviewer")
        page = context.new_page()
        page.goto(f"{server.url}{RECORD}/service/office")
        page.get_by_role("button", name="Full", exact=True).click()
        expect(page.get_by_role("button", name="Full", exact=True)).to_have_attribute("aria-pressed", "true")
        page.goto(f"{server.url}{RECORD}/service/school/translate/uk")
        page.locator("#t-name").fill("Шкільний відділ")
        page.get_by_role("button", name="Save all").click()
        expect(page.locator("#t-name")).to_have_value("Шкільний відділ")
        context.close()


class TestTranslating:
    PATH = f"{RECORD}/service/office/translate/fr"

    def test_section_by_section_with_the_keyboard_alone(self, opened: Page, server: DeskServer) -> None:
        opened.goto(server.url + self.PATH)
        opened.locator("#t-name").focus()
        opened.keyboard.type("Bürgerbüro, la mairie")
        opened.keyboard.press("Control+Enter")
        expect(opened.locator(".status .notice")).to_contain_text("Saved")
        expect(opened.locator("#s-name .badge").first).to_have_text("good")
        # The next one that wants something has the focus, and Alt with an arrow leads on.
        expect(opened.locator("textarea:focus:not(#t-name)")).to_have_count(1)
        first = opened.evaluate("document.activeElement.id")
        opened.keyboard.press("Alt+ArrowDown")
        assert opened.evaluate("document.activeElement.id") not in (first, "t-name")

    def test_a_locked_word_that_is_missing_is_told_while_typing(self, opened: Page, server: DeskServer) -> None:
        opened.goto(f"{server.url}{RECORD}/service/office/translate/tr")
        warning = opened.locator("#w-name")
        expect(warning).to_be_empty()
        opened.locator("#t-name").fill("Vatandaşlık dairesi")
        expect(warning).to_contain_text("Bürgerbüro")
        opened.locator("#t-name").fill("Bürgerbüro dairesi")
        expect(warning).to_be_empty()
        opened.on("dialog", lambda dialog: dialog.accept())

    def test_what_was_typed_outlives_a_closed_window_and_a_lost_connection(self, opened: Page, server: DeskServer) -> None:
        opened.on("dialog", lambda dialog: dialog.accept())
        opened.goto(f"{server.url}{RECORD}/service/school/translate/tr")
        opened.locator("#t-name").fill("Okul dairesi")
        opened.context.set_offline(True)
        opened.get_by_role("button", name="Save all").click()
        opened.context.set_offline(False)
        opened.goto(f"{server.url}{RECORD}/service/school/translate/tr")
        expect(opened.locator("#t-name")).to_have_value("Okul dairesi")
        expect(opened.locator("#s-name")).to_contain_text("kept from last time")
        opened.get_by_role("button", name="Save all").click()
        expect(opened.locator("#s-name .badge").first).to_have_text("good")
        # The script that forgets runs when all of the new page is there, and its badge is there before.
        opened.wait_for_load_state("load")
        assert opened.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('translation:')).length") == 0

    def test_what_was_kept_here_takes_no_colleagues_place_unasked(self, opened: Page, server: DeskServer) -> None:
        """Given words that never arrived, and a colleague who has translated the same text since."""
        opened.on("dialog", lambda dialog: dialog.accept())
        opened.goto(f"{server.url}{RECORD}/service/school/translate/fr")
        opened.locator("#t-name").fill("Bureau des écoles")
        colleague = server.actor("reviewer")

        def translated(session: Any) -> None:
            found = {one.field: one for one in sections(session, session.get_one(RecordRow, SCHOOL), "fr")}
            translate(session, colleague, SCHOOL, "name", "fr", "Service scolaire", of=found["name"].source_digest)

        server.do(translated)
        opened.goto(f"{server.url}{RECORD}/service/school/translate/fr")
        expect(opened.locator("#t-name")).to_have_value("Bureau des écoles")
        opened.get_by_role("button", name="Save all").click()
        expect(opened.locator("#s-name")).to_contain_text("Somebody else has translated this")
        expect(opened.locator("#s-name")).to_contain_text("Service scolaire")
        expect(opened.locator("#t-name")).to_have_value("Bureau des écoles")

    def test_two_people_and_a_new_original_lose_nothing(self, opened: Page, server: DeskServer) -> None:
        opened.goto(f"{server.url}{RECORD}/service/neu/translate/fr")
        opened.locator("#t-fees").fill("Gratuit pour tous")
        editor = server.actor("reviewer")
        server.do(lambda session: change(session, editor, f"service:{CITY}/neu", fees="Kostet 5 Euro."))
        opened.get_by_role("button", name="Save all").click()
        expect(opened.locator("#s-fees")).to_contain_text("Kostet 5 Euro.")
        expect(opened.locator("#t-fees")).to_have_value("Gratuit pour tous")
        expect(opened.get_by_role("alert")).to_contain_text("Nothing is lost")
        opened.locator("#t-fees").fill("5 euros")
        opened.get_by_role("button", name="Save all").click()
        expect(opened.locator("#s-fees .badge").first).to_have_text("good")

    def test_a_translators_file_from_the_list_and_back(self, opened: Page, server: DeskServer) -> None:
        opened.goto(f"{server.url}/desk/translations/uk?kind=page")
        with opened.expect_download() as download:
            opened.get_by_role("link", name="Download for translators").click()
        data = download.value.path().read_bytes().replace(b"</source>", b"</source><target>\xd0\x94\xd0\xb0</target>")
        opened.goto(f"{server.url}/desk/translations/xliff")
        opened.set_input_files("#file", {"name": "back.xlf", "mimeType": "application/xliff+xml", "buffer": data})
        opened.get_by_role("button", name="Look at it").click()
        opened.get_by_role("button", name="Take them over").click()
        expect(opened.locator(".notice.good")).to_contain_text("Translations taken over: ")
