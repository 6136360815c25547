"""Places: the address of where something was taken, and its time zone."""

from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.provenance.address import addresses_at
from vultus.media.provenance.coordinates import coordinates_of
from vultus.media.provenance.timezone import zone_at

NO_TRAVEL = "-"  # what IMM writes where a file is in no cluster of places and times


@step(media={"image", "video"}, needs={"lat_long", "timezone"}, gives={"addresses", "timezone", "travel_cluster_id"})
def places(subject: Subject) -> None:
    """Tell the address in each language, and the time zone by its name, which goes before an offset from UTC."""
    subject.document.travel_cluster_id = NO_TRAVEL
    place = coordinates_of(subject.document.lat_long)
    if place is None:
        return
    if addresses := addresses_at(place):
        subject.document.addresses = addresses
    if zone := zone_at(place):
        subject.document.timezone = zone
