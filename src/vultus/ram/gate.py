"""What all server processes have to know of each other's requests."""

from vultus.catalog import Catalog
from vultus.config import Settings
from vultus.ram.buckets import Buckets
from vultus.ram.gate_file import GateFile
from vultus.ram.nonces import Nonces

FILE = "gate.db"  # in the home of Vultus


class Gate:
    """The nonces that were seen, and what each bucket holds.

    With a catalog in SQLite, where all servers share a home, they are in a file there; with one in PostgreSQL, which
    servers on several machines may share, they are beside the catalog.

    Attributes:
        nonces: of signed requests.
        buckets: of what is limited.
    """

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._file = GateFile(settings.home / FILE) if catalog.on_sqlite else None
        self.nonces = Nonces(self._file or catalog.nonces)
        self.buckets = Buckets(self._file or catalog.buckets)

    def open(self) -> None:
        """See that the file can be used, where there is one.

        Raises:
            ServiceUnavailable: it cannot.
        """
        if self._file is not None:
            self._file.open()

    def close(self) -> None:
        """Close the file; the next use opens it anew."""
        if self._file is not None:
            self._file.close()
