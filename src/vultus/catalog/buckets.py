"""Token buckets, for servers on several machines."""

from itertools import count

from sqlalchemy import case, delete, or_, select

from vultus.catalog import schema
from vultus.catalog.database import Database

SWEEP_EVERY = 1024  # draughts between two sweeps

_until = schema.buckets.c.until


class Buckets:
    """When each bucket would be full again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._draughts = count(1)

    def draw(self, name: str, now: int, interval: int, burst: int) -> int:
        """Take one out of a bucket.

        Args:
            name: of the bucket.
            now: this moment.
            interval: by how much a draught puts off the moment at which the bucket would be full again.
            burst: how far away, at most, that moment may be then. One that is further away than that twice was
                written before the clock was set back.

        Returns:
            0, or how many nanoseconds it takes until there is one.

        Raises:
            ServiceUnavailable: the database cannot be reached.
        """
        if next(self._draughts) % SWEEP_EVERY == 0:
            self._sweep(now)
        latest, impossible = now + burst - interval, now + 2 * burst
        insert = self._database.insert(schema.buckets).values(name=name, until=now + interval)
        draw = insert.on_conflict_do_update(
            index_elements=[schema.buckets.c.name],
            set_={"until": case((_until.between(now, impossible), _until), else_=now) + interval},
            where=or_(_until <= latest, _until > impossible),
        ).returning(_until)
        with self._database.at_once() as connection:
            if connection.execute(draw).all():
                return 0
            until = connection.scalar(select(_until).where(schema.buckets.c.name == name))
        return max((latest + interval if until is None else until) - latest, 1)

    def _sweep(self, now: int) -> None:
        with self._database.at_once() as connection:
            connection.execute(delete(schema.buckets).where(_until < now))
