"""The trail: what everybody did, in files that are only ever added to."""

import logging
import os
import threading
import time
from pathlib import Path

import msgspec

from vultus.model import moment

log = logging.getLogger(__name__)

FOLDER = "trail"
DAY = 86_400  # seconds
LONGEST_ACTION = 128  # characters of an action that nobody knows
LONGEST_KEY_ID = 128  # characters of the key that somebody claims to have


class Entry(msgspec.Struct, rename="pascal", omit_defaults=True):
    """A call, and what came of it.

    Attributes:
        time: of its end.
        request_id: as the caller got it.
        action: as policies name it, ``imm:GetProject``; of a call that names none that is known, as it came.
        principal: ARN of who called; empty where nobody was known.
        access_key_id: that signed the request, or was said to.
        source: the way in: ``api``, ``console`` or ``cli``.
        source_address: of the caller; empty on this machine's command line.
        resources: ARNs.
        status: of HTTP.
        code: of the error; empty where there is none.
        milliseconds: that it took.
    """

    time: str = ""
    request_id: str = ""
    action: str = ""
    principal: str = ""
    access_key_id: str = ""
    source: str = ""
    source_address: str = ""
    resources: list[str] = []
    status: int = 200
    code: str = ""
    milliseconds: float = 0.0


_encoder = msgspec.json.Encoder()


class Trail:
    """Adds entries to a file for each day, one line of JSON each.

    Used from several threads and processes: a line is one write to a file that the system appends to.

    Args:
        home: folder of Vultus; the files are in a folder of their own in it.
    """

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER
        self._lock = threading.Lock()
        self._day = -1
        self._file = -1

    def write(self, entry: Entry) -> None:
        """Add an entry.

        One that cannot be written (a full disk, say) goes to the log, and what was asked for is done all the same.
        """
        now = time.time()
        entry.time = moment.to_wire(int(now * 1e9))
        line = _encoder.encode(entry) + b"\n"
        try:
            with self._lock:
                if int(now) // DAY != self._day:
                    self._open(int(now) // DAY)
                os.write(self._file, line)
        except OSError as error:
            log.error("The trail cannot be written (%s): %s", error.strerror, line.decode().rstrip())

    def days(self) -> list[Path]:
        """The files, oldest first."""
        return sorted(self.folder.glob("*.jsonl"))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
            self._file, self._day = -1, -1

    def _open(self, day: int) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file, self._day = -1, -1
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = time.strftime("%Y-%m-%d.jsonl", time.gmtime(day * DAY))
        self._file = os.open(self.folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._day = day


def read_day(file: Path) -> list[Entry]:
    """The entries of a file; a line that was cut off by a crash is passed over."""
    entries = []
    for line in file.read_bytes().splitlines():
        try:
            entries.append(msgspec.json.decode(line, type=Entry))
        except msgspec.DecodeError:
            log.warning("A line of %s cannot be read.", file)
    return entries
