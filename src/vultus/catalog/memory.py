"""What was read from the database, kept for as long as nobody changes anything in it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from vultus.catalog.database import Database
from vultus.catalog.sqlite import Version

K = TypeVar("K")
V = TypeVar("V")


class _Held(NamedTuple, Generic[K, V]):
    version: Version | None
    values: dict[K, V]


class Memory(Generic[K, V]):
    """Values that were read, by key; used from several threads.

    Whatever is committed, by this or any other process, empties it (``Database.version``): nothing stale is ever
    handed out. It is of use where the same few things are asked for again and again while nothing is written.

    Args:
        database: the values come from.
        most: values to hold; more than that, and it is emptied.
    """

    def __init__(self, database: Database, most: int) -> None:
        self._database = database
        self._most = most
        self._held: _Held[K, V] = _Held(None, {})

    def recall(self, keys: Sequence[K], read: Callable[[Sequence[K]], Mapping[K, V]]) -> Mapping[K, V]:
        """Return the values of some keys, and perhaps of others; keys without a value are left out.

        Args:
            keys: whose values are wanted.
            read: gives the values of the keys that are not held, from the database as it is now or is later.
        """
        version = self._database.version()
        if version is None:
            return read(keys)
        # What is read from here on is at least as new as this version; another thread may meanwhile put a newer
        # one in place, and what goes into the old values then is lost, which is all that happens.
        held = self._held
        if held.version != version or len(held.values) + len(keys) > self._most:
            held = self._held = _Held(version, {})
        missing = [key for key in keys if key not in held.values]
        if missing:
            held.values.update(read(missing))
        return held.values
