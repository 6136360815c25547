"""How the values of EXIF tags are written as text: as the image service of OSS writes them."""

import re
from typing import Any

from PIL.ExifTags import GPS, GPSTAGS, TAGS, Base
from PIL.TiffImagePlugin import IFDRational

LONGEST = 2000  # characters of a value; a longer one is data, not something to read
MOST = 64  # numbers of a value, likewise
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

#: Names of EXIF 2.32 where Pillow has its own.
NAMES: dict[int, str] = {
    Base.JpegIFOffset: "JPEGInterchangeFormat",
    Base.JpegIFByteCount: "JPEGInterchangeFormatLength",
    Base.ExifImageWidth: "PixelXDimension",
    Base.ExifImageHeight: "PixelYDimension",
    Base.FlashPixVersion: "FlashpixVersion",
    Base.SubsecTime: "SubSecTime",
    Base.SubsecTimeOriginal: "SubSecTimeOriginal",
    Base.SubsecTimeDigitized: "SubSecTimeDigitized",
}
#: Places in the file, and blocks in formats of their makers: nothing to read.
PASSED_OVER = frozenset(
    {
        Base.ExifOffset,
        Base.ExifInteroperabilityOffset,
        Base.GPSInfo,
        Base.MakerNote,
        Base.PrintImageMatching,
        Base.StripByteCounts,
        Base.StripOffsets,
        Base.TileByteCounts,
        Base.TileOffsets,
    }
)
COORDINATES = frozenset({GPS.GPSLatitude, GPS.GPSLongitude, GPS.GPSDestLatitude, GPS.GPSDestLongitude})
DIRECTIONS = {"N": "North", "S": "South", "E": "East", "W": "West"}
DIRECTION_TAGS = frozenset({GPS.GPSLatitudeRef, GPS.GPSLongitudeRef, GPS.GPSDestLatitudeRef, GPS.GPSDestLongitudeRef})
WINDOWS_TEXT = frozenset({Base.XPTitle, Base.XPComment, Base.XPAuthor, Base.XPKeywords, Base.XPSubject})
CHARSETS = {b"ASCII\0\0\0": "ascii", b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "iso2022_jp", bytes(8): "utf-8"}


def photo_tag(tag: int, value: Any) -> tuple[str, str] | None:
    """Name and text of a tag outside the GPS IFD; None for one that is unknown or nothing to read."""
    name = NAMES.get(tag) or TAGS.get(tag)
    if name is None or tag in PASSED_OVER:
        return None
    if tag in WINDOWS_TEXT and isinstance(value, bytes):
        value = value.decode("utf-16-le", "replace")
    if tag == Base.UserComment and isinstance(value, bytes):
        value = value[8:].decode(CHARSETS.get(value[:8], "utf-8"), "replace")
    return _named(name, value)


def gps_tag(tag: int, value: Any) -> tuple[str, str] | None:
    """Name and text of a tag of the GPS IFD; None as for ``photo_tag``."""
    name = GPSTAGS.get(tag)
    if name is None:
        return None
    if tag in COORDINATES and isinstance(value, tuple) and len(value) == 3:
        degrees, minutes, seconds = (_number(part) for part in value)
        return name, f"{degrees}deg {minutes}' {seconds}\""
    if tag in DIRECTION_TAGS and isinstance(value, str):
        value = DIRECTIONS.get(value.strip(" \0").upper(), value)
    return _named(name, value)


def _named(name: str, value: Any) -> tuple[str, str] | None:
    text = _text(value)
    return (name, text) if text and len(text) <= LONGEST else None


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, bytes):
        return _text_of_bytes(value)
    if isinstance(value, IFDRational):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple):
        parts = [_text(part) for part in value] if len(value) <= MOST else [None]
        return None if None in parts else " ".join(part for part in parts if part is not None)
    return str(value) if isinstance(value, (int, float)) else None


def _text_of_bytes(value: bytes) -> str | None:
    printable = value.rstrip(b"\0")
    if printable and all(32 <= byte < 127 for byte in printable):
        return printable.decode("ascii")
    return " ".join(map(str, value)) if 0 < len(value) <= MOST else None


def _clean(text: str) -> str:
    """Text of a tag, which cameras write in UTF-8 though it should be ASCII and is read as Latin-1."""
    try:
        text = text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    return CONTROL.sub("", text).strip()


def _number(value: Any) -> str:
    """A rational as a number of at most four decimals."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")
