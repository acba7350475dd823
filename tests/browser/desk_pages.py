"""The real desk for a browser: served from a thread, with a small database of its own and people of every role."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.sync_api import BrowserContext
from sqlalchemy.orm import Session

from knowledge.config import load_settings
from knowledge.editorial.accounts import sessions
from knowledge.editorial.actor import Actor, desk_itself
from knowledge.editorial.sync import sync
from knowledge.exchange.newcomer.importer import import_folder
from knowledge.exchange.newcomer.reader import read_folder
from knowledge.store.engine import begin_writing
from knowledge.store.migrate import upgrade
from knowledge.web.desk.routing import COOKIE
from knowledge.web.public.routes import add_routes as add_public_routes
from tests.folders import small_town, write
from tests.integration.databases import Database, open_database
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, actor_of, add_people, start_desk, user_of


class DeskServer:
    """A desk at `url`, in the city `CITY`."""

    def __init__(self, database: Database, url: str, desk: Desk) -> None:
        self.database, self.url, self.desk = database, url, desk

    def do(self, work: Callable[[Session], Any]) -> Any:
        """`work` in a transaction of its own."""
        with self.database.sessions() as session, session.begin():
            begin_writing(session)
            return work(session)

    def actor(self, name: str) -> Actor:
        """Somebody of `tests.integration.desk.people`."""
        found: Actor = self.do(lambda session: actor_of(session, name))
        return found

    def sign_in(self, context: BrowserContext, name: str, language: str = "en") -> None:
        """Let a browser be this person's."""

        def work(session: Session) -> str:
            user = user_of(session, name)
            user.language = language
            return sessions.start(session, user, browser="Chromium", hours=1)

        context.add_cookies([{"name": COOKIE, "value": self.do(work), "url": self.url + "/desk"}])


@contextmanager
def serving(
    folder: Path,
    fill: Callable[[DeskServer], None] | None = None,
    *,
    cities: Sequence[Path] = (),
    more: Callable[[Database, web.Application], None] | None = None,
    **environment: str,
) -> Iterator[DeskServer]:
    """A desk whose city is as small as a test's town, unless `cities` are given; `more` adds to its server, `environment`
    to its settings."""
    database = open_database(f"sqlite:///{folder / 'knowledge.db'}")
    upgrade(database.engine)
    with database.sessions() as session, session.begin():
        for one in cities or (write(folder / "city", small_town(CITY)), write(folder / "other", small_town(OTHER_CITY))):
            report = import_folder(session, read_folder(one))
            sync(session, report.municipality, desk_itself("import"))
        add_people(session)
    settings = load_settings(
        {
            "NEWCOMER_SECRET": "for the tests only",
            "NEWCOMER_VAR": str(folder),
            "NEWCOMER_DATABASE_URL": database.url,
            "NEWCOMER_MUNICIPALITY": CITY,
            **environment,
        }
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    also = (lambda app: more(database, app)) if more else None
    desk = asyncio.run_coroutine_threadsafe(start_desk(database, settings, more=also), loop).result(30)
    made = DeskServer(database, str(desk.server.make_url("")).rstrip("/"), desk)
    try:
        if fill:
            fill(made)
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(desk.close(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
        database.engine.dispose()


def public_pages_too(database: Database, app: web.Application) -> None:
    """For `more` of `serving`: the pages for everybody beside the desk."""
    add_public_routes(app, database.sessions)
