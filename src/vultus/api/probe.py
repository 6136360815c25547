"""A look at the catalog that never takes long, however the database is."""

import logging
import threading
from queue import Empty, Queue

from vultus.catalog import Catalog
from vultus.catalog.overview import Backlog
from vultus.errors import VultusError

log = logging.getLogger(__name__)

PATIENCE = 3.0  # seconds that a look may take


class Probe:
    """Looks at the catalog, in a thread that may be left behind.

    Args:
        catalog: to be looked at.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._looking: Queue[Backlog | None] | None = None

    def look(self) -> Backlog | None:
        """Return what there is to do; None when the database does not answer, or has other tables than this version."""
        with self._lock:
            if self._looking is None:
                self._looking = Queue()
                threading.Thread(target=self._look, args=(self._looking,), daemon=True).start()
            try:
                seen = self._looking.get(timeout=PATIENCE)
            except Empty:
                return None  # the next look waits for the same answer
            self._looking = None
            return seen

    def _look(self, told: "Queue[Backlog | None]") -> None:
        try:
            told.put(self._catalog.overview.backlog() if self._catalog.is_migrated() else None)
        except VultusError as error:
            log.warning("The catalog is out of reach: %s", error.message)
            told.put(None)
        except Exception:
            log.exception("The catalog cannot be looked at.")
            told.put(None)
