"""Programs of a broadcast are counted."""

import io
import random

import pytest

from tests.media.made import broadcast
from vultus.media.videos.programs import program_count


@pytest.fixture(scope="module")
def stream() -> bytes:
    return broadcast()


def with_times(data: bytes) -> bytes:
    """As recorders of discs write it: a time before each packet."""
    return b"".join(bytes(4) + data[at : at + 188] for at in range(0, len(data), 188))


def long_table(programs: int) -> bytes:
    """A table that goes on in a second packet."""
    entries = b"".join((number + 1).to_bytes(2) + b"\xe1\x00" for number in range(programs))
    section = b"\0" + (0xB000 | 5 + len(entries) + 4).to_bytes(2) + bytes.fromhex("0001c10000") + entries + bytes(4)
    first, rest = section[:183], section[183:]
    return b"\x47\x40\0\x10\0" + first + (b"\x47\0\0\x11" + rest).ljust(188, b"\xff") + b"\x47\x1f\xff\x10" + bytes(184)


def test_programs_are_counted(stream):
    assert program_count(io.BytesIO(stream)) == 2


def test_time_stamps_between_packets_do_not_matter(stream):
    assert program_count(io.BytesIO(with_times(stream))) == 2


def test_a_table_may_go_on_in_the_next_packet():
    assert program_count(io.BytesIO(long_table(60))) == 60


@pytest.mark.parametrize("data", [b"", b"\x47" * 1000, bytes(1000), b"\x47\x40\0\x10\xff" + bytes(183) + b"\x47" * 400])
def test_what_is_no_broadcast_has_none(data):
    assert program_count(io.BytesIO(data)) == 0


def test_damage_does_not_matter(stream):
    chance = random.Random(3)
    for _ in range(200):
        data = bytearray(stream[: 188 * 6])
        for _ in range(chance.choice((1, 20, 200))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert 0 <= program_count(io.BytesIO(bytes(data))) < 300
