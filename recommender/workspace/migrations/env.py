"""Alembic runs this: the changes are made on the connection that the store opened."""

from __future__ import annotations

from alembic import context

from recommender.workspace.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
