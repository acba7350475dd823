"""Alembic's entry: migrations run on the engine that `knowledge.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from knowledge.store.tables import Base

engine = context.config.attributes["engine"]
with engine.connect() as connection:
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
