"""Coordinates: a place as the wire writes it, "30.134390,120.074997"."""

import math
from typing import Any, NamedTuple


class Coordinates(NamedTuple):
    """Degrees north and east."""

    latitude: float
    longitude: float


def coordinates_of(text: Any) -> Coordinates | None:
    """Read a LatLong; None for what is no place on Earth, and for 0,0, which receivers without a fix write."""
    latitude, comma, longitude = str(text).partition(",")
    try:
        found = Coordinates(float(latitude), float(longitude))
    except ValueError:
        return None
    if not comma or not all(map(math.isfinite, found)) or found == (0, 0):
        return None
    return found if abs(found.latitude) <= 90 and abs(found.longitude) <= 180 else None
