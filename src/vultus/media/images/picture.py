"""Pictures: an image file decoded, upright, small enough to work on."""

import warnings
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from vultus.media.completeness import is_cut_short
from vultus.media.images.jpeg import decode_jpeg, reduction
from vultus.media.images.orientation import SIDEWAYS, orientation_of, upright
from vultus.media.images.raster import FORMATS, decode_raster, open_raster
from vultus.media.kind import HEAD, sniff
from vultus.media.unreadable import UnreadableMedia

__all__ = ["Picture", "UnreadableMedia", "decode_picture"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded image.

    Attributes:
        pixels: (h, w, 3) RGB, upright, perhaps reduced.
        width: of the upright image at full size, pixels.
        height: of the upright image at full size, pixels.
        orientation: EXIF orientation of the file, 1 to 8; None when it has none.
    """

    pixels: NDArray[np.uint8]
    width: int
    height: int
    orientation: int | None

    @property
    def scale(self) -> float:
        """Full-size pixels per pixel of ``pixels``."""
        return float(max(self.width, self.height) / max(self.pixels.shape[:2]))


def decode_picture(data: bytes, *, working_side: int, max_pixels: int) -> Picture:
    """Decode an image file; of an animation or a document of many pages, the first.

    Args:
        data: a JPEG, PNG, WebP, GIF, TIFF, BMP, HEIC, HEIF or AVIF file.
        working_side: pixels that the longer side of the result has at most; smaller images stay as they are.
        max_pixels: pixels of the full-size image, at most; looked at before anything is decoded.

    Raises:
        UnreadableMedia: the file is broken, cut short, too large or of another format.
    """
    content_type = sniff(data[:HEAD], "").content_type
    if content_type not in FORMATS:
        raise UnreadableMedia(
            "The file is empty." if not data else "The file is not an image of a format that is read."
        )
    name = content_type.removeprefix("image/").upper()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what decoders think of odd metadata is no news to anybody
        try:
            return _decode(data, content_type, working_side, max_pixels)
        except UnreadableMedia:
            raise
        except Exception as error:  # decoders meet whatever a stranger's file holds, and raise whatever comes of it
            raise UnreadableMedia(_reason(name, error)) from error


def _decode(data: bytes, content_type: str, working_side: int, max_pixels: int) -> Picture:
    if is_cut_short(data, content_type):
        raise EOFError
    image = open_raster(data, content_type)
    width, height = image.size
    if width * height > max_pixels:
        raise UnreadableMedia(f"The image has {width} x {height} pixels; at most {max_pixels} pixels are read.")
    if content_type == "image/png":
        image.load()  # its EXIF may follow the pixels
    turn = orientation_of(image)
    if content_type == "image/jpeg":
        pixels = _jpeg_pixels(data, image, working_side)
    else:
        pixels = decode_raster(image, working_side)
    orientation = image.info.get("original_orientation") or turn
    if content_type in ("image/tiff", "image/heic", "image/heif"):
        turn = 1  # these decoders give upright pixels and sizes
    elif turn in SIDEWAYS:
        width, height = height, width
    return Picture(upright(_fit(pixels, working_side), turn), width, height, orientation)


def _jpeg_pixels(data: bytes, image: ImageFile.ImageFile, working_side: int) -> NDArray[np.uint8]:
    width, height = image.size
    factor = reduction(max(width, height), working_side)
    if image.mode in ("L", "RGB"):
        pixels = decode_jpeg(data, width, height, factor)
        if pixels is not None:
            return pixels
        # Zeros at the end are what a broken download leaves; they must not pass for picture data.
        image = open_raster(data.rstrip(b"\0"), "image/jpeg")
    image.draft(image.mode, (max(width // factor, 1), max(height // factor, 1)))
    return decode_raster(image, working_side)


def _fit(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Pixels with their longer side at most ``side``."""
    height, width = pixels.shape[:2]
    ratio = side / max(height, width)
    if ratio >= 1:
        return pixels
    size = (max(round(width * ratio), 1), max(round(height * ratio), 1))
    # Down to a half, two neighbours cover every pixel: as good as areas, and six times as fast.
    filter_ = cv2.INTER_LINEAR if ratio > 0.5 else cv2.INTER_AREA
    return cv2.resize(pixels, size, interpolation=filter_).astype(np.uint8, copy=False)


def _reason(name: str, error: Exception) -> str:
    if isinstance(error, MemoryError):
        return f"The {name} image needs more memory than there is."
    if isinstance(error, Image.DecompressionBombError):
        return f"The {name} image has more pixels than can be decoded safely."
    text = str(error).lower()
    if isinstance(error, EOFError) or "truncated" in text or "end of file" in text:
        return f"The {name} file is cut short: its picture is not complete."
    return f"The {name} file is damaged: its picture cannot be decoded."
