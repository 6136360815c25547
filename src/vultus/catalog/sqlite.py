"""How Vultus uses SQLite: a private file, WAL, one writer at a time, and no waiting for ever."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

CACHE = 16 * 1024  # KiB of pages that a connection keeps; SQLite's own 2 MiB make reads a twentieth slower
BUSY_SECONDS = 30.0  # seconds that a connection waits for another one's write to end

#: A state of the database: of which connection, and its count of changes.
Version = tuple[int, int]

_inherited: list[sqlite3.Connection] = []

#: Execution option of a connection: how its transactions begin.
BEGIN = "vultus_begin"


_UNAVAILABLE = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY),
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
}


def is_unavailable(error: BaseException) -> bool:
    """Say whether an error is the file's, such as busy, full or damaged, and not that of a statement."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF in _UNAVAILABLE  # the higher bits tell more of the same


def create_private_file(path: Path) -> None:
    """Create the database file for its owner alone; SQLite gives its -wal and -shm files the same mode.

    The folder is made too, if need be. An existing file stays as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return


def prepare_engine(engine: Engine) -> None:
    """Give every connection of ``engine`` our settings, and let SQLAlchemy begin transactions instead of pysqlite.

    pysqlite begins a transaction at the first write only, so that a transaction that reads first may find the
    database changed, or locked, when it comes to write. Ours say what they are at the beginning.
    """
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)


class Watch:
    """Tells whether an SQLite file was changed, by a connection that does nothing else: it never changes it itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened = 0
        self._connection: sqlite3.Connection | None = None
        # One at a time: while another statement of the connection runs, it would see what that one sees.
        self._lock = threading.Lock()

    def version(self) -> Version | None:
        """Return what is another one after every change that is committed; None when the file cannot be read."""
        with self._lock:
            try:
                connection = self._connection or self._connect()
                [(count,)] = connection.execute("PRAGMA data_version").fetchall()
            except sqlite3.Error:
                return None
            return self._opened, count

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def forget(self) -> None:
        """Connect anew in a forked child; the connection of the parent is not to be closed."""
        self._lock = threading.Lock()
        if self._connection is not None:
            _inherited.append(self._connection)
            self._connection = None

    def _connect(self) -> sqlite3.Connection:
        address = f"file:{quote(str(self._path))}?mode=rw"  # not made, if it is gone
        self._connection = sqlite3.connect(address, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
        self._opened += 1  # SQLite counts anew on every connection
        return self._connection


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let tables be rebuilt: dropping the old one must not delete the rows that refer to it.

    Begin the transaction inside; SQLite does not change this setting within one.
    """
    driver = _driver(connection)
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL. The switch does not wait for its lock, so two that start at once would collide."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _begin(connection: Connection) -> None:
    _driver(connection).execute(connection.get_execution_options().get(BEGIN, "BEGIN"))


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
