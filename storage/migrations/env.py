"""Lets Alembic run the migrations on the connection ``storage.migrate`` hands it."""

from alembic import context

from storage.tables.columns import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
