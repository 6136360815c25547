import base64
import hashlib
import io
import random

import pytest

from vultus.media.checksum import PIECE, Checksums, checksums_of


def bit_by_bit(data: bytes) -> int:
    """CRC-64/XZ from its definition: ECMA-182's polynomial with its bits the other way round."""
    crc = 2**64 - 1
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xC96C5795D7870F42 if crc & 1 else 0)
    return crc ^ 2**64 - 1


def test_the_checksum_is_that_of_oss():
    assert checksums_of(io.BytesIO(b"123456789")).crc64 == 0x995DC9BBDF1939FA


@pytest.mark.parametrize("size", [0, 1, 7, 8, 255, 4097])
def test_the_checksum_follows_its_definition(size):
    data = random.Random(size).randbytes(size)
    assert checksums_of(io.BytesIO(data)).crc64 == bit_by_bit(data)


def test_pieces_make_no_difference():
    data = random.Random(1).randbytes(3 * PIECE + 17)

    class Dribble(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 65_537))

    assert checksums_of(Dribble(data)) == checksums_of(io.BytesIO(data))
    assert checksums_of(io.BytesIO(data)).size == len(data)


def test_a_file_is_summed_up_from_where_it_stands():
    file = io.BytesIO(b"head123456789")
    file.seek(4)
    assert checksums_of(file) == checksums_of(io.BytesIO(b"123456789"))


def test_an_md5_is_written_as_oss_writes_it():
    sums = Checksums(3, hashlib.md5(b"abc").digest(), 0)
    assert sums.etag == '"900150983CD24FB0D6963F7D28E17F72"'
    assert base64.b64decode(sums.content_md5).hex() == "900150983cd24fb0d6963f7d28e17f72"
