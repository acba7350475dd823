"""People who go through all screens in one language, each in a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import sessions
from knowledge.editorial.digest import token
from knowledge.web.desk.routing import COOKIE
from tests.browser.desk_pages import DeskServer
from tests.browser.every_screen.city import SECRET, acceptance_address, new_email_address, welcome_address
from tests.browser.every_screen.look import Fault, View, Words, look_at, walk
from tests.browser.every_screen.screens import Screen
from tests.browser.every_screen.serving import names
from tests.integration.desk.people import user_of

LOCALES = {"de": "de-DE", "ar": "ar"}
# Of people and records that come to be on the way, and what a file calls what was rejected.
COMING = (
    "Neue Kollegin",
    "Ankommen in der Stadt",
    "Jobcenter am Hafen",
    "naehstube",
    "lesekreis-im-haus-der-kulturen-mit-einem-langen-namen",
)


class Readers:
    """A page for each person, and what is wrong with what they see."""

    def __init__(self, browser: Browser, server: DeskServer, view: View) -> None:
        self.browser, self.server, self.view = browser, server, view
        self.pages: dict[str, Page] = {}
        self.problems: list[Fault] = []
        self.at = ""
        self.words = Words(view.language, {*server.do(names), *COMING})

    def page(self, who: str) -> Page:
        """The page of this person ("nobody" is not signed in, "halfway" has still to give a code)."""
        if who not in self.pages:
            context = self.browser.new_context(viewport=self.view.sizes[0], locale=LOCALES[self.view.language], reduced_motion="reduce")
            context.set_default_timeout(20_000)
            self._sign_in(context, who)
            page = self.pages[who] = context.new_page()
            page.on("pageerror", lambda error: self._note("a script fails", str(error)))
            page.on("console", lambda line: self._note("security policy", line.text) if "Content Security Policy" in line.text else None)
            page.on("dialog", lambda dialog: dialog.accept())
        return self.pages[who]

    def _note(self, what: str, where: str) -> None:
        self.problems.append(Fault(self.at, self.view.language, what, where))

    def _sign_in(self, context: BrowserContext, who: str) -> None:
        if who == "nobody":
            return

        def work(session: Session) -> str:
            user = user_of(session, "with_factor" if who == "halfway" else who)
            user.language = self.view.language
            return sessions.start(session, user, browser="Chromium, Linux", hours=1, complete=who != "halfway")

        context.add_cookies([{"name": COOKIE, "value": self.server.do(work), "url": f"{self.server.url}/desk"}])

    def address(self, path: str) -> str:
        """Where a screen is."""
        for name in re.findall(r"\{(\w+)\}", path):
            path = path.replace(f"{{{name}}}", self._part(name))
        return self.server.url + path

    def _part(self, name: str) -> str:
        if name == "language":
            return self.view.language
        if name == "welcome":
            return welcome_address(self.server)
        if name == "new_email":
            return new_email_address(self.server)
        if name == "accept":
            return acceptance_address(self.server)
        if name == "digest_off":
            return f"/desk/digest/off/{token(self.server.do(lambda session: user_of(session, 'second_editor').id), SECRET)}"
        return str(self.server.do(lambda session: user_of(session, name).id))

    def open(self, screen: Screen) -> Page:
        """Go to a screen and do there what has to be done."""
        self.at = screen.name
        if screen.before:
            screen.before(self.server, self.view.language)
        page = self.page(screen.who)
        page.set_viewport_size(self.view.sizes[0])
        response = page.goto(self.address(screen.path))
        assert response is not None
        if screen.act:
            screen.act(page, self.server)
            page.wait_for_load_state()
        elif response.status != screen.status:
            self._note("status", str(response.status))
        return page

    def look(self, screen: Screen, picture: Path | None = None) -> Iterable[Fault]:
        """Everything that is asked of a screen."""
        page = self.open(screen)
        if picture:
            page.screenshot(path=picture, full_page=True)
        yield from look_at(page, screen.name, self.view, self.words)
        if screen.state == "empty list":
            yield from (Fault(screen.name, self.view.language, *one) for one in page.evaluate("look.next()"))
        if self.view.walked:
            yield from walk(page, screen.name, self.view)

    def close(self) -> None:
        """End all browsers."""
        for page in self.pages.values():
            page.context.close()
