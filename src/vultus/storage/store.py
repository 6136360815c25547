"""What every kind of store can do."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import IO, Protocol

from vultus.storage.details import ObjectDetails
from vultus.storage.object import ObjectFacts


class Store(Protocol):
    """The objects of one bucket, by key. Used from several threads."""

    def stat(self, key: str) -> ObjectFacts:
        """Return what is known of an object.

        Raises:
            ObjectMissing: there is none.
            ServiceUnavailable: the store is out of reach.
            PermissionDenied: the store refuses.
        """

    def is_gone(self, key: str) -> bool:
        """Whether an object is no longer there, for all that one can see.

        Raises:
            ServiceUnavailable: nobody can say.
            VultusError: as ``stat``, but for ObjectMissing.
        """

    def details(self, key: str) -> ObjectDetails:
        """Return what the store has on an object besides; several requests where it comes over the network.

        What the store refuses to tell is left out; otherwise raises as ``stat``.
        """

    def read(self, key: str, limit: int) -> bytes:
        """Return the bytes of an object, at most ``limit``.

        Raises:
            ObjectTooLarge: there are more.
            VultusError: as ``stat``.
        """

    def head(self, key: str, size: int) -> bytes:
        """Return the first bytes of an object, all of a shorter one; raises as ``stat``."""

    def open(self, key: str, limit: int) -> AbstractContextManager[IO[bytes]]:
        """Open an object for reading, anywhere in it, without holding it in memory.

        Raises:
            ObjectTooLarge: there are more bytes.
            VultusError: as ``stat``.
        """

    def list(self, prefix: str) -> Iterator[tuple[str, ObjectFacts]]:
        """Give the keys that begin with ``prefix``, with facts, sorted by key."""
