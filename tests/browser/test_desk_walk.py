"""The whole way of a new service: signing in, six languages, review, publishing at one server, and the answer in the chat of another."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.front.rasa_process import free_port
from knowledge.config import PROJECT
from tests.server import Desk, prepare, running, words_of

PASSWORD = "ein Boot im Nebel bei Flut"
# After this the chat will not hear of it any more. The goal is 2 seconds; see docs/measurements.md.
SECONDS = 30.0
SERVICE = "Nähstube Sonnenblume"
WORDS = "Hier nähen Sie mit anderen. Maschinen und Stoff sind da."
# The name stays, as it stands on the door; what happens there is said in the reader's words.
TRANSLATIONS = {
    "en": "Here you sew with other people. Machines and cloth are there.",
    "fr": "Ici, vous cousez avec d'autres. Il y a des machines et du tissu.",
    "uk": "Тут ви шиєте разом з іншими. Машинки й тканина є.",
    "ar": "هنا تخيطون مع آخرين. الماكينات والقماش موجودة.",
    "tr": "Burada başkalarıyla birlikte dikiş dikersiniz. Makineler ve kumaş var.",
}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    """Two servers on one database, each with its own front, actions and Rasa."""
    var, other = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    environment = prepare(var)
    (other / "models").symlink_to(var / "models")
    # One secret for both, as several machines of a city have.
    environment |= {
        "NEWCOMER_SECRET": "a secret of both servers in this test",
        "NEWCOMER_DATABASE_URL": f"sqlite:///{var / 'knowledge.db'}",
    }
    second = {**environment, "NEWCOMER_VAR": str(other), "NEWCOMER_PORT": str(free_port())}
    for email, role in (("erika@desk.example", "editor"), ("rosa@desk.example", "reviewer")):
        command = ["users", "add", email, "--name", email.partition("@")[0].title(), "--role", role]
        subprocess.run(
            [sys.executable, "-m", "bot.cli", *command, "--municipality", "ankerstadt", "--password-stdin"],
            cwd=PROJECT, env=environment, input=PASSWORD.encode(), check=True, capture_output=True,
        )  # fmt: skip
    with running(var, environment) as one, running(other, second) as two:
        yield one, two


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A clerk's screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def sign_in(page: Page, desk: Desk, email: str) -> None:
    page.goto(f"{desk.url}/desk")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def choose(page: Page, label: str, words: str) -> None:
    """Choose another record by typing into its box."""
    page.get_by_role("combobox", name=re.compile(label)).fill(words)
    page.locator("[role=listbox] [role=option]:visible", has_text=re.compile(rf"^\s*{words}")).first.click()


def write_service(page: Page, desk: Desk) -> str:
    """Fill in the form for a new service and save it; returns the address of its page."""
    page.goto(f"{desk.url}/desk/records/service/new")
    page.locator("[name='texts.name']").fill(SERVICE)
    page.locator("[name='texts.description']").fill(WORDS)
    page.locator("summary", has_text=re.compile("^Language")).first.click()
    page.get_by_label("Language courses").check()
    choose(page, "Address", "Rathaus")
    page.locator("[name='at.0.hours']").fill("Mon-Fri 10-18, Sat 10-14")
    page.locator("[name='phones.0.number']").fill("+49 30 23125 777")
    choose(page, "Organization", "Stadt Ankerstadt")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SERVICE)
    return page.url


def translate_service(page: Page, address: str, language: str) -> None:
    page.goto(f"{address}/translate/{language}")
    page.locator("[name='text.name']").fill(SERVICE)
    page.locator("[name='text.description']").fill(TRANSLATIONS[language])
    page.get_by_role("button", name="Save all").click()
    expect(page.locator("[name='text.description']")).to_have_value(TRANSLATIONS[language])
    expect(page.locator("main").get_by_text("missing", exact=True)).to_have_count(0)


def described(desk: Desk, language: str) -> str:
    """What the chat says about the service to somebody who writes in `language`."""
    sender = uuid.uuid4().hex
    desk.say(sender, "/change_language" + json.dumps({"language": language}))
    return words_of(desk.say(sender, SERVICE)) + words_of(desk.say(sender, "/contact" + json.dumps({"service": "naehstube-sonnenblume"})))


def test_from_signing_in_to_the_answer_in_the_chat(servers: tuple[Desk, Desk], page: Page) -> None:
    """The reviewer publishes at one server; people ask at both."""
    one, two = servers
    sign_in(page, one, "erika@desk.example")
    address = write_service(page, one)
    for language in TRANSLATIONS:
        translate_service(page, address, language)
    page.goto(address)
    page.get_by_role("button", name="Hand in for review").click()
    expect(page.locator("main .badge").first).to_have_text("In review")
    for desk in servers:
        assert SERVICE not in words_of(desk.ask(f"where is {SERVICE}")), "a draft was told to readers"
    page.get_by_role("button", name="Sign out").click()

    sign_in(page, two, "rosa@desk.example")
    page.goto(address.replace(one.url, two.url))
    page.get_by_role("button", name="Publish", exact=True).click()
    begin = time.monotonic()
    with ThreadPoolExecutor(2) as asking:
        waited = list(asking.map(lambda desk: _until_told(desk, begin), servers))
    # Shown by `pytest -s`; the goal is two seconds, and a busy machine is no reason to fail.
    print(f"from publishing to the chat's answer: {waited[0]:.2f} s at the other server, {waited[1]:.2f} s at the same")
    for language, words in {"de": WORDS, **TRANSLATIONS}.items():
        assert words in described(one, language)


def _until_told(desk: Desk, begin: float) -> float:
    """Seconds since `begin` after which the chat knew the service."""
    while SERVICE not in words_of(desk.ask(f"where is {SERVICE}")):
        assert time.monotonic() - begin < SECONDS, "the chat never heard of it"
        time.sleep(0.05)
    return time.monotonic() - begin
