"""Bringing the tables up to date, on either engine, by whoever comes first."""

from sqlalchemy import Connection, inspect, text

from vultus.catalog.database import Database
from vultus.catalog.schema import REVISION
from vultus.config import ConfigError

SCRIPTS = "vultus.catalog:migrations"


def migrate(database: Database, scripts: str = SCRIPTS, newest: str = REVISION) -> None:
    """Bring the tables up to date in one transaction; processes that start together wait for the first.

    Args:
        database: the database, empty or of any older version of Vultus.
        scripts: where Alembic finds the migrations.
        newest: the revision they end at.

    Raises:
        ConfigError: a newer version of Vultus made the tables.
        ServiceUnavailable: the database does not answer.
    """
    if is_current(database, newest):
        return
    with database.migrating() as connection:
        if (revision := _revision(connection)) != newest:
            _upgrade(connection, scripts, revision)


def is_current(database: Database, newest: str = REVISION) -> bool:
    """Say whether the tables are those of the newest revision.

    Raises:
        ServiceUnavailable: the database does not answer.
    """
    with database.reading() as connection:
        return _revision(connection) == newest


def _upgrade(connection: Connection, scripts: str, revision: str | None) -> None:
    # Alembic takes long to import, and most starts find the tables up to date.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", scripts)
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise ConfigError("A newer version of Vultus made this database; run that version, or one newer still.")
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    """Return the revision of the tables, or None for a database without any."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
