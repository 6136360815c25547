import os
import threading
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, text

from vultus.catalog import Catalog, schema, sqlite
from vultus.catalog.database import Database
from vultus.config import ConfigError
from vultus.errors import ServiceUnavailable


def names(catalog):
    return [project.name for project in catalog.projects.page()]


def test_an_exception_undoes_everything_that_was_done_in_the_transaction(catalog):
    def fail():
        catalog.projects.create("one")
        with catalog.transaction():
            catalog.projects.create("two")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), catalog.transaction():
        fail()
    assert names(catalog) == []


def test_a_transaction_sees_its_own_changes_and_others_do_not(catalog):
    seen = []
    with catalog.transaction():
        catalog.projects.create("one")
        assert names(catalog) == ["one"]
        other = threading.Thread(target=lambda: seen.append(names(catalog)))
        other.start()
        other.join()
    assert seen == [[]]
    assert names(catalog) == ["one"]


def test_the_transactions_of_two_catalogs_are_apart(catalog, tmp_path):
    other = Catalog(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate()

    def fail():
        catalog.projects.create("here")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), catalog.transaction(), other.transaction():
        fail()
    with catalog.transaction():
        other.projects.create("there")
    assert (names(catalog), names(other)) == ([], ["there"])
    other.close()


def test_a_snapshot_does_not_move_while_others_write(catalog_url):
    database = Database(catalog_url)
    other = Catalog(catalog_url)
    count = select(func.count()).select_from(schema.projects)
    with database.reading() as connection:
        before = connection.scalar(count)
        other.projects.create("meanwhile")
        assert connection.scalar(count) == before == 0
    with database.snapshot() as snapshot:
        before = snapshot.driver.execute("SELECT count(*) FROM projects").fetchone()
        other.projects.create("meanwhile-too")
        assert snapshot.driver.execute("SELECT count(*) FROM projects").fetchone() == before == (1,)
    with database.snapshot() as snapshot:
        assert snapshot.driver.execute("SELECT count(*) FROM projects").fetchone() == (2,)
    other.close()
    database.close()


def test_an_error_within_a_snapshot_leaves_no_trace(catalog_url):
    database = Database(catalog_url)
    with pytest.raises(ZeroDivisionError), database.snapshot() as snapshot:
        snapshot.driver.execute("SELECT 1").fetchone()[0] / 0
    with database.snapshot() as snapshot:
        assert snapshot.driver.execute("SELECT 1").fetchone() == (1,)
    assert database.engine.pool.checkedout() == 0
    database.close()


@pytest.mark.parametrize("catalog_url", ["postgresql"], indirect=True)
def test_a_server_that_was_away_for_a_moment_is_reached_again(catalog_url, catalog, dataset):
    engine = create_engine(catalog_url)
    with engine.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))
    engine.dispose()
    assert catalog.datasets.find("project", "dataset") == dataset
    assert catalog.projects.update("project", description="here again").description == "here again"


def test_writers_wait_for_one_another(catalog):
    def add(first):
        for number in range(first, first + 20):
            catalog.projects.create(f"project-{number}")

    threads = [threading.Thread(target=add, args=(first,)) for first in (0, 20, 40, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(catalog)) == 80


def test_the_database_file_is_for_its_owner_alone(tmp_path):
    path = tmp_path / "home" / "vultus.db"
    catalog = Catalog(f"sqlite:///{path}")
    catalog.migrate()
    catalog.projects.create("secret")
    assert {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {
        "vultus.db": 0o600,
        "vultus.db-wal": 0o600,
        "vultus.db-shm": 0o600,
    }
    assert path.parent.stat().st_mode & 0o777 == 0o700
    catalog.close()


def test_sqlite_is_used_as_it_should_be(sqlite_url):
    database = Database(sqlite_url)
    with database.reading() as connection:
        settings = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 30_000}
    database.close()


def test_a_database_that_stays_busy_is_said_to_be_so(sqlite_url, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    holder, waiter = Catalog(sqlite_url), Catalog(sqlite_url)
    with holder.transaction(), pytest.raises(ServiceUnavailable, match="locked"):
        waiter.projects.create("late")
    holder.close()
    waiter.close()


def test_a_database_out_of_reach_is_named_without_its_password(tmp_path):
    catalog = Catalog(f"postgresql://anna:hush@/vultus?host={tmp_path}")
    with pytest.raises(ServiceUnavailable) as caught:
        catalog.projects.page()
    assert str(tmp_path) in caught.value.message
    assert "hush" not in caught.value.message
    assert "\n" not in caught.value.message


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path):
    (tmp_path / "notes.txt").write_text("not a database, but long enough to look like one" * 100)
    catalog = Catalog(f"sqlite:///{tmp_path / 'notes.txt'}")
    with pytest.raises(ServiceUnavailable, match=r"notes\.txt cannot be used: file is not a database\."):
        catalog.migrate()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("vultus.db", "not a URL"),
        ("mysql://localhost/vultus", "SQLite or PostgreSQL"),
        ("sqlite://", "needs a file"),
        ("sqlite:////dev/null/vultus.db", "cannot be made"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_the_reason(url, said):
    with pytest.raises(ConfigError, match=said):
        Catalog(url)


def _count_in_child(url: str, answer: Path) -> None:
    catalog = Catalog(url)
    answer.write_text(",".join(names(catalog)))
    catalog.close()


def test_a_spawned_process_opens_its_own(catalog, catalog_url, tmp_path):
    catalog.projects.create("one")
    child = get_context("spawn").Process(target=_count_in_child, args=(catalog_url, tmp_path / "answer"))
    child.start()
    child.join()
    assert (tmp_path / "answer").read_text() == "one"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_connects_anew(catalog, tmp_path):
    with catalog.transaction():
        catalog.projects.create("of the parent")
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = 0 if names(catalog) == [] else 2
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert names(catalog) == ["of the parent"]
