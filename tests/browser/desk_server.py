"""The editors' desk alone, in a process of its own that can be killed and started again: no Rasa, no chat, no embeddings."""

from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.sync_api import BrowserContext
from sqlalchemy.orm import Session

from knowledge.api import KnowledgeApi
from knowledge.cli import DEMO_CITY
from knowledge.config import PROJECT, load_settings
from knowledge.editorial.accounts import sessions
from knowledge.editorial.actor import desk_itself
from knowledge.editorial.sync import sync
from knowledge.exchange.newcomer.importer import import_folder
from knowledge.exchange.newcomer.reader import read_folder
from knowledge.search.embedder import NoEmbedder
from knowledge.store.library import Library
from knowledge.store.migrate import upgrade
from knowledge.web.desk.routes import add_routes
from knowledge.web.desk.routing import COOKIE
from knowledge.web.keys import API, SETTINGS
from knowledge.web.security import security_headers
from tests.folders import small_town, write
from tests.integration.databases import Database, open_database
from tests.integration.desk.people import CITY, OTHER_CITY, add_people, user_of

START_SECONDS = 60


def fill(path: Path) -> None:
    """A database with the demonstration city, a second municipality and people of every role."""
    database = open_database(f"sqlite:///{path}")
    upgrade(database.engine)
    with database.sessions() as session, session.begin():
        for folder in (DEMO_CITY, write(Path(tempfile.mkdtemp()), small_town(OTHER_CITY))):
            report = import_folder(session, read_folder(folder))
            sync(session, report.municipality, desk_itself("import"))
        add_people(session)
    database.engine.dispose()


@dataclass
class DeskServer:
    """The desk on a port that stays the same when it is started again, with a copy of the database `filled`."""

    path: Path
    port: int
    database: Database
    filled: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen([sys.executable, "-m", "tests.browser.desk_server", str(self.path), str(self.port)], cwd=PROJECT)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.url}/desk/records/token", timeout=2)
                return
            except OSError as error:
                if getattr(error, "code", 0):  # it answers, if only to send one to the sign-in
                    return
                time.sleep(0.1)
        raise AssertionError("the desk did not start")

    def kill(self) -> None:
        """As when the power fails."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def begin_anew(self) -> None:
        """It runs, with what was filled in at first: for the next test."""
        if self.process is None or self.process.poll() is not None:
            self.start()
        with closing(sqlite3.connect(self.filled)) as filled, closing(sqlite3.connect(self.path)) as served:
            filled.backup(served)

    def do(self, work: Callable[[Session], Any]) -> Any:
        """Do `work` in the database, beside the server."""
        with self.database.sessions() as session, session.begin():
            return work(session)

    def sign_in(self, context: BrowserContext, name: str, *, language: str = "en") -> None:
        """Sign somebody in in a browser."""

        def begin(session: Session) -> str:
            user = user_of(session, name)
            user.language = language
            return sessions.start(session, user, browser="Test", hours=1)

        context.add_cookies([{"name": COOKIE, "value": self.do(begin), "url": f"{self.url}/desk"}])


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def serve(path: str, port: int) -> None:
    """The server itself."""
    database = open_database(f"sqlite:///{path}")
    environment = {
        "NEWCOMER_SECRET": "for the tests only", "NEWCOMER_VAR": str(Path(path).parent), "NEWCOMER_MUNICIPALITY": CITY,
        "NEWCOMER_DATABASE_URL": database.url,
    }  # fmt: skip
    app = web.Application(client_max_size=64 * 1024, middlewares=[security_headers])
    app[SETTINGS] = load_settings(environment)
    app[API] = KnowledgeApi(Library(database.sessions, CITY), NoEmbedder(), database.sessions)
    add_routes(app, database.sessions)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None, reuse_address=True)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
