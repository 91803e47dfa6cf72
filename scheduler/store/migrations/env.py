"""How Alembic runs a migration: on the connection it is handed, inside its transaction."""

from __future__ import annotations

from alembic import context

from scheduler.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by rebuilding it
    transactional_ddl=True,  # both databases take back a half-done migration
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
