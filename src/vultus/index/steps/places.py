"""Places: the address of where something was taken, and its time zone."""

from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.address import addresses_at
from vultus.media.coordinates import coordinates_of
from vultus.media.timezone import zone_at


@step(media={"image", "video"}, needs={"lat_long", "timezone"}, gives={"addresses", "timezone"})
def places(subject: Subject) -> None:
    """Tell the address in each language, and the time zone by its name, which goes before an offset from UTC."""
    place = coordinates_of(subject.document.lat_long)
    if place is None:
        return
    if addresses := addresses_at(place):
        subject.document.addresses = addresses
    if zone := zone_at(place):
        subject.document.timezone = zone
