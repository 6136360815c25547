"""When access keys were last used: remembered at once, and written down now and then."""

import logging
import threading
import weakref

from vultus.catalog import Catalog
from vultus.errors import ServiceUnavailable
from vultus.model import moment

log = logging.getLogger(__name__)

WRITE_EVERY = 60.0  # seconds


class LastUsed:
    """Remembers when keys were used, and writes it down in a thread of its own: no request waits for the catalog.

    Used from several threads.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._moments: dict[str, int] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._writer: threading.Thread | None = None

    def note(self, key_id: str) -> None:
        """Remember that a key was used just now."""
        with self._lock:
            self._moments[key_id] = moment.now()
            if self._writer is None and not self._closing.is_set():
                told = (weakref.ref(self), self._closing)
                self._writer = threading.Thread(target=_write_now_and_then, args=told, name="last-used", daemon=True)
                self._writer.start()

    def write(self) -> None:
        """Write down what is remembered; where the database is busy or away, it is remembered on."""
        with self._lock:
            moments, self._moments = self._moments, {}
        try:
            for key_id in list(moments):  # each by itself: whoever locks several never waits for us in turn
                self._catalog.keys.use(key_id, moments[key_id])
                del moments[key_id]
        except ServiceUnavailable as error:
            log.warning("When keys were used cannot be written down for now: %s", error.message)
            with self._lock:
                self._moments = {**moments, **self._moments}

    def close(self) -> None:
        """Write down what is remembered, and end."""
        self._closing.set()
        if self._writer is not None:
            self._writer.join()
        self.write()


def _write_now_and_then(reference: "weakref.ref[LastUsed]", closing: threading.Event) -> None:
    """Write until it is closed, or nobody holds it any more."""
    while not closing.wait(WRITE_EVERY):
        last_used = reference()
        if last_used is None:
            return
        last_used.write()
        del last_used
