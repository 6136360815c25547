"""EXIF orientation: how a stored picture must be turned and mirrored to stand upright."""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

SIDEWAYS = frozenset({5, 6, 7, 8})  # stored rows are columns of the upright picture
LEFT_RIGHT = frozenset({2, 3, 6, 7})  # mirrored from left to right, after rows and columns changed places
TOP_BOTTOM = frozenset({3, 4, 7, 8})  # mirrored from top to bottom, likewise

#: By the signs of a display matrix: what a step to the right, and one down, add to right and down on the screen.
_BY_SIGNS = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}


def orientation_of(image: Image.Image) -> int | None:
    """EXIF orientation of an image, 1 to 8; None when there is none that can be read."""
    try:
        value: Any = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # the parser meets whatever a stranger's file holds, and raises whatever comes of it
        return None
    return value if isinstance(value, int) and 1 <= value <= 8 else None


def orientation_by_matrix(matrix: bytes) -> int:
    """The EXIF orientation that says the same as the display matrix of a video; 1 for one that turns askew.

    Args:
        matrix: nine 32-bit numbers in the byte order of this machine, as FFmpeg hands them on.
    """
    right_x, right_y, _, down_x, down_y = struct.unpack_from("=5i", matrix)
    signs = tuple((value > 0) - (value < 0) for value in (right_x, right_y, down_x, down_y))
    return _BY_SIGNS.get(signs, 1)


def upright(pixels: NDArray[np.uint8], orientation: int | None) -> NDArray[np.uint8]:
    """Turn and mirror stored pixels.

    Args:
        pixels: (h, w, 3) as stored.
        orientation: EXIF orientation, 1 to 8; None is 1.

    Returns:
        (h, w, 3), or (w, h, 3) for an orientation of 5 to 8; contiguous.

    Source: EXIF 2.32, tag 0x0112.
    """
    if orientation in SIDEWAYS:
        pixels = pixels.swapaxes(0, 1)
    if orientation in LEFT_RIGHT:
        pixels = pixels[:, ::-1]
    if orientation in TOP_BOTTOM:
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)
