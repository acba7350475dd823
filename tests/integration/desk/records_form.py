"""A form as a browser without scripts has it: read from the page, changed, sent with one of its buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import aiohttp

from tests.integration.desk.people import Person


class _Reader(HTMLParser):
    """Fields of the form `wanted` (its id, or the address it is sent to); what stands in templates is not part of it."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.inside = False
        self.template = 0
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self.buttons: dict[str, str] = {}
        self._area: str | None = None
        self._select: str | None = None
        self._first: str | None = None
        self._chosen: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and self.wanted in (given.get("id"), given.get("action")):
            self.inside, self.action = True, given.get("action", "")
        if tag == "template":
            self.template += 1
        if not self.inside or self.template:
            return
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.fields.append((name, given.get("value", "on")))
        elif tag == "textarea":
            self._area, self._text = name, ""
        elif tag == "select":
            self._select, self._first, self._chosen = name, None, None
        elif tag == "option" and self._select is not None:
            self._first = given.get("value", "") if self._first is None else self._first
            if "selected" in given:
                self._chosen = given.get("value", "")
        elif tag == "button" and name:
            self.buttons[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.template -= 1
        if tag == "textarea" and self._area is not None:
            self.fields.append((self._area, self._text.removeprefix("\n")))
            self._area = None
        if tag == "select" and self._select is not None:
            self.fields.append((self._select, self._chosen if self._chosen is not None else self._first or ""))
            self._select = None
        if tag == "form":
            self.inside = False


@dataclass
class Form:
    """A form on somebody's screen."""

    person: Person
    page: str
    action: str
    fields: list[tuple[str, str]]
    buttons: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """The value of a field."""
        return dict(self.fields)[name]

    def __contains__(self, name: str) -> bool:
        return name in dict(self.fields)

    def fill(self, values: dict[str, str | list[str] | None] | None = None, **more: str) -> Form:
        """Type into fields; a list ticks several boxes of a name, None unticks all."""
        for name, value in {**(values or {}), **more}.items():
            self.fields = [one for one in self.fields if one[0] != name]
            given = [] if value is None else value if isinstance(value, list) else [value]
            self.fields += [(name, one) for one in given]
        return self

    async def send(self, button: str | None = None) -> aiohttp.ClientResponse:
        """Send it with a button; the answer, redirects not followed."""
        data = aiohttp.FormData()
        for name, value in [*self.fields, *([(button, self.buttons[button])] if button else [])]:
            data.add_field(name, value)
        answer = await self.person.browser.post(self.action, data=data, allow_redirects=False)
        await answer.read()
        return answer

    async def press(self, button: str) -> Form:
        """Send it with a button that leads back to the form."""
        answer = await self.send(button)
        assert answer.status == 200, answer.status
        return read(self.person, await answer.text())

    async def refused(self) -> Form:
        """Send it; it comes back with mistakes."""
        answer = await self.send()
        text = await answer.text()
        assert answer.status == 422, (answer.status, text[:2000])
        return read(self.person, text)

    async def saved(self) -> str:
        """Send it; the address of the next page after it was saved."""
        answer = await self.send()
        text = await answer.text()
        assert answer.status == 303, (answer.status, self.mistakes_in(text))
        return answer.headers["Location"]

    @property
    def mistakes(self) -> dict[str, str]:
        """Words beside the fields, by the id of the field."""
        return self.mistakes_in(self.page)

    @staticmethod
    def mistakes_in(page: str) -> dict[str, str]:
        found = re.findall(r'<p class="mistake" id="([^"]*)-problem">([^<]*)</p>', page)
        return dict(found)


def read(person: Person, page: str, wanted: str = "record-form") -> Form:
    """The form of a page."""
    reader = _Reader(wanted)
    reader.feed(page)
    assert reader.action, "there is no such form on the page"
    return Form(person, page, reader.action, reader.fields, reader.buttons)


async def open_form(person: Person, path: str) -> Form:
    """Open a page with the form of a record."""
    return read(person, await person.page(path))
