"""`newcomer bench desk`: how long editors wait, with thousands of services in a database of their own that is gone afterwards."""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import click
from aiohttp import web
from sqlalchemy import Engine, make_url, select, text
from sqlalchemy.orm import Session, sessionmaker

from bot.evaluation.bench import row
from bot.front.rasa_process import free_port
from knowledge.api import KnowledgeApi
from knowledge.cli import DEMO_CITY
from knowledge.config import Settings, load_settings
from knowledge.domain.records import Knowledge
from knowledge.editorial import autosave
from knowledge.editorial.accounts import sessions as signed_in
from knowledge.editorial.actor import Actor, Role, desk_itself
from knowledge.editorial.import_runs.files import reading_for
from knowledge.editorial.import_runs.writing import write
from knowledge.editorial.imports.outcome import Decisions
from knowledge.editorial.imports.plan import plan
from knowledge.editorial.imports.prepare import prepare
from knowledge.editorial.publish import publish
from knowledge.editorial.records import body, now
from knowledge.editorial.save import save
from knowledge.editorial.sync import sync
from knowledge.exchange.formats import read_files
from knowledge.exchange.hsds import export_datapackage, export_json
from knowledge.exchange.newcomer.importer import import_folder
from knowledge.exchange.newcomer.reader import CityFolder, read_folder
from knowledge.exchange.tables.csv_writer import export_csv
from knowledge.search.embedder import NoEmbedder
from knowledge.search.engines import SearchEngines
from knowledge.search.linking import NameLinker
from knowledge.search.vectors import VectorCache
from knowledge.store.account_tables import MembershipRow, UserRow
from knowledge.store.desk_tables import RecordRow
from knowledge.store.engine import begin_writing, make_engine
from knowledge.store.library import Library
from knowledge.store.migrate import upgrade
from knowledge.store.reader import read_knowledge
from knowledge.web.desk.routes import add_routes
from knowledge.web.desk.routing import COOKIE
from knowledge.web.keys import API, SETTINGS
from knowledge.web.security import security_headers

CITY = "ankerstadt"
SECRET = "for the measurement only"  # noqa: S105 - the server it is for is gone in a minute, and is reached from here only
FORMATS = {"csv": "csv", "hsds": "hsds", "hsds-json": "hsds"}
PAGES = {"list": "/desk/records/service", "home": "/desk", "translations": "/desk/translations"}
ROUNDS = 5
_SCHEMA = "newcomer_bench"
Sessions = sessionmaker[Session]
Result = TypeVar("Result")


async def run_desk_bench(services: int, database_url: str | None = None) -> dict[str, Any]:
    """The figures in the form of `bot.evaluation.bench.run_bench`. With the URL of a PostgreSQL database, in a schema of its own there,
    too; nothing else in it is touched.

    Names are ``<database>.<what>``; ``autosave`` is how long somebody's typing waits while an import is written. Raises
    click.ClickException where a record did not come in or a page did not open.
    """
    if database_url and make_url(database_url).get_backend_name() != "postgresql":
        raise click.UsageError("--database-url is for PostgreSQL; SQLite is measured in any case.")
    metrics: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="newcomer-bench-") as name:
        folder = Path(name)
        await asyncio.to_thread(_write_files, folder, services)
        for url in ("sqlite", *([database_url] if database_url else [])):
            for format in FORMATS:
                with _database(url, folder / f"{format}.db") as engine:
                    found = await asyncio.to_thread(_import, engine, format, folder, services)
                    if format == "csv":
                        found |= await _at_the_desk(engine, folder)
                    metrics |= {f"{engine.dialect.name}.{what}": figures for what, figures in found.items()}
    return {"metrics": metrics}


def _write_files(folder: Path, services: int) -> None:
    """The demonstration city with that many services, in each of `FORMATS`."""
    with _database("sqlite", folder / "source.db") as engine, Session(engine) as session:
        import_folder(session, read_folder(DEMO_CITY))
        session.commit()
        knowledge = _multiplied(read_knowledge(session, CITY), services)
    export_csv(knowledge, folder / "csv")
    export_datapackage(knowledge, folder / "hsds", include_confidential=True)
    export_json(knowledge, folder / "hsds-json", include_confidential=True)


def _multiplied(knowledge: Knowledge, services: int) -> Knowledge:
    own = list(knowledge.services.values())
    many = {one.id: one for one in own[:services]}
    for number in range(services - len(many)):
        one = own[number % len(own)]
        many[f"{one.id}-{number}"] = replace(one, id=f"{one.id}-{number}")
    return replace(knowledge, services=many)


@contextmanager
def _database(url: str, path: Path) -> Iterator[Engine]:
    """A migrated, empty database: the file `path`, or a schema of its own at `url`."""
    if url == "sqlite":
        engine = make_engine(f"sqlite:///{path}")
        upgrade(engine)
        yield engine
        engine.dispose()
        return
    outside = make_engine(url)
    with outside.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {_SCHEMA}"))
    engine = make_engine(make_url(url).update_query_dict({"options": f"-c search_path={_SCHEMA}"}).render_as_string(hide_password=False))
    try:
        upgrade(engine)
        yield engine
    finally:
        engine.dispose()
        with outside.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {_SCHEMA} CASCADE"))
        outside.dispose()


def _import(engine: Engine, format: str, folder: Path, services: int) -> dict[str, Any]:
    """Read, compare and write one of the files, while somebody types."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions() as session:
        # The city is there, and is empty: somebody can work in it.
        import_folder(session, CityFolder(read_folder(DEMO_CITY).municipality))
        sync(session, CITY, desk_itself("import"))
        session.commit()
    with tempfile.TemporaryDirectory(dir=folder) as scratch, Typist(sessions) as typist, sessions() as session:
        taken = [time.perf_counter()]
        how = reading_for(session, CITY, Path(scratch))
        found = read_files(FORMATS[format], [folder / format], how)
        taken.append(time.perf_counter())
        made = plan(session, CITY, found.batch, found.source)
        taken.append(time.perf_counter())
        prepare(made)
        session.rollback()
        begin_writing(session)
        done = write(session, desk_itself("import"), made, Decisions())
        session.commit()
        taken.append(time.perf_counter())
    if done.report.published < services:
        raise click.ClickException(f"only {done.report.published} records of {format} were written")
    stages = {f"{format}.{what}": row([end - begin]) for what, begin, end in zip(("read", "plan", "apply"), taken, taken[1:], strict=False)}
    return stages | {f"{format}.autosave": row(typist.seconds)}


class Typist:
    """Keeps a form every second, as the desk's autosave does; `seconds` says how long each time took."""

    def __init__(self, sessions: Sessions) -> None:
        self.seconds: list[float] = []
        self._sessions = sessions
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._type)
        self._actor = _somebody(sessions, "typist")[0]

    def __enter__(self) -> Typist:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _type(self) -> None:
        while True:
            begun = time.perf_counter()
            with self._sessions() as session, session.begin():
                begin_writing(session)
                words = {"texts.name": [f"Wort {len(self.seconds)}"]}
                autosave.keep(session, self._actor, CITY, "new:service:typing", "service", 0, words)
            self.seconds.append(time.perf_counter() - begun)
            if self._ended.wait(1.0):
                return


def _somebody(sessions: Sessions, name: str) -> tuple[Actor, str]:
    """(an administrator of the city, the token of their session)."""
    with sessions() as session, session.begin():
        user = UserRow(email=f"{name}@desk.example", name=name.title(), language="en", recovery_codes=[], created_at=now())
        session.add(user)
        session.flush()
        session.add(MembershipRow(user_id=user.id, role=Role.ADMINISTRATOR.value, municipality_id=CITY, organization_id=None))
        session.flush()
        return signed_in.actor_of(session, user), signed_in.start(session, user, browser="bench", hours=1)


async def _at_the_desk(engine: Engine, folder: Path) -> dict[str, Any]:
    """Pages over HTTP, the first time and again; publishing, and the board after it."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    actor, token = _somebody(sessions, "editor")
    environment = {"NEWCOMER_SECRET": SECRET, "NEWCOMER_VAR": str(folder), "NEWCOMER_MUNICIPALITY": CITY}
    settings = load_settings({**environment, "NEWCOMER_DATABASE_URL": str(engine.url)})
    found: dict[str, Any] = {}
    async with _serving(settings, sessions) as url, aiohttp.ClientSession(cookies={COOKIE: token}) as browser:

        async def open_page(path: str) -> float:
            begun = time.perf_counter()
            async with browser.get(url + path, allow_redirects=False) as answer:
                await answer.read()
            if answer.status != 200:
                raise click.ClickException(f"{path}: {answer.status}")
            return time.perf_counter() - begun

        for name, path in PAGES.items():
            found[f"{name}.first"] = row([await open_page(path)])
            found[f"{name}.again"] = row([await open_page(path) for _ in range(ROUNDS)])
        published = [await asyncio.to_thread(_publish, sessions, actor, number) for number in range(ROUNDS)]
        found["translations.after_publishing"] = row([await open_page(PAGES["translations"])])
        found["publish"] = row(published)
    return found | await asyncio.to_thread(_in_the_chat, sessions, actor)


def _publish(sessions: Sessions, actor: Actor, number: int) -> float:
    """Seconds for saving a change of a service and making it public."""
    begun = time.perf_counter()
    with sessions() as session, session.begin():
        begin_writing(session)
        services = select(RecordRow).where(RecordRow.kind == "service", RecordRow.published.is_not(None))
        record = session.scalars(services.order_by(RecordRow.id).limit(1)).one()
        document = body(session, record)
        document = {**document, "texts": {**document["texts"], "name": f"Name {number}"}}
        save(session, actor, record.id, document, base=record.newest)
        publish(session, actor, record.id)
    return time.perf_counter() - begun


def _in_the_chat(sessions: Sessions, actor: Actor) -> dict[str, Any]:
    """What the chat's processes do at their start (``read``, ``index``, ``names``), and how long after publishing each has the change:
    ``seen`` with the look they take every second, and after that ``indexed`` and ``named``."""
    library, engines = Library(sessions, CITY), SearchEngines(NoEmbedder(), VectorCache(sessions))
    begin, knowledge = _timed(library.knowledge)
    index, _ = _timed(lambda: engines.of(knowledge))
    names, linker = _timed(lambda: NameLinker(knowledge))
    found: dict[str, list[float]] = {"read": [begin], "index": [index], "names": [names], "seen": [], "indexed": [], "named": []}
    for number in range(ROUNDS, 2 * ROUNDS):
        time.sleep(number / 7)  # not in step with the looks
        _publish(sessions, actor, number)
        begun = time.perf_counter()
        while library.knowledge() is knowledge:
            time.sleep(0.005)
        found["seen"].append(time.perf_counter() - begun)
        knowledge = library.knowledge()
        found["indexed"].append(_timed(partial(engines.of, knowledge))[0])
        found["named"].append(_timed(partial(linker.update, knowledge))[0])
    return {f"chat.{name}": row(seconds) for name, seconds in found.items()}


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """(seconds, what it returned)."""
    begun = time.perf_counter()
    done = work()
    return time.perf_counter() - begun, done


@asynccontextmanager
async def _serving(settings: Settings, sessions: Sessions) -> AsyncIterator[str]:
    """The desk alone, on a free port of this machine; its address."""
    app = web.Application(middlewares=[security_headers])
    app[SETTINGS] = settings
    app[API] = KnowledgeApi(Library(sessions, CITY), NoEmbedder(), sessions)
    add_routes(app, sessions)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()
