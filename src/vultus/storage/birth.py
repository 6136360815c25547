"""When a file was made, where its file system remembers.

Python's ``os.stat`` tells on macOS and the BSDs. Linux tells through ``statx(2)``, which it has no function for yet.
"""

import ctypes
import os
import struct

AT_SYMLINK_NOFOLLOW = 0x100
STATX_BTIME = 0x800  # asks for the time of birth, and says in the answer that it is there
SIZE = 256  # bytes of struct statx
TIME = struct.Struct("qI")  # seconds, nanoseconds
BIRTH = 80  # where stx_btime lies in it

_statx = getattr(ctypes.CDLL(None), "statx", None)


def born(name: str, folder: int, status: os.stat_result) -> int | None:
    """Return when a file was made.

    Args:
        name: of the file; a link is not followed.
        folder: descriptor of the folder that holds it.
        status: what ``os.stat`` says of the file.

    Returns:
        nanoseconds since the epoch; None where nobody knows.
    """
    told: float | None = getattr(status, "st_birthtime", None)
    if told is not None:
        return int(getattr(status, "st_birthtime_ns", told * 1e9))
    if _statx is None:
        return None
    found = ctypes.create_string_buffer(SIZE)
    if _statx(folder, os.fsencode(name), AT_SYMLINK_NOFOLLOW, STATX_BTIME, found) != 0:
        return None
    (mask,) = struct.unpack_from("I", found)
    if not mask & STATX_BTIME:
        return None
    seconds, nanoseconds = TIME.unpack_from(found, BIRTH)
    return int(seconds * 1_000_000_000 + nanoseconds)
