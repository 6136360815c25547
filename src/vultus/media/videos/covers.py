"""Covers: pictures that go along with a song or a film."""

import base64
import binascii
from collections.abc import Iterator

import av
from av.container import InputContainer
from av.stream import Disposition

MOST_COVERS = 8  # of a file that are looked at
MOST_BYTES = 32 * 2**20  # of a cover
OLD_TAG = "coverart"  # of Ogg Vorbis, in base 64; what came after it FFmpeg reads as a stream


def covers_of(container: InputContainer) -> list[bytes]:
    """Return the image files that a container carries as covers, broken ones included.

    Args:
        container: opened, at its beginning.
    """
    covers = [*_attached(container), *_tagged(container)]
    return [cover for cover in covers if 0 < len(cover) <= MOST_BYTES][:MOST_COVERS]


def _attached(container: InputContainer) -> Iterator[bytes]:
    streams = [stream for stream in container.streams.video if stream.disposition & Disposition.attached_pic]
    wanted = {stream.index for stream in streams[:MOST_COVERS]}
    if not wanted:
        return
    try:
        for packet in container.demux(tuple(streams[:MOST_COVERS])):  # FFmpeg gives them before all else
            if packet.stream.index in wanted and packet.size:
                yield bytes(packet)
            wanted.discard(packet.stream.index)
            if not wanted:
                return
    except av.FFmpegError:
        return


def _tagged(container: InputContainer) -> Iterator[bytes]:
    for stream in container.streams.audio[:1]:
        for name, text in stream.metadata.items():
            if name.lower() == OLD_TAG and len(text) <= 2 * MOST_BYTES:
                try:
                    yield base64.b64decode(text, validate=True)
                except (binascii.Error, ValueError):
                    continue
