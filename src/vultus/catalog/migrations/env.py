"""What Alembic runs: the migrations, in the transaction that ``vultus.catalog.migration`` has opened."""

from alembic import context

from vultus.catalog.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
