"""The database behind the catalog: SQLite or PostgreSQL, its connections and its transactions."""

import os
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import URL, Connection, Engine, Pool, Table, create_engine, func, make_url, select
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from vultus.catalog import sqlite
from vultus.config import ConfigError
from vultus.errors import ServiceUnavailable

T = TypeVar("T")

#: Of PostgreSQL's advisory locks, the one that migrations take.
_MIGRATION_LOCK = 0x76756C747573

#: psycopg's number for the isolation level in which all reads see the same moment.
_REPEATABLE_READ = 3

#: The unit of work that is open in this thread or task, for each database.
_open: ContextVar[Mapping[int, Connection]] = ContextVar("vultus_open_transactions", default=MappingProxyType({}))


class Snapshot(NamedTuple):
    """The driver's own connection, within a transaction."""

    driver: Any
    is_sqlite: bool


class Database:
    """Connections to one database.

    Reads see one snapshot, writes are one transaction; both share the transaction that is open already, if any.
    """

    def __init__(self, url: str) -> None:
        """Get ready to connect; nothing is opened yet, but an SQLite file is created.

        Raises:
            ConfigError: the address is none of SQLite or PostgreSQL.
        """
        self.url = _parse(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        self._reader: Engine
        self._writer: Engine
        self._single: Engine
        if self.is_sqlite:
            self._reader = self.engine
            self._writer = self.engine.execution_options(**{sqlite.BEGIN: "BEGIN IMMEDIATE"})
            self._single = self._writer
        else:
            self._reader = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._writer = self.engine
            self._single = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._watch = sqlite.Watch(Path(str(self.url.database))) if self.is_sqlite else None
        _databases.add(self)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that writes, or join the one that is open: only the outermost commits or rolls back.

        Raises:
            ServiceUnavailable: the database cannot be reached, or others keep it busy for too long.
        """
        units = _open.get()
        if (unit := units.get(id(self))) is not None:
            yield unit
            return
        with self._clear_errors(), self._writer.begin() as connection:
            token = _open.set({**units, id(self): connection})
            try:
                yield connection
            finally:
                _open.reset(token)

    @contextmanager
    def at_once(self) -> Iterator[Connection]:
        """Open a connection for single statements, each of which stands by itself, whatever transaction is open.

        Raises:
            ServiceUnavailable: the database cannot be reached, or others keep it busy for too long.
        """
        with self._clear_errors(), self._single.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a snapshot to read from, or join the transaction that is open.

        Raises:
            ServiceUnavailable: the database cannot be reached.
        """
        if (unit := _open.get().get(id(self))) is not None:
            yield unit
            return
        with self._clear_errors(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Open a snapshot to run ``Lookup`` in, or join the transaction that is open.

        Raises:
            ServiceUnavailable: the database cannot be reached.
        """
        if (unit := _open.get().get(id(self))) is not None:
            yield self.within(unit)
            return
        with self._clear_errors():
            pooled = self.engine.raw_connection()
            try:
                driver: Any = pooled.dbapi_connection
                if self.is_sqlite:
                    driver.execute("BEGIN")
                else:
                    driver.isolation_level = _REPEATABLE_READ
                yield Snapshot(driver, self.is_sqlite)
                driver.rollback()
                if not self.is_sqlite:
                    driver.isolation_level = None
            except BaseException:
                pooled.invalidate()
                raise
            finally:
                pooled.close()

    def version(self) -> sqlite.Version | None:
        """Return what stays as it is for as long as nobody commits a change.

        It is None where that cannot be told: on PostgreSQL, and within a transaction, which sees its own changes.
        """
        if self._watch is None or id(self) in _open.get():
            return None
        return self._watch.version()

    def within(self, connection: Connection) -> Snapshot:
        """Return the snapshot that a connection is reading already."""
        return Snapshot(connection.connection.dbapi_connection, self.is_sqlite)

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Open a transaction that changes tables, alone among the migrations of all processes.

        Raises:
            ServiceUnavailable: the database cannot be reached, or others keep it busy for too long.
        """
        with self._clear_errors(), self._writer.connect() as connection:
            if self.is_sqlite:
                with sqlite.without_foreign_keys(connection), connection.begin():
                    yield connection
            else:
                with connection.begin():
                    connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
                    yield connection

    def insert(self, table: Table) -> sqlite_dialect.Insert | postgresql_dialect.Insert:
        """Begin an INSERT that may say what to do about rows which a unique index refuses."""
        return sqlite_dialect.insert(table) if self.is_sqlite else postgresql_dialect.insert(table)

    def insert_new(self, table: Table) -> sqlite_dialect.Insert | postgresql_dialect.Insert:
        """Begin an INSERT that passes over rows which a unique index refuses."""
        return self.insert(table).on_conflict_do_nothing()

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        """Say in one sentence that the database is out of reach, busy or damaged; other errors are our own."""
        try:
            yield
        except (DatabaseError, PoolTimeout, self.engine.dialect.loaded_dbapi.DatabaseError) as error:
            cause = getattr(error, "orig", None) or error
            if not self._is_unavailable(cause):
                raise
            said = " ".join(str(cause).split())
            raise ServiceUnavailable(f"The database {self.url.render_as_string()} cannot be used: {said}.") from error

    def _is_unavailable(self, cause: BaseException) -> bool:
        if self.is_sqlite:
            return sqlite.is_unavailable(cause)
        return isinstance(cause, (PoolTimeout, self.engine.dialect.loaded_dbapi.OperationalError))

    def close(self) -> None:
        """Close every connection that is not in use."""
        self.engine.dispose()
        if self._watch is not None:
            self._watch.close()


def batches(items: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """Cut a sequence so that no statement carries more than ``size`` of them."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _parse(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise ConfigError("The database address is not a URL such as sqlite:///vultus.db.") from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise ConfigError(f"Vultus keeps its catalog in SQLite or PostgreSQL, not in {url.drivername}.")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ConfigError("The SQLite database needs a file: sqlite:///path/to/vultus.db.")
    return url


# hide_parameters: the text of an error goes into logs, and the values may be secrets.


def _sqlite_engine(url: URL) -> Engine:
    try:
        sqlite.create_private_file(Path(str(url.database)))
    except OSError as error:
        raise ConfigError(f"The database file {url.database} cannot be made: {error.strerror}.") from None
    # Connections to a file are cheap: as many as there are threads at work.
    engine = create_engine(url, pool_size=16, max_overflow=-1, pool_use_lifo=True, hide_parameters=True)
    sqlite.prepare_engine(engine)
    return engine


def _postgresql_engine(url: URL) -> Engine:
    try:
        return create_engine(
            url, pool_size=8, max_overflow=8, pool_use_lifo=True, pool_pre_ping=True, hide_parameters=True
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise ConfigError("PostgreSQL needs psycopg: install vultus[postgres].") from None


_databases: "weakref.WeakSet[Database]" = weakref.WeakSet()
_inherited: list[Pool] = []


def _after_fork() -> None:
    """Connect anew in a forked child: a connection must not be used, nor closed, on both sides of a fork."""
    _open.set({})
    for database in list(_databases):
        _inherited.append(database.engine.pool)
        database.engine.dispose(close=False)
        if database._watch is not None:
            database._watch.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
