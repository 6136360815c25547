"""When and where a picture was taken, as far as its EXIF leaves no doubt."""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import UNSET
from PIL.ExifTags import GPS, Base

from vultus.media.provenance.taken import FIRST_YEAR, WIDEST, Taken, offset_of
from vultus.model.wire import Text

__all__ = ["FIRST_YEAR", "digitized_by_clock", "lat_long", "produce_time", "taken_by_clock"]

QUARTER = timedelta(minutes=15)  # time zones are whole quarters of an hour from UTC
DRIFT = timedelta(minutes=2)  # between camera clock and satellite time, to take one for the other's local time


def produce_time(photo: Mapping[int, Any], gps: Mapping[int, Any]) -> Text:
    """Tell when a picture was taken; only a local time whose distance from UTC is known is a moment.

    The distance is written beside the time (since EXIF 2.31), or follows from the satellite time.

    Args:
        photo: the Exif IFD.
        gps: the GPS IFD.

    Returns:
        RFC 3339 time with a fraction of up to nine digits; UNSET when it cannot be told.
    """
    taken = taken_by_clock(photo, gps)
    return UNSET if taken is None or taken.offset is None else taken.written(taken.offset)


def taken_by_clock(photo: Mapping[int, Any], gps: Mapping[int, Any]) -> Taken | None:
    """Tell when a picture was taken by the camera's clock, wherever that was; see ``produce_time``."""
    local = _local_time(photo.get(Base.DateTimeOriginal))
    if local is None:
        return None
    offset = _offset(photo.get(Base.OffsetTimeOriginal))
    if offset is None:
        offset = _offset_by_satellite(local, gps)
    return Taken(local, _fraction(photo.get(Base.SubsecTimeOriginal)), offset)


def digitized_by_clock(photo: Mapping[int, Any]) -> Taken | None:
    """Tell when a picture became a file: of a scan, when it was scanned."""
    local = _local_time(photo.get(Base.DateTimeDigitized))
    if local is None:
        return None
    return Taken(local, _fraction(photo.get(Base.SubsecTimeDigitized)), _offset(photo.get(Base.OffsetTimeDigitized)))


def lat_long(gps: Mapping[int, Any]) -> Text:
    """Tell where a picture was taken.

    Returns:
        ``"30.134390,120.074997"``: degrees north and east; UNSET when it cannot be told.
    """
    if str(gps.get(GPS.GPSStatus, "A")).strip(" \0").upper() == "V":  # the receiver had lost its satellites
        return UNSET
    latitude = _degrees(gps.get(GPS.GPSLatitude), gps.get(GPS.GPSLatitudeRef), "NS", 90)
    longitude = _degrees(gps.get(GPS.GPSLongitude), gps.get(GPS.GPSLongitudeRef), "EW", 180)
    if latitude is None or longitude is None or latitude == longitude == 0:  # zeros: no fix yet
        return UNSET
    return f"{latitude:.6f},{longitude:.6f}"


def _fraction(digits: Any) -> str:
    found = re.fullmatch(r"\d+", str(digits).strip(" \0"), re.ASCII)
    return found[0] if found else ""


def _local_time(text: Any) -> datetime | None:
    try:
        local = datetime.strptime(str(text).strip(" \0"), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return local if local.year >= FIRST_YEAR else None


def _offset(text: Any) -> timedelta | None:
    return offset_of(str(text).strip(" \0"))


def _offset_by_satellite(local: datetime, gps: Mapping[int, Any]) -> timedelta | None:
    """Distance of local time from UTC, where the receiver told the time of the same minute."""
    clock = _numbers(gps.get(GPS.GPSTimeStamp))
    if len(clock) != 3 or not all(0 <= part < 61 for part in clock):
        return None
    try:
        day = datetime.strptime(str(gps.get(GPS.GPSDateStamp)).strip(" \0"), "%Y:%m:%d")
    except ValueError:
        return None
    hours, minutes, seconds = clock
    distance = local - day - timedelta(hours=hours, minutes=minutes, seconds=seconds)
    offset = round(distance / QUARTER) * QUARTER
    return offset if abs(distance - offset) <= DRIFT and abs(offset) <= WIDEST else None


def _degrees(value: Any, reference: Any, directions: str, most: int) -> float | None:
    """Signed degrees of degrees, minutes and seconds; ``directions`` are the positive and the negative one."""
    parts = _numbers(value)
    direction = reference.strip(" \0")[:1].upper() if isinstance(reference, str) else ""
    if not parts or not direction or direction not in directions:
        return None
    if not 0 <= parts[0] <= most or any(not 0 <= part <= 60 for part in parts[1:]):
        return None
    degrees: float = sum(part / 60.0**power for power, part in enumerate(parts[:3]))
    if degrees > most:
        return None
    return degrees if direction == directions[0] or not degrees else -degrees


def _numbers(value: Any) -> list[float]:
    """The finite numbers of a value; none when any of it is not one."""
    try:
        numbers = [float(part) for part in (value if isinstance(value, tuple) else (value,))]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return []
    return numbers if all(math.isfinite(number) for number in numbers) else []
