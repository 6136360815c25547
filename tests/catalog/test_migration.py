"""Revisions that only these tests know are written into a copy of the migrations."""

import shutil
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from vultus.catalog import Catalog, migration, schema
from vultus.catalog.database import Database
from vultus.catalog.migration import migrate
from vultus.config import ConfigError
from vultus.model import InputFile

SCRIPTS = Path(migration.__file__).parent / "migrations"
REBUILD = f"""
from alembic import op
import sqlalchemy as sa

revision = "9001"
down_revision = "{schema.REVISION}"

def upgrade():
    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("projects", recreate=recreate) as batch:
        batch.add_column(sa.Column("colour", sa.Text(), nullable=False, server_default="green"))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request, tmp_path):
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    url = request.getfixturevalue("postgresql")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS bare"))
        connection.execute(text("CREATE DATABASE bare"))
    yield url.replace("/postgres?", "/bare?")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE bare"))
    engine.dispose()


@pytest.fixture
def fresh(bare_url):
    """A catalog whose tables the migrations have made."""
    with closing(Catalog(bare_url)) as catalog:
        catalog.migrate()
        yield catalog


@pytest.fixture
def database(bare_url):
    with closing(Database(bare_url)) as database:
        yield database


@pytest.fixture
def newer(tmp_path):
    """A copy of the migrations, to which a newer one may be added."""
    shutil.copytree(SCRIPTS, tmp_path / "newer")
    return tmp_path / "newer"


def revision(database):
    with database.reading() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


def test_the_migrations_make_the_tables_that_the_code_uses(fresh, database):
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []
        made = {name: _constraints(connection, name) for name in schema.metadata.tables}
    with database.writing() as connection:
        schema.metadata.drop_all(connection)
        schema.metadata.create_all(connection)
        assert {name: _constraints(connection, name) for name in schema.metadata.tables} == made


def _constraints(connection, table):
    """What Alembic does not compare: foreign keys' actions, checks, partial indexes."""
    found = inspect(connection)
    keys = [
        (key["constrained_columns"], key["referred_table"], key["options"]) for key in found.get_foreign_keys(table)
    ]
    checks = [check["sqltext"] for check in found.get_check_constraints(table)]
    indexes = [
        (index["name"], index["unique"], sorted(str(option) for option in index["dialect_options"].values()))
        for index in found.get_indexes(table)
    ]
    return sorted(keys), sorted(checks), sorted(indexes)


def test_the_code_knows_its_newest_migration():
    config = Config()
    config.set_main_option("script_location", migration.SCRIPTS)
    assert ScriptDirectory.from_config(config).get_current_head() == schema.REVISION


def test_a_database_of_an_older_version_is_brought_up_to_date_with_all_its_rows(fresh, database, newer):
    project = fresh.projects.create("kept")
    dataset = fresh.datasets.create(project.id, "kept-too")
    fresh.files.submit(dataset, [InputFile(uri="oss://bucket/a.jpg")])
    (newer / "versions" / "9001_rebuild.py").write_text(REBUILD)
    migrate(database, str(newer), "9001")
    with database.reading() as connection:
        assert connection.execute(text("SELECT name, colour FROM projects")).all() == [("kept", "green")]
    assert fresh.datasets.find("kept", "kept-too").id == dataset.id
    assert fresh.files.counts(dataset.id).pending == 1


def test_datasets_of_an_older_version_keep_the_model_that_most_of_their_files_were_indexed_with(bare_url, database):
    _to_revision(database, "0003")
    with closing(Catalog(bare_url)) as catalog:
        project = catalog.projects.create("kept")
        indexed, empty = (catalog.datasets.create(project.id, name) for name in ("indexed", "empty"))
        columns = "dataset_id, object_id, uri, status, reason, document, input, media_type, size, version, model"
        with database.writing() as connection:
            for number, model in enumerate(("light", "light", "", "other")):
                row = f"{indexed.id}, '{number}', 'oss://bucket/{number}.jpg', 'Indexed', '', '{{}}', '{{}}', '', 0, ''"
                row += f", '{model}', 7, 7"
                connection.execute(text(f"INSERT INTO files ({columns}, create_time, update_time) VALUES ({row})"))
        catalog.migrate()
        assert catalog.datasets.by_id(indexed.id).model == "light"
        assert catalog.datasets.by_id(empty.id).model == ""


def test_access_keys_of_an_older_version_are_those_of_the_root(bare_url, database):
    _to_revision(database, "0004")
    with database.writing() as connection:
        row = "'LTAIold', 'secret', 'root', 'Inactive', 7"
        columns = 'key_id, secret, "user", status, create_time'
        connection.execute(text(f"INSERT INTO access_keys ({columns}) VALUES ({row})"))
    with closing(Catalog(bare_url)) as catalog:
        catalog.migrate()
        [key] = catalog.keys.list()
        assert (key.key_id, key.secret, key.user, key.status) == ("LTAIold", "secret", "root", "Inactive")
        assert (key.user_row, key.create_time, key.last_used_time) == (None, 7, None)
        catalog.keys.delete("LTAIold")
        catalog.keys.add("LTAInew", "sealed")
        with database.reading() as connection:
            assert connection.scalar(text("SELECT id FROM access_keys")) == 2  # no id is given twice


def _to_revision(database, revision):
    """Make the tables as an older version of Vultus made them."""
    config = Config()
    config.set_main_option("script_location", migration.SCRIPTS)
    with database.migrating() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_a_migration_that_fails_changes_nothing(fresh, database, newer):
    broken = REBUILD + "    op.execute('SELECT 1 FROM nowhere')\n"
    (newer / "versions" / "9001_broken.py").write_text(broken)
    with pytest.raises(DBAPIError, match="nowhere"):
        migrate(database, str(newer), "9001")
    assert revision(database) == schema.REVISION
    with database.reading() as connection:
        assert "colour" not in {column["name"] for column in inspect(connection).get_columns("projects")}


def test_a_database_of_a_newer_version_is_left_alone(fresh, database):
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="newer version"):
        fresh.migrate()
    assert revision(database) == "9999"


def _start(url, barrier):
    barrier.wait()
    with closing(Catalog(url)) as catalog:
        catalog.migrate()
        catalog.account.ensure()


def test_processes_that_start_together_migrate_once(bare_url):
    context = get_context("spawn")
    barrier = context.Barrier(3)
    starters = [context.Process(target=_start, args=(bare_url, barrier)) for _ in range(3)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert [starter.exitcode for starter in starters] == [0, 0, 0]
    with closing(Catalog(bare_url)) as catalog:
        assert len(catalog.account.get()) == 16
