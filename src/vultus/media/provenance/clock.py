"""Clocks: the moment at which a camera's clock showed a time."""

from vultus.media.provenance.coordinates import Coordinates
from vultus.media.provenance.taken import Taken
from vultus.media.provenance.timezone import offset_in, zone_at


def moment_of(taken: Taken, place: Coordinates | None, zone: str) -> str:
    """Return the moment as RFC 3339.

    Args:
        taken: what the clock showed, and how far it was from UTC where that is known.
        place: where the clock was; its time zone counts where the distance is not known.
        zone: IANA name of the time zone that counts where neither is known.
    """
    if taken.offset is not None:
        return taken.written(taken.offset)
    return taken.written(offset_in((zone_at(place) if place else "") or zone, taken.local))
