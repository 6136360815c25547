"""EXIF orientation: how a stored picture must be turned and mirrored to stand upright."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

SIDEWAYS = frozenset({5, 6, 7, 8})  # stored rows are columns of the upright picture
LEFT_RIGHT = frozenset({2, 3, 6, 7})  # mirrored from left to right, after rows and columns changed places
TOP_BOTTOM = frozenset({3, 4, 7, 8})  # mirrored from top to bottom, likewise


def orientation_of(image: Image.Image) -> int | None:
    """EXIF orientation of an image, 1 to 8; None when there is none that can be read."""
    try:
        value: Any = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # the parser meets whatever a stranger's file holds, and raises whatever comes of it
        return None
    return value if isinstance(value, int) and 1 <= value <= 8 else None


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
