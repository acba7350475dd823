"""Alembic's entry: migrations run on the engine that `knowledge.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from knowledge.store import account_tables, desk_tables  # noqa: F401 (they declare tables)
from knowledge.store.tables import Base

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # A table that is copied in batch mode is dropped on the way; with foreign keys on, everything that points at it would go too.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    # SQLite cannot alter a column in place: Alembic's batch mode copies the table instead.
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.commit()
