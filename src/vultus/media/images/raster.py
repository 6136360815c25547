"""Every image format that is read, through Pillow: to 8-bit RGB, alpha flattened on white."""

import io

import numpy as np
import pi_heif
from numpy.typing import NDArray
from pi_heif.as_plugin import HeifImageFile
from PIL import AvifImagePlugin, Image, ImageCms, ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

# A worker is one process on one core; the decoders would start a thread for each core instead.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
pi_heif.options.DECODE_THREADS = 1

#: Opened by class, not by Image.open: no guessing, and the limit on pixels is ours, not Pillow's for the process.
FORMATS: dict[str, type[ImageFile.ImageFile]] = {
    "image/avif": AvifImageFile,
    "image/bmp": BmpImageFile,
    "image/gif": GifImageFile,
    "image/heic": HeifImageFile,
    "image/heif": HeifImageFile,
    "image/jpeg": JpegImageFile,
    "image/png": PngImageFile,
    "image/tiff": TiffImageFile,
    "image/webp": WebPImageFile,
}


def open_raster(data: bytes, content_type: str) -> ImageFile.ImageFile:
    """Read the header of an image; ``content_type`` is a key of ``FORMATS``.

    Raises:
        Exception: whatever the decoder meets in a broken file.
    """
    return FORMATS[content_type](io.BytesIO(data))


def decode_raster(image: Image.Image, side: int) -> NDArray[np.uint8]:
    """Decode an image to RGB.

    Args:
        image: an opened image; the first frame or page is read.
        side: longer side in pixels below which the result need not be reduced.

    Returns:
        (h, w, 3) RGB; reduced by a whole factor while the longer side is at least ``side``.

    Raises:
        Exception: whatever the decoder meets in a broken file.
    """
    image.load()
    image = _eight_bit(image)
    factor = max(image.size) // side
    if factor > 1:
        image = image.reduce(factor)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return np.asarray(image.convert("RGB"))


def _eight_bit(image: Image.Image) -> Image.Image:
    """The same picture in a mode that can be reduced: L, LA, RGB or RGBA."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        return _stretched(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode == "CMYK":
        return _from_ink(image)
    if image.mode == "LAB":
        return _convert(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _stretched(image: Image.Image) -> Image.Image:
    """32-bit samples have no agreed white: what the picture uses is stretched from black to white."""
    values = np.nan_to_num(np.asarray(image, np.float64))
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / ((high - low) or 1))).astype(np.uint8))


def _from_ink(image: Image.Image) -> Image.Image:
    """CMYK by its own profile where it has one; plain arithmetic makes glaring colours of most."""
    profile = image.info.get("icc_profile")
    if profile:
        try:
            return _convert(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)))
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile of another colour space, or broken
    return image.convert("RGB")


def _convert(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    assert converted is not None  # None only when converted in place
    return converted
