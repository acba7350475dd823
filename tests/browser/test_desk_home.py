"""The editors' home and what belongs to it, in a real browser: no axe violations, nothing cut off, all of it by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from knowledge.editorial import autosave, suggestions
from knowledge.editorial.digest import token
from knowledge.editorial.publish import publish
from knowledge.editorial.questions.keeping import note
from knowledge.editorial.records import body, now
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.save import create, save
from knowledge.store.desk_tables import ImportRunRow, LinkCheckRow, RecordRow, UnansweredRow
from tests.browser.desk_pages import DeskServer, serving
from tests.integration.desk.people import CITY, user_of

OFFICE, SCHOOL = f"service:{CITY}/office", f"service:{CITY}/school"
PAGES = (
    "/desk", "/desk/todo/due", "/desk/todo/nobody", "/desk/todo/links", "/desk/todo/unfinished", "/desk/todo/scheduled",
    "/desk/suggestions", "/desk/suggestions?state=handled", "/desk/suggest?q=office", f"/desk/suggest?record={OFFICE}",
    "/desk/questions", "/desk/questions/1", "/desk/audit", "/desk/audit?person=nobody&since=x",
)  # fmt: skip


def fill(server: DeskServer) -> None:
    """Something in every list."""
    editor, reviewer, administrator, staff = (server.actor(name) for name in ("editor", "reviewer", "administrator", "staff"))

    def changed(session: Session, key: str, name: str) -> None:
        record = session.get_one(RecordRow, key)
        document = body(session, record)
        save(session, editor, key, {**document, "texts": {**document["texts"], "name": name}}, base=record.newest)

    def work(session: Session) -> None:
        for number in range(60):
            document = {"id": f"kurs-{number}", "organization": "stadt", "topics": ["language.courses"]}
            create(session, administrator, CITY, "service", {**document, "texts": {"name": f"Sprachkurs {number} im Haus der Begegnung"}})
            publish(session, administrator, f"service:{CITY}/kurs-{number}")
            session.get_one(RecordRow, f"service:{CITY}/kurs-{number}").responsible_id = None
        for key, days in ((OFFICE, 400), (SCHOOL, 200)):
            session.get_one(RecordRow, key).checked_on = date.today() - timedelta(days=days)
        changed(session, OFFICE, "Bürgerbüro am Platz")
        submit(session, editor, OFFICE)
        changed(session, SCHOOL, "Schulamt und Kitas")
        submit(session, editor, SCHOOL)
        send_back(session, reviewer, SCHOOL, "Bitte die neuen Öffnungszeiten eintragen.\nDie Telefonnummer fehlt auch.")
        autosave.keep(session, administrator, CITY, OFFICE, "service", 1, {"texts.name": "Bürger"})
        autosave.keep(session, administrator, CITY, "new:page:abcdefgh", "page", 0, {"texts.title": "Ankommen in der Stadt"})
        suggestions.suggest(session, staff, OFFICE, "Die Telefonnummer ist jetzt 0931 / 12 34 56.", "de")
        suggestions.suggest_in_public(session, f"service:{CITY}/kurs-3", "المكتب مغلق يوم الاثنين", "ar")
        suggestions.suggest_in_public(session, f"service:{CITY}/kurs-4", "Is not there any more", "en")
        suggestions.handle(session, editor, f"service:{CITY}/kurs-4", 3)
        for number, problem in enumerate(("not_found", "unknown_host", "certificate", "error")):
            url = f"https://www.kleinstadt.example/{'sehr-lange-adresse/' * 4}{number}"
            session.add(LinkCheckRow(record_id=OFFICE, url=url, status=500, problem=problem, failures=2, checked_at=now()))
        for text, language in (
            ("Wann macht das Freibad auf?", "de"), ("When does the outdoor pool open?", "en"), ("متى يفتح المسبح؟", "ar"),
            ("Де тут мечеть?", "uk"), ("Wo melde ich meinen Hund an?", "de"),
        ):  # fmt: skip
            note(session, CITY, text, language, date.today())
        for row in session.query(UnansweredRow):
            row.group_id = 1 if row.id <= 3 else row.id
        session.add(
            ImportRunRow(
                municipality_id=CITY, author="Rike", format="csv", file_name="angebote-2026.csv", content={}, plan={}, report={},
                state="planned", at=now(),
            )
        )  # fmt: skip
        publish(session, administrator, f"service:{CITY}/kurs-9", expire_at=now() + timedelta(days=3))

    server.do(work)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with serving(tmp_path_factory.mktemp("desk"), fill) as made:
        yield made


@pytest.fixture
def opened(browser: Browser, server: DeskServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of the administrator's; `request.param` is (language, width)."""
    language, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-GB", reduced_motion="reduce")
    server.sign_in(context, "administrator", language)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert problems == []


EVERYWHERE = pytest.mark.parametrize("opened", [(code, width) for code in ("en", "ar") for width in (360, 1280)], indirect=True, ids=str)


@EVERYWHERE
def test_no_axe_violations_and_nothing_is_cut_off(opened: Page, server: DeskServer) -> None:
    wrong = []
    for path in PAGES:
        response = opened.goto(server.url + path)
        assert response is not None and response.status == 200, path
        found = Axe().run(opened).response["violations"]
        wrong += [(path, one["id"], one["nodes"][0]["html"][:200]) for one in found]
        if opened.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append((path, "wider than the screen", ""))
    assert wrong == []


def keys_to(page: Page, words: str, most: int = 80) -> None:
    """Go on with the Tab key until the focus is on something that says `words`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate("(document.activeElement.innerText || document.activeElement.value || '').trim()")
        if said.startswith(words):
            return
    raise AssertionError(f"the Tab key does not lead to {words!r}")


@pytest.mark.parametrize("opened", [("en", 1280)], indirect=True, ids=str)
def test_a_week_by_keyboard_alone(opened: Page, server: DeskServer) -> None:
    """From the home to what is due, one click, and the next thing."""
    opened.goto(server.url + "/desk")
    keys_to(opened, "Check now")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/desk/todo/due")
    before = opened.locator("h1 .soft").inner_text()
    keys_to(opened, "Still true")
    opened.keyboard.press("Enter")
    expect(opened.locator(".notice.good")).to_be_visible()
    expect(opened.locator("h1 .soft")).not_to_have_text(before)


@pytest.mark.parametrize("opened", [("en", 360)], indirect=True, ids=str)
def test_a_service_gets_the_name_that_people_use(opened: Page, server: DeskServer) -> None:
    opened.goto(server.url + "/desk/questions")
    opened.get_by_role("link", name="Do something about it Wo melde ich meinen Hund an?").click()
    opened.get_by_role("searchbox", name="Which service?").fill("Schulamt")
    opened.get_by_role("button", name="Find").click()
    opened.get_by_label("What people call it").fill("Hundesteuer")
    opened.get_by_role("button", name="Add this name").click()
    expect(opened.locator(".notice.good")).to_be_visible()
    expect(opened.locator("main")).not_to_contain_text("Hund")
    also = server.do(lambda session: body(session, session.get_one(RecordRow, SCHOOL))["also"])
    assert also[-1] == "Hundesteuer"


@pytest.mark.parametrize("opened", [("en", 1280)], indirect=True, ids=str)
def test_the_digest_is_switched_off_without_signing_in(browser: Browser, opened: Page, server: DeskServer) -> None:
    user_id = server.do(lambda session: user_of(session, "second_editor").id)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.url}/desk/digest/off/{token(user_id, 'for the tests only')}")
    assert Axe().run(page).response["violations"] == []
    assert server.do(lambda session: user_of(session, "second_editor").digest)
    page.get_by_role("button", name="Stop these e-mails").click()
    page.wait_for_selector(".notice.good")
    assert not server.do(lambda session: user_of(session, "second_editor").digest)
    context.close()
