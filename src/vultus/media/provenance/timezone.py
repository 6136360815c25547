"""Time zones: which one a place is in, and how far its clocks are from UTC."""

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import tzfpy

from vultus.media.provenance.coordinates import Coordinates

AT_SEA = "Etc/"  # of the zones of the open sea, which are meridians, not places


def zone_at(place: Coordinates) -> str:
    """Return the IANA name of the time zone of a place, its coastal waters included; empty on the open sea.

    Source: the boundaries of OpenStreetMap, in tzfpy.
    """
    zone = tzfpy.get_tz(place.longitude, place.latitude)
    return "" if zone.startswith(AT_SEA) else zone


def zones_at(place: Coordinates) -> Collection[str]:
    """Return every time zone that a place is in by somebody's count: where borders are disputed there are several."""
    zones = tzfpy.get_tzs(place.longitude, place.latitude)
    return [zone for zone in zones if not zone.startswith(AT_SEA)]


def offset_in(zone: str, local: datetime) -> timedelta:
    """Return how far local time was from UTC in a zone, to the minute.

    Of an hour that clocks showed twice it is the first; of one that they passed over, as if they had not yet.

    Raises:
        ZoneInfoNotFoundError: there is no such zone.
    """
    offset = local.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()
    return timedelta(minutes=round(offset / timedelta(minutes=1)))  # local mean time of old has seconds
