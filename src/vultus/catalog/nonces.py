"""Nonces of signed requests, for servers on several machines."""

from itertools import count

from sqlalchemy import delete, select

from vultus.catalog import schema
from vultus.catalog.database import Database

SWEEP_EVERY = 64  # claims between two sweeps
SWEEP_ROWS = 256  # rows that a sweep forgets at most
APART = 300.0  # seconds that the clocks of two machines may be apart: what is forgotten is expired for all of them

_nonces = schema.nonces.c


class Nonces:
    """The nonces that were seen."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._claims = count(1)

    def claim(self, digest: bytes, now: float, expires: float) -> bool:
        """Take a nonce until it expires; False when it is taken already.

        Args:
            digest: of the nonce.
            now: seconds since the epoch.
            expires: seconds since the epoch.

        Raises:
            ServiceUnavailable: the database cannot be reached, so nobody can tell.
        """
        if next(self._claims) % SWEEP_EVERY == 0:
            self._sweep(now - APART)
        insert = self._database.insert(schema.nonces).values(digest=digest, expires=expires)
        claim = insert.on_conflict_do_update(
            index_elements=[_nonces.digest], set_={"expires": expires}, where=_nonces.expires <= now
        ).returning(_nonces.expires)
        with self._database.at_once() as connection:
            return bool(connection.execute(claim).all())

    def _sweep(self, before: float) -> None:
        old = select(_nonces.digest).where(_nonces.expires <= before).limit(SWEEP_ROWS)
        with self._database.at_once() as connection:
            connection.execute(delete(schema.nonces).where(_nonces.digest.in_(old)))
