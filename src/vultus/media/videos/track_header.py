"""Headers of the tracks of an MP4 or QuickTime file: how large each is shown, which PyAV does not tell of subtitles."""

from collections.abc import Iterator
from io import SEEK_END
from typing import IO

MOST_BOXES = 10_000  # looked at, of all levels
SIZES_OF_HEADER = {0: 84, 1: 96}  # bytes by version; behind them nothing is needed
TRACK_ID = {0: 12, 1: 20}  # where it is, by version
WHOLE = 2**16  # sizes are in parts of a pixel


def track_sizes(file: IO[bytes]) -> dict[int, tuple[int, int]]:
    """Return width and height in pixels of each track that has them, by id (ISO/IEC 14496-12, 8.3.2).

    Args:
        file: can seek; is left anywhere.
    """
    found = {}
    room = [MOST_BOXES]
    for start, end in _boxes(file, 0, file.seek(0, SEEK_END), b"moov", room):
        for inner, outer in _boxes(file, start, end, b"trak", room):
            for at, _ in _boxes(file, inner, outer, b"tkhd", room):
                file.seek(at)
                track, width, height = _read(file.read(max(SIZES_OF_HEADER.values())))
                if width and height:
                    found[track] = width, height
    return found


def _boxes(file: IO[bytes], start: int, end: int, wanted: bytes, room: list[int]) -> Iterator[tuple[int, int]]:
    """Boxes of a kind within a range, as where their contents begin and end."""
    while start + 8 <= end and room[0] > 0:
        room[0] -= 1
        file.seek(start)
        head = file.read(16)
        size, kind, inner = int.from_bytes(head[:4]), head[4:8], start + 8
        if size == 1:
            size, inner = int.from_bytes(head[8:16]), start + 16
        size = size or end - start
        if size < inner - start:
            return
        if kind == wanted:
            yield inner, min(start + size, end)
        start += size


def _read(header: bytes) -> tuple[int, int, int]:
    version = header[0] if header else 0
    if version not in SIZES_OF_HEADER or len(header) < SIZES_OF_HEADER[version]:
        return 0, 0, 0
    at, end = TRACK_ID[version], SIZES_OF_HEADER[version]
    width, height = int.from_bytes(header[end - 8 : end - 4]), int.from_bytes(header[end - 4 : end])
    return int.from_bytes(header[at : at + 4]), width // WHOLE, height // WHOLE
