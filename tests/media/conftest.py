"""Pictures made for the tests, and how they come out."""

import io
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from vultus.media.images.picture import Picture, UnreadableMedia, decode_picture

SENTENCE = re.compile(r"[A-Z][^\n<>\[\]{}]{10,120}\.")
JARGON = re.compile(r"0x[0-9a-f]|\bpil\b|pillow|opencv|\blib|error|exception|traceback|bytesio", re.IGNORECASE)


@pytest.fixture(scope="session")
def scene() -> NDArray[np.uint8]:
    """A picture of 60 by 40 pixels whose corners differ: red, green, blue and white, smoothly joined."""
    corners = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], np.uint8)
    return np.asarray(Image.fromarray(corners).resize((60, 40), Image.Resampling.BILINEAR))


@pytest.fixture(scope="session")
def encode() -> Callable[..., bytes]:
    """Encode an image in a format, with the options of Pillow's encoder."""

    def encode(image: Image.Image | NDArray[np.uint8], kind: str, **options: Any) -> bytes:
        buffer = io.BytesIO()
        whole = image if isinstance(image, Image.Image) else Image.fromarray(image)
        whole.save(buffer, kind, **options)
        return buffer.getvalue()

    return encode


@pytest.fixture(scope="session")
def png() -> Callable[..., bytes]:
    """Write a PNG chunk by chunk, so that it can lie."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def png(
        width: int, height: int, *, depth: int = 8, colours: int = 2, rows: bytes = b"", text: bytes | None = None
    ) -> bytes:
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0))
        comment = b"" if text is None else chunk(b"zTXt", b"Comment\0\0" + zlib.compress(text))
        return b"\x89PNG\r\n\x1a\n" + header + comment + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")

    return png


@pytest.fixture(scope="session")
def decode() -> Callable[..., Picture]:
    """Decode within generous limits."""

    def decode(data: bytes, working_side: int = 1024, max_pixels: int = 10**8) -> Picture:
        return decode_picture(data, working_side=working_side, max_pixels=max_pixels)

    return decode


@pytest.fixture(scope="session")
def outcome(decode) -> Callable[..., Picture | str]:
    """The picture in a file, or the reason why there is none, which is always a sentence fit for the caller."""

    def outcome(data: bytes, **limits: int) -> Picture | str:
        try:
            return decode(data, **limits)
        except UnreadableMedia as refused:
            reason = refused.message
        assert SENTENCE.fullmatch(reason)
        assert not JARGON.search(reason)
        return reason

    return outcome


@pytest.fixture(scope="session")
def reason(outcome) -> Callable[..., str]:
    """The reason why there is no picture in a file."""

    def reason(data: bytes, **limits: int) -> str:
        found = outcome(data, **limits)
        assert isinstance(found, str)
        return found

    return reason


@pytest.fixture(scope="session")
def difference() -> Callable[..., float]:
    """Mean difference of two pictures of one size, 0 to 255."""

    def difference(pixels: NDArray[np.uint8], expected: NDArray[np.uint8]) -> float:
        assert pixels.shape == expected.shape
        return float(np.abs(pixels.astype(int) - expected.astype(int)).mean())

    return difference
