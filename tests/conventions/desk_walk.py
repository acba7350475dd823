"""Every route of the desk: an address that fits it, and how it is asked."""

from __future__ import annotations

import re
from urllib.parse import quote

import aiohttp
import pytest

from knowledge.web.desk.routing import DeskRoute, Needs
from tests.integration.desk.people import Person

# What stands for the variable parts of a path. A part that is not here gets "1": it names nothing, which is an answer too.
PARTS = {"kind": "service", "id": "entwurf", "language": "en", "token": "no-such-token"}
OPEN = (Needs.NOBODY, Needs.LINK)
WRITING = ("POST", "PUT", "PATCH", "DELETE")
PART = re.compile(r"\{(?P<name>\w+)(?::(?P<pattern>(?:[^{}]|\{[^{}]*\})+))?\}")
# For parts with a pattern of their own: the first of these that fits, or the first word of a list of words.
GUESSES = ("entwurf", "1", "service", "en", "no-such-token", "review")


def address(route: DeskRoute, **parts: str) -> str:
    """A path that fits the route, with `parts` where they fit."""

    def fill(match: re.Match[str]) -> str:
        pattern = match["pattern"] or "[^{}/]+"
        given = (PARTS | parts).get(match["name"], "1")
        fitting = [one for one in (given, *pattern.split("|"), *GUESSES) if re.fullmatch(pattern, one)]
        return quote(fitting[0], safe="")

    return PART.sub(fill, route.path)


only_sqlite = pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)


async def send(person: Person, route: DeskRoute, path: str, *, csrf: bool = True) -> aiohttp.ClientResponse:
    """Ask for it, by a form where it takes one."""
    if route.method == "GET":
        return await person.get(path)
    if route.method == "POST":
        return await person.post(path, csrf=csrf)
    headers = {"X-CSRF": person.csrf} if csrf else {}
    response = await person.browser.request(route.method, path, headers=headers, allow_redirects=False)
    await response.read()
    return response
