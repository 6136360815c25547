"""Dates: when something was taken that does not say so itself."""

from msgspec import UNSET

from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.provenance.clock import moment_of
from vultus.media.provenance.coordinates import coordinates_of
from vultus.media.provenance.file_name import taken_by_name


@step(
    media={"image", "video"},
    needs={"produce_time", "lat_long", "file_modified_time"},
    gives={"produce_time"},
)
def dates(subject: Subject) -> None:
    """Where neither camera nor container says when it was taken, tell by the name of the file, else by its time."""
    document = subject.document
    if document.produce_time is not UNSET:
        return
    taken = taken_by_name(subject.uri.key)
    if taken is None:
        document.produce_time = document.file_modified_time
    else:
        document.produce_time = moment_of(taken, coordinates_of(document.lat_long), subject.settings.media.timezone)
