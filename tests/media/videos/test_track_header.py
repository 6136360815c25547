"""The headers of MP4's tracks tell how large each is shown."""

import io
import random
import struct

import pytest

from tests.media.made import subtitled
from vultus.media.videos.track_header import MOST_BOXES, track_sizes


def box(kind: bytes, *contents: bytes, wide: bool = False) -> bytes:
    body = b"".join(contents)
    if wide:
        return struct.pack(">I4sQ", 1, kind, len(body) + 16) + body
    return struct.pack(">I4s", len(body) + 8, kind) + body


def header(track: int, width: int, height: int, version: int = 0) -> bytes:
    times = struct.pack(">QQIIQ", 0, 0, track, 0, 0) if version else struct.pack(">IIIII", 0, 0, track, 0, 0)
    return box(b"tkhd", bytes([version, 0, 0, 7]), times, bytes(52), struct.pack(">II", width << 16, height << 16))


def test_each_track_has_its_size():
    tracks = box(b"trak", header(1, 640, 360)), box(b"trak", box(b"edts"), header(7, 600, 30, version=1))
    file = box(b"ftyp", b"isom") + box(b"mdat", bytes(100), wide=True) + box(b"moov", box(b"mvhd"), *tracks)
    assert track_sizes(io.BytesIO(file)) == {1: (640, 360), 7: (600, 30)}


def test_what_muxers_write_is_read():
    assert track_sizes(io.BytesIO(subtitled())) == {1: (160, 90), 2: (600, 30)}


@pytest.mark.parametrize("data", [b"", b"moov", box(b"moov", box(b"trak", b"\0\0\0\x0ctkhd\0\0\0\0")), bytes(1000)])
def test_what_has_no_header_has_no_size(data):
    assert track_sizes(io.BytesIO(data)) == {}


def test_endless_boxes_are_not_followed():
    tracks = box(b"free") * MOST_BOXES + box(b"trak", header(1, 640, 360))
    assert track_sizes(io.BytesIO(box(b"moov", tracks))) == {}


def test_damage_does_not_matter():
    chance, whole = random.Random(2), subtitled()
    at = whole.index(b"moov")
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 20))):
            data[chance.randrange(at, len(data))] = chance.randrange(256)
        assert len(track_sizes(io.BytesIO(bytes(data)))) < 5
