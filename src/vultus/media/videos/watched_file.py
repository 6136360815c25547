"""A file that FFmpeg reads only as long as there is time: some demuxers read on and on without giving a packet."""

from collections.abc import Callable
from io import SEEK_END, SEEK_SET
from typing import IO

from vultus.media.completeness import is_riff_cut_short

NOWHERE = -1  # where FFmpeg is told that it cannot go


class WatchedFile:
    """A file as PyAV takes it, whose time runs out."""

    def __init__(self, file: IO[bytes], check: Callable[[], None]) -> None:
        """Take a file that can seek, and what raises once there is no more time."""
        self._file = file
        self._check = check
        self.tell = file.tell

    def read(self, size: int) -> bytes:
        """Return so many bytes, or what is left."""
        self._check()
        return self._file.read(size)

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a place, and return where that is; damaged files lead to places before the beginning."""
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError):
            return NOWHERE

    def is_riff_cut_short(self) -> bool:
        """Whether a file that says how long it is does not go on to there."""
        size = self.seek(0, SEEK_END)
        self.seek(0)
        return is_riff_cut_short(self._file.read(8), size)
