"""Nonces and buckets in a file that all server processes of one home share."""

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from vultus.errors import ServiceUnavailable
from vultus.ram.turn import Turns

log = logging.getLogger(__name__)

LOCK_WAIT = 2.0  # seconds to wait for another process; a statement takes some ten microseconds
SWEEP_NONCES_EVERY = 64  # claims between two sweeps
SWEEP_NONCES = 256  # rows that a sweep forgets at most: more than come in, and few enough not to be felt
SWEEP_BUCKETS_EVERY = 1024  # draughts between two sweeps

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS nonces (digest BLOB PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS nonces_by_expiry ON nonces (expires);
CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
"""

# Each is one statement, and so one transaction.
_CLAIM = "INSERT INTO nonces VALUES (?1, ?2) ON CONFLICT (digest) DO UPDATE SET expires = ?2 WHERE expires <= ?3"
_FORGET = "DELETE FROM nonces WHERE digest IN (SELECT digest FROM nonces WHERE expires <= ?1 LIMIT ?2)"
_DRAW = """
INSERT INTO buckets VALUES (?1, ?2 + ?3)
ON CONFLICT (name) DO UPDATE SET until = iif(until BETWEEN ?2 AND ?5, until, ?2) + ?3 WHERE until <= ?4 OR until > ?5
RETURNING until
"""
_UNTIL = "SELECT until FROM buckets WHERE name = ?1"
_EMPTY = "DELETE FROM buckets WHERE until < ?1"


class GateFile:
    """An SQLite file apart from the catalog, so that no request waits for the catalog's write lock.

    Used from several threads. The file survives restarts and crashes of the process; nothing is forced to the disk,
    so the nonces of the last moments before a power cut are forgotten (by the time the machine is up again, most of
    the requests that carried them have expired).

    Args:
        path: opened at its first use; made, readable for its owner only, when absent.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._turns: Turns | None = None
        self._claims = 0
        self._draughts = 0

    def open(self) -> None:
        """Open the file, unless it is open.

        Raises:
            ServiceUnavailable: it cannot be opened.
        """
        with self._using():
            pass

    def claim(self, digest: bytes, now: float, expires: float) -> bool:
        """Take a nonce until it expires; False when it is taken already.

        Raises:
            ServiceUnavailable: the file cannot be written, so nobody can tell.
        """
        with self._using() as connection:
            self._claims += 1
            if self._claims % SWEEP_NONCES_EVERY == 0:
                connection.execute(_FORGET, (now, SWEEP_NONCES))
            return connection.execute(_CLAIM, (digest, expires, now)).rowcount == 1

    def draw(self, name: str, now: int, interval: int, burst: int) -> int:
        """Take one out of a bucket; see ``Buckets``, which says what the numbers mean.

        Raises:
            ServiceUnavailable: the file cannot be written.
        """
        latest, impossible = now + burst - interval, now + 2 * burst
        with self._using() as connection:
            self._draughts += 1
            if self._draughts % SWEEP_BUCKETS_EVERY == 0:
                connection.execute(_EMPTY, (now,))
            if connection.execute(_DRAW, (name, now, interval, latest, impossible)).fetchall():
                return 0
            [(until,)] = connection.execute(_UNTIL, (name,)).fetchall() or [(latest + interval,)]
        return max(int(until) - latest, 1)

    def close(self) -> None:
        """Close the file; the next use opens it anew."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            if self._turns is not None:
                self._turns.close()
                self._turns = None

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._connection is None:
                self._connection = self._connect_or_discard()
            if self._turns is None:
                self._turns = self._take_turns()
            try:
                with self._turns.turn(LOCK_WAIT):
                    yield self._connection
            except sqlite3.Error as error:
                raise ServiceUnavailable(f"{self._path} cannot be used: {error}.") from None

    def _take_turns(self) -> Turns:
        path = self._path.with_suffix(".lock")
        try:
            return Turns(path)
        except OSError as error:
            raise ServiceUnavailable(f"{path} cannot be opened: {error.strerror}.") from None

    def _connect_or_discard(self) -> sqlite3.Connection:
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            return self._connect()
        except OSError as error:
            raise ServiceUnavailable(f"{self._path} cannot be opened: {error.strerror}.") from None
        except sqlite3.OperationalError as error:
            raise ServiceUnavailable(f"{self._path} cannot be opened: {error}.") from None
        except sqlite3.DatabaseError as error:
            log.warning("%s is damaged (%s) and is begun anew", self._path, error)
            self._discard()
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=LOCK_WAIT, isolation_level=None, check_same_thread=False, cached_statements=8
        )
        try:
            connection.executescript(_SCHEMA)
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _discard(self) -> None:
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        with closing(self._path.open("wb")):
            pass
