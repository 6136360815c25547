"""Containers: what a video or a sound says of itself."""

from msgspec import UNSET

from vultus import model
from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.notes import NOTES, check_notes
from vultus.media.videos.programs import program_count
from vultus.media.videos.video_facts import describe_container


@step(
    media={"video", "audio"},
    needs={"media_type"},
    gives={
        *("format_name", "format_long_name", "stream_count", "program_count", "start_time", "duration", "bitrate"),
        *("produce_time", "lat_long", "title", "artist", "album", "album_artist", "composer", "performer", "language"),
        *("video_width", "video_height", "video_streams", "audio_streams", "subtitles"),
    },
)
def container(subject: Subject) -> None:
    """Read through the file once, without decoding, and say what is in it. Notes have no streams."""
    document = subject.document
    if document.content_type == NOTES:
        check_notes(subject.file)
        document.stream_count = 0
        return
    video, extent = subject.video, subject.extent
    measured = extent.duration if extent else video.length()
    with video.opened() as opened:
        describe_container(document, opened, extent.orientation if extent else 1)
        said = video.says(opened, measured)
    if said is None:
        _correct(document, measured / 1000)
    document.program_count = program_count(subject.file) if document.format_name == "mpegts" else 0
    if extent:
        document.video_width, document.video_height = extent.width, extent.height


def _correct(document: model.File, seconds: float) -> None:
    """Write down how long it is where the container does not know it, or estimates it by the size of the file."""
    document.duration = seconds
    for stream in document.audio_streams or []:
        if stream.duration is not UNSET and stream.duration > seconds:
            stream.duration = seconds
