"""Nonces of signed requests: each is accepted once."""

import logging
import os
import sqlite3
import threading
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

from vultus.errors import ServiceUnavailable

log = logging.getLogger(__name__)

LOCK_WAIT = 2.0  # seconds to wait for another process; a claim takes some ten microseconds
SWEEP_EVERY = 64  # claims between two sweeps
SWEEP_ROWS = 256  # rows that a sweep forgets at most: more than come in, and few enough not to be felt

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS nonces (digest BLOB PRIMARY KEY, expires REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS nonces_by_expiry ON nonces (expires);
"""


class Nonces:
    """The nonces seen within the window, in a file that every server process of one home folder shares.

    Used from several threads. The file survives restarts and crashes of the process; nothing is forced to the disk,
    so the nonces of the last moments before a power cut are forgotten (by the time the machine is up again, most of
    the requests that carried them have expired).

    Args:
        path: the SQLite file; made, readable for its owner only, when absent.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._claims = 0
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._connection = self._open()
        except OSError as error:
            raise ServiceUnavailable(f"{path} cannot be opened: {error.strerror}.") from None
        except sqlite3.OperationalError as error:
            raise ServiceUnavailable(f"{path} cannot be opened: {error}.") from None
        except sqlite3.DatabaseError as error:
            log.warning("%s is damaged (%s) and is begun anew", path, error)
            self._discard()
            self._connection = self._open()

    def claim(self, key_id: str, nonce: str, now: float, window: float) -> bool:
        """Take a nonce.

        Args:
            key_id: the access key that signed it; nonces of two keys have nothing to do with each other.
            nonce: as the client sent it.
            now: seconds since the epoch.
            window: seconds to remember the nonce.

        Returns:
            Whether it had not been taken.

        Raises:
            ServiceUnavailable: the file cannot be written, so nobody can tell.
        """
        digest = blake2b(f"{key_id}\n{nonce}".encode(), digest_size=16).digest()
        with self._lock:
            self._claims += 1
            try:
                if self._claims % SWEEP_EVERY == 0:
                    self._sweep(now)
                # One statement is one transaction: an expired row of the same nonce is taken over.
                taken = self._connection.execute(
                    "INSERT INTO nonces VALUES (?1, ?2) ON CONFLICT (digest) DO UPDATE SET expires = ?2"
                    " WHERE expires <= ?3",
                    (digest, now + window, now),
                )
            except sqlite3.Error as error:
                raise ServiceUnavailable(f"Nonces cannot be checked: {error}.") from None
        return taken.rowcount == 1

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _sweep(self, now: float) -> None:
        self._connection.execute(
            "DELETE FROM nonces WHERE digest IN (SELECT digest FROM nonces WHERE expires <= ? LIMIT ?)",
            (now, SWEEP_ROWS),
        )

    def _open(self) -> sqlite3.Connection:
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
