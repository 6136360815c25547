"""Several server processes on one port: started, watched, started again when they die, and stopped."""

import logging
import os
import signal
import socket
import threading
import time
from contextlib import suppress
from ctypes import Array, c_long
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import RawArray

import msgspec

from vultus.api.app import create_app
from vultus.api.listener import address_of, listen
from vultus.api.logs import configure_logging
from vultus.api.observer import Observer
from vultus.api.proxies import Proxies
from vultus.api.server import GRACE, Server
from vultus.api.shares import ABSENT, Shares
from vultus.api.tally import Tally
from vultus.api.tls import load_tls
from vultus.catalog import Catalog
from vultus.config import ConfigError, Settings
from vultus.jobs.child import obey_parent, start_child
from vultus.operations.call import Service
from vultus.storage.storage import Storage

log = logging.getLogger(__name__)

WATCH = 0.5  # seconds between looks at the processes
PATIENCE = 1.0  # seconds that a process has to tell what it has done, until what it told last counts
SLACK = 5.0  # seconds after the grace of its requests that a process has to end
DELAYS = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before the next start, after so many that came to nothing


class Told(msgspec.Struct):
    """What a server process tells of itself."""

    ready: bool = False
    tally: Tally = msgspec.field(default_factory=Tally)


class ServerProcess:
    """A process that serves.

    Attributes:
        place: its number; whoever replaces it gets the same.
        told: what it said last.
    """

    def __init__(
        self, settings: dict[str, object], listener: socket.socket, counts: "Array[c_long]", place: int
    ) -> None:
        self.place = place
        self._ours, theirs = Pipe()
        self._process = start_child(_serve, settings, listener, counts, place, theirs)
        theirs.close()
        self._lock = threading.Lock()
        self._asked = False
        self._to_reload = False
        self.told = Told()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid or 0

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.exitcode

    def ask(self, patience: float = 0.0) -> Told:
        """Return what it says of itself within so many seconds, or else what it said last."""
        with self._lock, suppress(OSError, EOFError):
            self._listen(patience)  # to what it was asked before: that is no answer to what is asked now
            if not self._asked:
                self._ours.send_bytes(b"?")
                self._asked = True
            self._listen(patience)
        return self.told

    def _listen(self, patience: float) -> None:
        if self._asked and self._ours.poll(patience):
            self.told = msgspec.msgpack.decode(self._ours.recv_bytes(), type=Told)
            self._asked = False
            self._reload_if_ready()

    def reload(self) -> None:
        """Have it read its certificate again, once it has read it a first time: until then it would die of SIGHUP."""
        self._to_reload = True
        self._reload_if_ready()

    def stop(self) -> None:
        """Ask it to stop."""
        self._process.terminate()

    def _reload_if_ready(self) -> None:
        if self._to_reload and self.told.ready and self._process.is_alive():
            self._to_reload = False
            os.kill(self.pid, signal.SIGHUP)

    def end(self, until: float) -> None:
        """Wait for its end, and bring it about at that moment of the monotonic clock."""
        self._process.join(max(until - time.monotonic(), 0))
        if self._process.is_alive():
            log.warning("server process %s does not end, and is killed", self.pid)
            self._process.kill()
            self._process.join()
        self._ours.close()


class Supervisor:
    """Serves the API with several processes, which accept connections from one socket.

    A process that dies is replaced; one that dies again and again before it can answer is given time in between.

    Args:
        settings: of the processes; each opens the catalog, which is migrated, for itself.

    Raises:
        ConfigError: the address cannot be had, or the certificate cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        load_tls(settings.server)
        Proxies(settings.server.trusted_proxies)
        self._settings = msgspec.to_builtins(settings, enc_hook=str)
        self._listener = listen(settings.server.host, settings.server.port)
        self._endpoint = address_of(self._listener)
        self._stopping = threading.Event()
        self._counts = RawArray(c_long, [ABSENT] * settings.server.processes)
        self._processes: list[ServerProcess] = []
        self._gone = Tally()  # what processes did that are gone
        self._books = threading.Lock()  # so that what a process did is counted there or here, and not twice
        self._in_vain = 0  # processes, one after another, that died before they could answer
        self._next_start = 0.0
        self._served = False

    @property
    def endpoint(self) -> str:
        """Host and port, as clients want them: ``127.0.0.1:8668``."""
        return self._endpoint

    @property
    def is_ready(self) -> bool:
        """Whether requests are answered, and it has not been asked to stop."""
        return not self._stopping.is_set() and any(process.told.ready for process in self._processes)

    @property
    def pids(self) -> list[int]:
        """Process ids of the processes."""
        return [process.pid for process in self._processes]

    def tally(self) -> Tally:
        """What all processes have done so far."""
        total = Tally()
        with self._books:
            total.add(self._gone)
            processes = self._processes.copy()
        for process in processes:
            total.add(process.ask(PATIENCE).tally)
        return total

    def run(self) -> None:
        """Serve until ``stop`` is called.

        Raises:
            ConfigError: the processes die before they can answer a first request.
        """
        try:
            while not self._stopping.is_set():
                self._replace_dead()
                self._fill_up()
                self._stopping.wait(WATCH)
        finally:
            self._end()

    def stop(self) -> None:
        """Ask the processes to finish what is under way, and ``run`` to return; from any thread."""
        self._stopping.set()

    def reload(self) -> None:
        """Have the certificate read again."""
        for process in self._processes:
            process.reload()

    def _replace_dead(self) -> None:
        for process in list(self._processes):
            if process.ask().ready:
                self._served, self._in_vain = True, 0
            if process.exit_code is not None:
                log.warning("server process %s died (exit code %s)", process.pid, process.exit_code)
                with self._books:
                    self._processes.remove(process)
                    self._gone.add(_lasting(process.told.tally))
                self._counts[process.place] = ABSENT
                self._give_time(process.told.ready)

    def _give_time(self, was_ready: bool) -> None:
        if was_ready:
            return
        if not self._served:
            raise ConfigError("A server process ended before it could answer anything; the log above says why.")
        self._in_vain += 1
        self._next_start = time.monotonic() + DELAYS[min(self._in_vain, len(DELAYS) - 1)]

    def _fill_up(self) -> None:
        taken = {process.place for process in self._processes}
        for place in range(len(self._counts)):
            if place not in taken and time.monotonic() >= self._next_start:
                self._processes.append(ServerProcess(self._settings, self._listener, self._counts, place))

    def _end(self) -> None:
        self._listener.close()
        for process in self._processes:
            process.stop()
        until = time.monotonic() + GRACE + SLACK
        for process in self._processes:
            process.end(until)


def _lasting(tally: Tally) -> Tally:
    """What of a tally still holds when its process is gone."""
    tally.active = tally.connections = 0
    return tally


def _serve(
    parent: int,
    settings: dict[str, object],
    listener: socket.socket,
    counts: "Array[c_long]",
    place: int,
    told: Connection,
) -> None:
    """The main function of a server process."""
    ours = msgspec.convert(settings, Settings, dec_hook=lambda kind, value: kind(value))
    configure_logging(ours.server)
    listener.setblocking(False)
    catalog = Catalog(ours.database_url, ours.people)
    observer = Observer(ours.server.access_log)
    service = Service(ours, catalog, Storage(ours))
    server = Server(create_app(service, observer), ours.server, observer, listener, Shares(counts, place))
    signal.signal(signal.SIGHUP, lambda *_: server.reload())
    obey_parent(parent, server.stop)
    threading.Thread(target=_tell, args=(told, server), daemon=True).start()
    server.run()
    service.trail.close()
    catalog.close()


def _tell(told: Connection, server: Server) -> None:
    """Answer the parent when it asks, until it is gone."""
    with suppress(OSError, EOFError):
        while told.recv_bytes():
            told.send_bytes(msgspec.msgpack.encode(Told(server.is_ready, server.tally())))
