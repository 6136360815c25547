"""Checksums of a file, all of them while it is read once."""

import base64
import hashlib
from dataclasses import dataclass
from typing import IO

from fastcrc import crc64

PIECE = 2**20  # bytes read at a time


@dataclass(frozen=True, slots=True)
class Checksums:
    """What is computed of a file's bytes.

    Attributes:
        size: bytes that were read.
        md5: of all of them.
        crc64: of all of them, as OSS computes it: the polynomial of ECMA-182, reflected, all bits inverted before and
            after (CRC-64/XZ; "123456789" gives 0x995DC9BBDF1939FA).
    """

    size: int
    md5: bytes
    crc64: int

    @property
    def etag(self) -> str:
        """The ETag that OSS gives an object which is uploaded whole: its MD5 in capitals, in quotes."""
        return f'"{self.md5.hex().upper()}"'

    @property
    def content_md5(self) -> str:
        """The MD5 as the header Content-MD5 has it: base64."""
        return base64.b64encode(self.md5).decode()


def checksums_of(file: IO[bytes]) -> Checksums:
    """Sum up a file from where it stands to its end.

    MD5 takes nearly all of the time: the CRC is some forty times as fast (26 against 0.7 GB a second on one core).
    """
    digest, check, size = hashlib.md5(usedforsecurity=False), 0, 0
    while piece := file.read(PIECE):
        digest.update(piece)
        check = crc64.xz(piece, check)
        size += len(piece)
    return Checksums(size, digest.digest(), check)
