"""Bringing in and taking out in a real browser: the way of a person with a corrected table, with scripts and without,
and by keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from knowledge.editorial.import_runs.claims import LEASE
from knowledge.editorial.import_runs.states import RunState
from knowledge.editorial.publish import publish
from knowledge.editorial.records import body, now
from knowledge.editorial.save import save
from knowledge.store.desk_tables import ImportRunRow, RecordRow
from tests.browser.desk_pages import DeskServer, serving
from tests.integration.desk.people import CITY
from tests.unit.knowledge.exchange.integreat.pages import a_page, in_languages

HOME = "/desk/exchange"
MAIN = "main button.main"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DeskServer]:
    with serving(tmp_path) as made:
        yield made


@pytest.fixture
def context(browser: Browser, server: DeskServer, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """The reviewer's browser; `request.param` is whether it runs scripts."""
    scripts = getattr(request, "param", True)
    made = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce", java_script_enabled=scripts
    )
    server.sign_in(made, "reviewer")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    opened.on("dialog", lambda dialog: dialog.accept())
    yield opened
    assert problems == []


def take_out(page: Page, server: DeskServer, folder: Path) -> Path:
    """Download the workbook as a person does."""
    page.goto(server.url + HOME)
    page.check("input[name=format][value=xlsx]")
    with page.expect_download() as download:
        page.click(f"section[aria-labelledby=out] {MAIN.removeprefix('main ')}")
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target


def corrected(path: Path, cells: dict[str, dict[str, Any]], *more: dict[str, Any]) -> Path:
    """The workbook after somebody has typed into it: service -> column -> value, and further rows."""
    book = openpyxl.load_workbook(path)
    sheet = book["services"]
    column = {cell.value: cell.column for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        for name, value in cells.get(str(row[0].value), {}).items():
            sheet.cell(row[0].row, column[name]).value = value
    for values in more:
        number = sheet.max_row + 1
        for name, value in values.items():
            sheet.cell(number, column[name]).value = value
    book.save(path)
    return path


def edit(server: DeskServer, local: str, fees: str) -> None:
    """Somebody else changes a service at the desk."""
    actor = server.actor("editor"), server.actor("reviewer")

    def work(session: Any) -> None:
        row = session.get_one(RecordRow, f"service:{CITY}/{local}")
        written = dict(body(session, row))
        written["texts"] = {**written["texts"], "fees": fees}
        save(session, actor[0], row.id, written, base=row.newest)
        publish(session, actor[1], row.id)

    server.do(work)


def fees(server: DeskServer, local: str) -> str:
    return str(server.do(lambda session: body(session, session.get_one(RecordRow, f"service:{CITY}/{local}")))["texts"].get("fees"))


def choose(page: Page, server: DeskServer, *files: Any) -> None:
    """Upload files and wait for what follows."""
    page.goto(f"{server.url}{HOME}/import")
    page.set_input_files("#files", files[0] if isinstance(files[0], Path) else list(files))
    page.click(MAIN)
    page.wait_for_url("**/exchange/run/*")


def a_workbook(page: Page, server: DeskServer, folder: Path) -> Path:
    """A table with a change, a conflict, a new row and two wrong ones."""
    path = take_out(page, server, folder)
    edit(server, "office", "Zehn Euro, seit gestern.")
    cells = {"office": {"fees": "Kostenlos."}, "school": {"fees": "Zwei Euro.", "name@en": "School office"}}
    new = {"name": "Fahrradcafé", "organization": "stadt", "topics": "language.courses", "description": "Wir reparieren."}
    return corrected(path, cells, new, {**new, "name": "Falsch", "topics": "nothing"}, {**new, "name": "Auch falsch", "phones": "abc"})


@pytest.mark.parametrize("context", [True, False], indirect=True, ids=["with scripts", "without scripts"])
def test_a_corrected_table_is_brought_in_and_taken_back(page: Page, server: DeskServer, tmp_path: Path) -> None:
    path = a_workbook(page, server, tmp_path)
    choose(page, server, path)
    # Without scripts the page loads itself again, or a person does.
    for _ in range(60):
        if page.get_by_role("heading", name="Check before it is brought in").is_visible():
            break
        page.wait_for_timeout(250)
        page.goto(page.url)
    expect(page.locator(".numbers .conflict .count")).to_have_text("1")
    expect(page.get_by_text("Somebody has changed this at the desk since the file was made.")).to_be_visible()
    expect(page.get_by_label("Keep ours")).to_be_checked()
    page.locator(".numbers .rejected a").click()
    expect(page.get_by_text("“nothing” is not one of the topics.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this list (CSV)").click()
    assert "Auch falsch" in Path(download.value.path()).read_text("utf-8-sig")
    page.locator(".numbers .update a").click()
    expect(page.get_by_text("School office")).to_be_visible()
    page.locator(".numbers .conflict a").click()
    page.get_by_label("Take what the file says").check()
    page.get_by_label("Publish at once").check()
    page.get_by_role("button", name="Bring it in now").click()
    for _ in range(60):
        if page.get_by_role("heading", name="The import is done").is_visible():
            break
        page.wait_for_timeout(250)
        page.goto(page.url.partition("?")[0])
    assert (fees(server, "office"), fees(server, "school")) == ("Kostenlos.", "Zwei Euro.")
    page.get_by_role("link", name="Fahrradcafé").click()
    expect(page.get_by_role("heading", name="Fahrradcafé")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Take back this import").click()
    for _ in range(60):
        if page.get_by_role("heading", name="The import was taken back").is_visible():
            break
        page.wait_for_timeout(250)
        page.goto(page.url.partition("?")[0])
    expect(page.get_by_text("Records that are as they were before: 3.")).to_be_visible()
    assert fees(server, "office") == "Zehn Euro, seit gestern."
    page.goto(server.url + HOME)
    expect(page.get_by_text("taken back")).to_be_visible()


def german() -> list[dict[str, Any]]:
    return [
        a_page("gesundheit", number=1, content="", available_languages=in_languages(en="health")),
        a_page("gesundheit/zahnarzt", number=2, available_languages=in_languages(en="health/dentist")),
        a_page("gesundheit/zahnarzt/notdienst", number=3),
        a_page("wohnen", number=4),
    ]


def integreat() -> Sequence[Any]:
    english = [a_page("health", language="en", number=21, content="", available_languages=in_languages(de="gesundheit"))]
    return [
        {"name": f"musterstadt-{code}.json", "mimeType": "application/json", "buffer": json.dumps(rows).encode()}
        for code, rows in (("de", german()), ("en", english))
    ]


def test_pages_get_their_topics_branch_by_branch(page: Page, server: DeskServer) -> None:
    choose(page, server, *integreat())
    expect(page.get_by_role("heading", name="What are these pages about?")).to_be_visible()
    expect(page.get_by_text("Pages that are confirmed: 0 of 4")).to_be_visible()
    page.get_by_label("Topic of “Notdienst”").select_option("-")
    page.get_by_role("button", name="Confirm these pages (3)").click()
    expect(page.get_by_text("Pages that are confirmed: 3 of 4")).to_be_visible()
    expect(page.locator("#branch")).to_have_text("Wohnen")
    page.get_by_role("button", name="Go on: see what would change").click()
    expect(page.get_by_role("heading", name="Check before it is brought in")).to_be_visible()
    page.get_by_label("As drafts").check()
    page.get_by_role("button", name="Bring it in now").click()
    expect(page.get_by_role("heading", name="The import is done")).to_be_visible()
    page.get_by_role("link", name="Pages and answers").click()
    page.get_by_role("button", name=re.compile("Make an answer of it ?: Zahnarzt")).click()
    expect(page.get_by_role("heading", name="Please check")).to_be_visible()
    page.get_by_role("link", name="Go on to the answer").click()
    expect(page.locator("[name='texts.title']")).to_have_value("Zahnarzt")


def test_the_whole_way_by_keyboard(page: Page, server: DeskServer, tmp_path: Path) -> None:
    path = a_workbook(page, server, tmp_path)

    def go(name: str, role: str = "button") -> None:
        """Walk there with the Tab key, as somebody does who uses no mouse."""
        for _ in range(150):
            page.keyboard.press("Tab")
            if name in page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).textContent"):
                return
        raise AssertionError(f"{name} ({role}) is not reached by Tab")

    page.goto(server.url + HOME)
    go("Choose files", "link")
    page.keyboard.press("Enter")
    page.wait_for_url("**/exchange/import")
    page.set_input_files("#files", path)
    go("Read the files")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check before it is brought in")).to_be_visible()
    go("Keep ours", "radio")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Take what the file says")).to_be_checked()
    go("Publish at once", "radio")
    page.keyboard.press("Space")
    go("Bring it in now")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The import is done")).to_be_visible()
    assert fees(server, "office") == "Kostenlos."


def test_a_choice_that_was_forgotten_is_asked_for(page: Page, server: DeskServer, tmp_path: Path) -> None:
    choose(page, server, a_workbook(page, server, tmp_path))
    page.get_by_role("button", name="Bring it in now").click()
    expect(page.locator("[name=publish]:focus")).to_have_count(1)
    expect(page.get_by_role("heading", name="Check before it is brought in")).to_be_visible()


def test_too_large_a_file_is_named_before_it_is_sent(page: Page, server: DeskServer) -> None:
    page.goto(f"{server.url}{HOME}/import")
    page.set_input_files("#files", {"name": "gross.csv", "mimeType": "text/csv", "buffer": b"x" * 31 * 1024 * 1024})
    expect(page.locator("#too-large")).to_be_visible()
    page.click(MAIN)
    assert page.url.endswith("/import")
    page.set_input_files("#files", {"name": "klein.csv", "mimeType": "text/csv", "buffer": b"id;name\n"})
    expect(page.locator("#too-large")).to_be_hidden()


def put(server: DeskServer, number: int, state: RunState, alive: bool) -> None:
    """Bring a run into a state that a browser seldom sees."""

    def work(session: Any) -> None:
        run = session.get_one(ImportRunRow, number)
        run.state, run.phase, run.done, run.total = state.value, "writing", 40, 100
        run.alive_until = now() + LEASE if alive else None
        run.worker = "somebody" if alive else None

    server.do(work)


def test_a_page_that_waits_tells_how_far_it_is_and_goes_on_by_itself(page: Page, server: DeskServer, tmp_path: Path) -> None:
    choose(page, server, a_workbook(page, server, tmp_path))
    page.wait_for_selector(".numbers")
    run = int(page.url.partition("?")[0].rpartition("/")[2])
    put(server, run, RunState.RUNNING, True)
    page.goto(f"{server.url}{HOME}/run/{run}")
    expect(page.locator("progress")).to_have_attribute("value", "40")
    expect(page.get_by_text("40 of 100")).to_be_visible()

    def further(session: Any) -> None:
        session.get_one(ImportRunRow, run).done = 75

    server.do(further)
    expect(page.get_by_text("75 of 100")).to_be_visible()
    put(server, run, RunState.RUNNING, False)
    expect(page.get_by_role("heading", name="The import was interrupted")).to_be_visible()
    expect(page.get_by_text("Nothing is half done.")).to_be_visible()
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("heading", name="Check before it is brought in")).to_be_visible()
