"""Database engines: SQLite (write-ahead log, foreign keys on) by default, PostgreSQL by URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

# Seconds for which a writer waits for another one on SQLite: longer than an import of thousands of records writes, on a busy machine, too.
SQLITE_PATIENCE = 30


def make_engine(url: str) -> Engine:
    """An engine for `url`, an SQLAlchemy URL. Nothing is connected yet; the folder of a SQLite file is created."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": SQLITE_PATIENCE})
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    """Foreign keys are off by default in SQLite; the log mode lets readers go on while somebody writes."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    try:
        cursor.execute("PRAGMA journal_mode=WAL")
    except Exception:  # a file that is read-only at the moment can still be read in its present mode
        cursor.execute("PRAGMA query_only=ON")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def begin_writing(session: Session) -> None:
    """Call before reading what the same transaction will change: on SQLite, which has no row locks, writers then wait for one another
    from the beginning, and none acts on what another is changing. PostgreSQL locks rows (``with_for_update``)."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("BEGIN IMMEDIATE")


def begin_reading(session: Session) -> None:
    """Call first: all that the transaction reads is then of one moment, whatever others write meanwhile."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("BEGIN")
    else:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
