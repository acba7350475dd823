"""What the script of a record's form sends, in tests: keeping what was typed, leaving the page."""

from __future__ import annotations

import html
import re
from typing import Any

import aiohttp

from knowledge.editorial.records import body
from knowledge.store.desk_tables import RecordRow
from tests.integration.desk.people import CITY, Desk, Person, user_of
from tests.integration.desk.records_form import Form

OFFICE = "citizens-office-altstadt"
KEY = f"service:{CITY}/{OFFICE}"
EDIT = f"/desk/record/service/{OFFICE}/edit"
JSON = {"Accept": "application/json"}


async def ask(person: Person, path: str, content: Any, *, csrf: str | None = None) -> aiohttp.ClientResponse:
    """What a script of the page sends."""
    headers = {**JSON, "X-CSRF": person.csrf if csrf is None else csrf}
    answer = await person.browser.post(path, json=content, headers=headers)
    await answer.read()
    return answer


def user(desk: Desk, name: str) -> int:
    return int(desk.do(lambda session: user_of(session, name).id))


async def keep(
    desk: Desk, person: Person, form: str, fields: dict[str, str] | list[tuple[str, str]], *, base: int = 1, who: str = ""
) -> aiohttp.ClientResponse:
    """As autosave does."""
    kind = form.removeprefix("new:").partition(":")[0]
    pairs = [list(pair) for pair in (fields.items() if isinstance(fields, dict) else fields)]
    content = {"form": form, "base": base, "user": user(desk, who or person.name), "fields": pairs}
    return await ask(person, f"/desk/records/{kind}/autosave", content)


def fields(form: Form, **changes: str) -> list[tuple[str, str]]:
    """What autosave would send of a form in which some fields were changed."""
    kept = [one for one in form.fields if not one[0].startswith("_") and one[0] != "csrf" and one[0] not in changes]
    return [*kept, *changes.items()]


async def leave(person: Person, form: Form) -> None:
    """As the script of a page does when the page is closed."""
    found = re.search(r'data-stamp="([^"]+)"', form.page)
    assert found is not None
    await ask(person, f"/desk/record/service/{OFFICE}/lock", {"action": "release", "stamp": html.unescape(found.group(1))})


def newest(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = desk.do(lambda session: body(session, session.get_one(RecordRow, KEY)))
    return found
