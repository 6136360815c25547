"""A viewer: a process that looks at pictures for callers who wait, one at a time.

Decoders and networks are native code, which a hostile file may bring down: it brings down the viewer, and nothing else.
What comes back from it is read as plain data, for whoever took over a decoder could write it.

It is a program of its own, ``python -m vultus.jobs.viewer FD PID``, since the processes of ``vultus serve`` are daemons
in multiprocessing's sense, which may have no children by it.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import msgspec

from vultus.catalog import IndexedFace
from vultus.config import ConfigError, Settings
from vultus.errors import (
    InvalidArgument,
    LimitExceeded,
    PermissionDenied,
    ServerBusy,
    ServiceUnavailable,
    VultusError,
)
from vultus.jobs.child import obey_parent
from vultus.jobs.guard import glutted
from vultus.jobs.pool import LOG, WATCH
from vultus.storage.uri import ObjectURI

log = logging.getLogger(__name__)

IDLE = 300.0  # seconds without a picture, after which a viewer goes and gives back its memory
LARGEST = 2**26  # bytes of an answer; a face has some 1,500
STARTS = 3  # of one that goes without a word, until its caller is told to come again
DYING = 5.0  # seconds that a process has to end by itself when its channel is closed

#: What may be wrong with what a viewer was asked to look at, by code.
_ERRORS: dict[str, type[VultusError]] = {
    each.code: each for each in (InvalidArgument, PermissionDenied, ServiceUnavailable, ConfigError)
}


class Seen(msgspec.Struct):
    """What a viewer answers: to its start, nothing or an error; then to each picture its faces or an error."""

    faces: list[IndexedFace] = []
    code: str = ""
    message: str = ""


class Viewer:
    """The process, seen from the one that starts it when there is something to look at. For one thread at a time.

    Args:
        settings: what it works with.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Connection | None = None
        self._ready = False

    @property
    def pid(self) -> int | None:
        """Its process id; None where there is no process."""
        return self._process.pid if self._process else None

    def faces(self, uri: ObjectURI, until: float) -> list[IndexedFace]:
        """Return the faces of a picture, the largest first.

        Args:
            uri: of the picture.
            until: moment of the monotonic clock at which it is given up, and the process with it.

        Raises:
            InvalidArgument: there is no picture, it cannot be read, or it brought the process down.
            LimitExceeded: it takes too long, or too much memory; the process is ended.
            ServerBusy: the process is not ready in time, or was ended by somebody.
            VultusError: storage or models are out of reach, or the process fails.
        """
        for _ in range(STARTS):
            try:
                return self._faces(uri, until)
            except (EOFError, OSError):
                was_ready, code = self._ready, self.end()
                if code in (-signal.SIGKILL, -signal.SIGTERM):
                    raise ServerBusy from None
                if code and not was_ready:
                    raise VultusError(f"A viewer died before it had a picture (exit code {code}); see {LOG}.") from None
                if code:
                    log.warning("a viewer died of a picture (exit code %s)", code)
                    raise InvalidArgument("The file cannot be read: its decoder breaks down.") from None
        raise ServerBusy  # each time it went because nobody had asked it for anything, or was told to

    def end(self) -> int:
        """Wait for the end of the process, if there is one, or bring it about; return its exit code."""
        process, channel = self._process, self._channel
        self._process, self._channel, self._ready = None, None, False
        if process is None or channel is None:
            return 0
        channel.close()
        with suppress(subprocess.TimeoutExpired):
            return process.wait(DYING)
        process.kill()
        return process.wait()

    def kill(self) -> None:
        """Break off what it is at; from any thread."""
        process = self._process
        if process is not None:
            process.kill()

    def _faces(self, uri: ObjectURI, until: float) -> list[IndexedFace]:
        channel = self._channel or self._start()
        if not self._ready:
            self._get_ready(channel, until)
        channel.send_bytes(str(uri).encode())
        while not channel.poll(min(max(until - time.monotonic(), 0), WATCH)):
            if breach := self._breach(until):
                log.warning("viewer %s was ended: %s", self.pid, breach)
                self.kill()
                self.end()
                raise LimitExceeded(breach)
        return self._answer(channel).faces

    def _breach(self, until: float) -> str:
        """Say how the picture that is being looked at oversteps the limits; empty where it does not."""
        if time.monotonic() >= until:
            return "The file takes longer to be read and looked at than server.viewing_seconds allows."
        return glutted(self.pid or 0, self._settings.media)

    def _get_ready(self, channel: Connection, until: float) -> None:
        """Wait until it has loaded its models; who cannot wait so long leaves it at that."""
        if not channel.poll(max(until - time.monotonic(), 0)):
            raise ServerBusy
        try:
            self._answer(channel)
        except VultusError:
            self.end()
            raise
        self._ready = True

    def _answer(self, channel: Connection) -> Seen:
        """Return what it answers, or raise the error that it tells of."""
        try:
            seen = msgspec.msgpack.decode(channel.recv_bytes(LARGEST), type=Seen)
        except msgspec.MsgspecError as error:  # it is no longer what we have started
            self.kill()
            self.end()
            raise VultusError(f"A viewer answered nonsense: {error}") from error
        if seen.code:
            raise _ERRORS.get(seen.code, VultusError)(seen.message)
        return seen

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        log_file = os.open(self._settings.home / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log_file,
                stderr=log_file,  # what decoders of damaged files say is not for the terminal
                start_new_session=True,  # Ctrl-C is for us, who then end it
            )
        finally:
            theirs.close()
            os.close(log_file)
        self._channel = ours
        ours.send_bytes(msgspec.msgpack.encode(self._settings, enc_hook=str))
        return ours


def main(channel: int, parent: int) -> None:
    """Look at pictures until nobody is there any more, or nobody has asked for long."""
    obey_parent(parent, lambda: os._exit(0))  # there is nothing to finish: whoever waited is gone, or told
    logging.basicConfig(format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    from vultus.index.onlooker import Onlooker  # heavy: the networks, only wanted here
    from vultus.storage.storage import Storage
    from vultus.vision.analyser import FaceAnalyser
    from vultus.vision.models.store import ModelStore

    with Connection(channel) as ours, suppress(EOFError, ConnectionError):
        settings = msgspec.msgpack.decode(ours.recv_bytes(), type=Settings, dec_hook=lambda kind, value: kind(value))
        try:
            onlooker = Onlooker(settings.media, Storage(settings), FaceAnalyser(ModelStore(settings), settings.faces))
        except Exception as error:
            ours.send_bytes(_sealed(_told(error)))
            return
        ours.send_bytes(_sealed(Seen()))
        while ours.poll(IDLE):
            uri = ObjectURI.parse(ours.recv_bytes().decode())
            try:
                seen = Seen(faces=onlooker.faces(uri))
            except Exception as error:
                seen = _told(error)
            ours.send_bytes(_sealed(seen))


def _sealed(seen: Seen) -> bytes:
    return msgspec.msgpack.encode(seen)


def _told(error: Exception) -> Seen:
    """What is answered of an error."""
    if isinstance(error, VultusError) and error.code in _ERRORS:
        return Seen(code=error.code, message=error.message)
    log.error("a picture could not be looked at", exc_info=error)
    return Seen(code=VultusError.code, message="A viewer failed; workers.log in the home of Vultus says how.")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
