"""The schema comes from the migrations alone, and is the one that tables.py describes."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from knowledge.store.migrate import MIGRATIONS, alembic_config, is_current, upgrade
from knowledge.store.tables import Base
from tests.integration.conftest import MakeDatabase
from tests.integration.databases import Database


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_upgrade_from_nothing_makes_every_table(bare_database: Database) -> None:
    assert not is_current(bare_database.engine)
    upgrade(bare_database.engine)
    assert is_current(bare_database.engine)
    assert set(Base.metadata.tables) <= set(inspect(bare_database.engine).get_table_names())


def test_upgrade_of_a_current_database_does_nothing(database: Database) -> None:
    before = inspect(database.engine).get_table_names()
    upgrade(database.engine)
    assert inspect(database.engine).get_table_names() == before


def test_tables_and_migrations_do_not_drift_apart(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_way_back_leaves_no_table(bare_database: Database) -> None:
    upgrade(bare_database.engine)
    command.downgrade(alembic_config(bare_database.engine), "base")
    assert set(inspect(bare_database.engine).get_table_names()) == {"alembic_version"}


def test_sqlite_writes_ahead_and_holds_foreign_keys(make_database: MakeDatabase) -> None:
    database = make_database("sqlite")
    with database.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_what_was_there_before_the_desk_is_there_after(bare_database: Database) -> None:
    """The table of services is copied on SQLite: what points at it must stay."""
    command.upgrade(alembic_config(bare_database.engine), "0001")
    with bare_database.engine.begin() as connection:
        for statement in (
            "INSERT INTO municipality (id, source_language, country, timezone, version, changed_at) "
            "VALUES ('town', 'de', 'DE', 'Europe/Berlin', 1, '2026-11-01 00:00:00+00:00')",
            "INSERT INTO organization (id, municipality_id, position, kind) VALUES ('town/o', 'town', 0, 'public')",
            "INSERT INTO service (id, municipality_id, position, organization_id, capacity_state, audience, also) "
            "VALUES ('town/s', 'town', 0, 'town/o', 'open', '[]', '[]')",
            "INSERT INTO service_topic (service_id, topic, position) VALUES ('town/s', 'health.doctor', 0)",
        ):
            connection.execute(text(statement))
    upgrade(bare_database.engine)
    with bare_database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM service_topic")) == 1
        assert connection.scalar(text("SELECT contact_id FROM service")) is None


def test_the_audit_log_only_grows(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO audit_entry (at, actor, action, detail) VALUES ('2026-11-01 00:00:00+00:00', 'a', 'b', '{}')"))
    statements = ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"]
    if not database.is_sqlite:
        statements.append("TRUNCATE audit_entry")
    for statement in statements:
        with pytest.raises(SQLAlchemyError, match="only grows"), database.engine.begin() as connection:
            connection.execute(text(statement))
