"""Containers: what a video or a sound says of itself."""

from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.video_facts import describe_container


@step(
    media={"video"},
    needs={"media_type"},
    gives={
        *("format_name", "format_long_name", "stream_count", "start_time", "duration", "bitrate"),
        *("produce_time", "lat_long", "title", "artist", "album"),
        *("video_width", "video_height", "video_streams", "audio_streams", "subtitles"),
    },
)
def container(subject: Subject) -> None:
    """Read through the file once, without decoding, and say what is in it. A video without pictures is a sound."""
    document, video, extent = subject.document, subject.video, subject.extent
    with video.opened() as opened:
        describe_container(document, opened, extent.orientation if extent else 1)
    if extent is None:
        document.media_type = "audio"
        return
    document.duration = extent.duration / 1000
    document.video_width, document.video_height = extent.width, extent.height
