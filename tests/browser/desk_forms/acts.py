"""What people do in a form, and what is kept of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from knowledge.editorial.records import body
from knowledge.store.desk_tables import AutosaveRow, RecordRow
from tests.browser.desk_server import DeskServer
from tests.integration.desk.people import CITY

OFFICE = "citizens-office-altstadt"
KEY = f"service:{CITY}/{OFFICE}"
EDIT = f"/desk/record/service/{OFFICE}/edit"
KEPT = re.compile("Kept as a note")
Open = Callable[..., Page]


def newest(server: DeskServer, key: str = KEY) -> dict[str, Any]:
    found: dict[str, Any] = server.do(lambda session: body(session, session.get_one(RecordRow, key)))
    return found


def kept_fields(server: DeskServer) -> dict[str, Any]:
    rows = server.do(lambda session: session.scalars(select(AutosaveRow)).all())
    assert len(rows) == 1
    found: dict[str, Any] = rows[0].fields
    return found


def wait_until_kept(server: DeskServer, seconds: float = 60) -> None:
    """What a page sends when it is left arrives when nobody waits for it any more."""
    until = time.monotonic() + seconds
    while not server.do(lambda session: session.scalars(select(AutosaveRow.id)).first()):
        assert time.monotonic() < until, "nothing of what was typed has arrived"
        time.sleep(0.05)


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


def tab_to(page: Page, target: str) -> None:
    """Go there with the tab key, as somebody without a mouse does."""
    wanted = page.locator(target).first
    for _ in range(150):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by the keyboard")
