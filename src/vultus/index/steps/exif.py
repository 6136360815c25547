"""EXIF and XMP: what a camera, and programs after it, write into an image."""

from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.images.exif import read_exif
from vultus.media.provenance.clock import moment_of
from vultus.media.provenance.coordinates import coordinates_of
from vultus.media.provenance.taken import written_offset


@step(media={"image"}, needs={"picture"}, gives={"exif", "produce_time", "lat_long", "timezone", "title"})
def exif(subject: Subject) -> None:
    """Read EXIF and XMP: all tags as JSON, when the photo was taken, where, and what it is called."""
    found, document = read_exif(subject.data), subject.document
    document.exif, document.lat_long, document.title = found.text, found.lat_long, found.title
    if found.taken:
        document.produce_time = moment_of(found.taken, coordinates_of(found.lat_long), subject.settings.media.timezone)
        if found.taken.offset is not None:
            document.timezone = written_offset(found.taken.offset)
