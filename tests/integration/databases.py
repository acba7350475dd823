"""Real databases for tests: SQLite in a file, and PostgreSQL in a private cluster that lives as long as the test session.

The cluster is made with initdb in a folder of its own, listens on a socket in that folder only, and is gone afterwards.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from knowledge.store.engine import make_engine

TEMPLATE = "migrated"


class NoPostgres(Exception):
    """PostgreSQL cannot be started here; the message says why."""


@dataclass(frozen=True)
class Database:
    """One database for one test."""

    url: str
    engine: Engine
    sessions: sessionmaker[Session]

    @property
    def is_sqlite(self) -> bool:
        """Which of the two it is."""
        return self.engine.dialect.name == "sqlite"


def open_database(url: str) -> Database:
    """The database at `url`, as the application opens it."""
    engine = make_engine(url)
    return Database(url, engine, sessionmaker(engine, expire_on_commit=False))


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL."""

    socket: Path

    def url(self, name: str) -> str:
        """SQLAlchemy URL of the database `name`."""
        return f"postgresql://postgres@/{name}?host={self.socket}"

    def create(self, name: str, template: str = "template1") -> str:
        """Make a database and return its URL."""
        engine = create_engine(self.url("postgres").replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        engine.dispose()
        return self.url(name)


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """A PostgreSQL of our own.

    Raises NoPostgres where there is none, or nobody but root to run it as.
    """
    binaries = _binaries()
    user = _user()
    # Not pytest's own folder: the user postgres must be able to walk to it, and the path of a socket is short.
    folder = Path(tempfile.mkdtemp(prefix="newcomer-pg-"))
    try:
        if user:
            shutil.chown(folder, user)
        data, options = folder / "data", f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        _run([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], folder, user)
        _run([binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], folder, user)
        try:
            yield Cluster(folder)
        finally:
            _run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], folder, user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb is None:
        raise NoPostgres("initdb is neither in /usr/lib/postgresql/*/bin nor on the path")
    return Path(initdb).parent


def _user() -> str | None:
    """PostgreSQL refuses to run as root: then its own user is taken."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError as error:
        raise NoPostgres("these tests run as root, and there is no user postgres to run PostgreSQL as") from error


def _run(command: list[str | Path], folder: Path, user: str | None) -> None:
    # The server inherits what pg_ctl writes to: a pipe would never end, so a file takes it.
    output = folder.with_suffix(".out")
    group = pwd.getpwnam(user).pw_gid if user else None
    with output.open("wb") as file:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            user=user,
            group=group,
            extra_groups=[] if user else None,
            check=False,
        )
    said = output.read_text(encoding="utf-8", errors="replace")[-500:]
    output.unlink()
    if done.returncode != 0:
        raise NoPostgres(f"{Path(command[0]).name} failed: {said}")
