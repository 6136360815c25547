"""The viewers of a process: so many pictures are looked at at a time for callers who wait, and so many callers wait."""

import threading
import time
from collections.abc import Mapping
from queue import Empty, LifoQueue

from vultus.catalog import IndexedFace
from vultus.config import Settings
from vultus.errors import InvalidArgument, ServerBusy, ServerStopping
from vultus.jobs.viewer import Viewer
from vultus.storage.uri import ObjectURI

#: Callers that wait for a viewer. Each holds one of the forty threads that all requests share, so they are few; further
#: ones are told to come again. A picture takes a tenth of a second.
WAITING = 8
PATIENCE = 10.0  # seconds that a caller waits for a viewer


class Viewers:
    """Looks at pictures; safe to use from many threads. There are no processes until something is to be looked at.

    Args:
        settings: how many there are, and how long they have.
    """

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.server.viewing_seconds
        self._all = [Viewer(settings) for _ in range(settings.server.viewers)]
        # The last that was used is taken first: others go when they have had nothing to do for long.
        self._free: LifoQueue[Viewer] = LifoQueue()
        for viewer in self._all:
            self._free.put(viewer)
        self._room = threading.BoundedSemaphore(len(self._all) + WAITING)
        self._closed = False

    @property
    def pids(self) -> list[int]:
        """Process ids of those that are at work or ready for it."""
        return [viewer.pid for viewer in self._all if viewer.pid is not None]

    def faces(self, pictures: Mapping[str, ObjectURI]) -> dict[str, list[IndexedFace]]:
        """Return the faces of some pictures, the largest of each first.

        Args:
            pictures: by what the caller knows them as, for the messages. Whether they may be read has been seen to.

        Raises:
            InvalidArgument: one is not there, is no picture or cannot be read.
            LimitExceeded: they take too long, or too much memory.
            ServerBusy: too many callers wait, or none of them got a viewer in time.
            VultusError: storage or models are out of reach.
        """
        if not self._room.acquire(blocking=False):
            raise ServerBusy
        try:
            return self._looked_at(pictures, self._free.get(timeout=PATIENCE))
        except Empty:
            raise ServerBusy from None
        finally:
            self._room.release()

    def close(self) -> None:
        """End the processes; who waits for one is told that the server stops."""
        self._closed = True
        for viewer in self._all:
            viewer.kill()
        idle = [self._free.get() for _ in self._all]  # once nobody holds them any more, which is at once
        for viewer in idle:
            viewer.end()
            self._free.put(viewer)

    def _looked_at(self, pictures: Mapping[str, ObjectURI], viewer: Viewer) -> dict[str, list[IndexedFace]]:
        try:
            until = time.monotonic() + self._seconds
            return {name: self._faces(name, uri, viewer, until) for name, uri in pictures.items()}
        finally:
            self._free.put(viewer)

    def _faces(self, name: str, uri: ObjectURI, viewer: Viewer, until: float) -> list[IndexedFace]:
        if self._closed:
            raise ServerStopping
        try:
            return viewer.faces(uri, until)
        except InvalidArgument as error:
            raise InvalidArgument(f"{name}: {error.message}") from None
