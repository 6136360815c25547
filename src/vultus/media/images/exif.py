"""EXIF: what a camera wrote beside the pixels; and of the XMP beside it what it adds."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET
from PIL import Image
from PIL.ExifTags import IFD, Base

from vultus.media.images.exif_value import gps_tag, photo_tag
from vultus.media.images.orientation import orientation_of
from vultus.media.images.raster import FORMATS, open_raster
from vultus.media.images.xmp import lat_long_by_xmp, made_by_xmp, read_xmp, taken_by_xmp, title_by_xmp
from vultus.media.kind import HEAD, sniff
from vultus.media.provenance.capture import digitized_by_clock, lat_long, produce_time, taken_by_clock
from vultus.media.provenance.taken import Taken, surest
from vultus.media.wording import line_of
from vultus.model.wire import Text, Whole

T = TypeVar("T")
D = TypeVar("D")
LONGEST_TITLE = 1000  # letters
PARTS = (IFD.Exif, IFD.GPSInfo, IFD.IFD1)  # what the first directory points to; the last describes the thumbnail


@dataclass(frozen=True, slots=True)
class Exif:
    """What the EXIF of a file says; UNSET for what it does not say, or not for certain.

    Attributes:
        text: JSON as IMM shapes it, ``{"DateTime": {"value": "2020:08:19 17:11:11"}}``.
        orientation: 1 to 8.
        produce_time: RFC 3339, when the picture was taken.
        lat_long: ``"30.134390,120.074997"``, degrees north and east; of EXIF, or of XMP where EXIF has none.
        title: what the picture is called.
        taken: when it was taken, by the camera's clock, wherever that was; None where neither EXIF nor XMP tells.
    """

    text: Text = UNSET
    orientation: Whole = UNSET
    produce_time: Text = UNSET
    lat_long: Text = UNSET
    title: Text = UNSET
    taken: Taken | None = None


def read_exif(data: bytes) -> Exif:
    """Read the EXIF of an image file; of a broken one as much as can be read, and nothing of another file."""
    content_type = sniff(data[:HEAD], "").content_type
    if content_type not in FORMATS or (content_type == "image/png" and not _holds_exif(data)):
        return Exif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the parser thinks of odd metadata is no news to anybody
        image = _attempt(partial(open_raster, data, content_type), None)
        return Exif() if image is None else _read(image)


def _holds_exif(png: bytes) -> bool:
    """Whether a PNG may hold EXIF or XMP; only then is it worth decoding, since the chunk may follow the pixels."""
    return b"eXIf" in png or b"Raw profile type" in png or b"XML:com.adobe.xmp" in png


def _read(image: Image.Image) -> Exif:
    root: Image.Exif | None = _attempt(image.getexif, None)
    written: dict[str, str] = _attempt(partial(_xmp, image), {})
    if not root and not written:
        return Exif()
    root = root or Image.Exif()
    first = _values(root)
    photo, gps, thumbnail = (_values(_attempt(partial(root.get_ifd, ifd), {})) for ifd in PARTS)
    orientation = image.info.get("original_orientation") or orientation_of(image)
    if orientation:
        first[Base.Orientation] = orientation  # some decoders turn the pixels, and set it to 1
    entries = {
        **_entries(photo_tag, thumbnail),
        **_entries(gps_tag, gps),
        **_entries(photo_tag, photo),
        **_entries(photo_tag, first),
    }
    said = (
        _attempt(partial(taken_by_clock, photo, gps), None),
        *taken_by_xmp(written),
        _attempt(partial(digitized_by_clock, photo), None),
        made_by_xmp(written),
    )
    return Exif(
        text=msgspec.json.encode(entries, order="sorted").decode() if entries else UNSET,
        orientation=orientation or UNSET,
        produce_time=_attempt(partial(produce_time, photo, gps), None) or UNSET,
        lat_long=_attempt(partial(lat_long, gps), None) or lat_long_by_xmp(written),
        title=line_of(title_by_xmp(written) or entries.get("XPTitle", {}).get("value", ""), LONGEST_TITLE) or UNSET,
        taken=surest([taken for taken in said if taken]),
    )


def _xmp(image: Image.Image) -> dict[str, str]:
    packet = image.info.get("xmp", b"")
    if image.format == "PNG":
        packet = image.info.get("XML:com.adobe.xmp", packet)
    return read_xmp(packet.encode() if isinstance(packet, str) else packet)


def _values(ifd: Mapping[int, Any]) -> dict[int, Any]:
    """The tags of a directory whose values can be read."""
    values = ((tag, _attempt(partial(ifd.__getitem__, tag), None)) for tag in list(ifd))
    return {tag: value for tag, value in values if value is not None}


def _entries(name: Callable[[int, Any], tuple[str, str] | None], ifd: Mapping[int, Any]) -> dict[str, dict[str, str]]:
    named = (_attempt(partial(name, tag, value), None) for tag, value in ifd.items())
    return {entry[0]: {"value": entry[1]} for entry in named if entry}


def _attempt(read: Callable[[], T], otherwise: D) -> T | D:
    """What reading gives; a stranger's file may hold anything, and the parser raises whatever comes of it."""
    try:
        return read()
    except Exception:
        return otherwise
