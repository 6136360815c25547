"""What the container of a video or a sound says of it, in IMM's words."""

from fractions import Fraction

from av import time_base
from av.container import InputContainer
from msgspec import UNSET

from vultus import model
from vultus.media.videos.streams import audio_streams, count, length, seconds, subtitle_streams, video_streams
from vultus.media.videos.tags import describe_tags, lyrics_of, tags_of
from vultus.media.videos.video import pictures_of


def describe_container(document: model.File, container: InputContainer, orientation: int) -> None:
    """Fill in what a container says of itself.

    Args:
        document: gets it.
        container: opened.
        orientation: how its frames are to be turned, as EXIF numbers it; its streams are described as they are stored.
    """
    streams, tags, pictures = container.streams, tags_of(container), pictures_of(container)
    format_ = container.format.input  # type: ignore[attr-defined]  # else the muxer of that name; the stub forgets it
    document.format_name, document.format_long_name = format_.name, format_.long_name
    document.stream_count = len(streams)
    document.start_time = seconds(container.start_time, Fraction(1, time_base))
    document.duration = length(container.duration, Fraction(1, time_base))
    document.bitrate = count(container.bit_rate)
    shown = pictures.index if pictures else -1
    document.video_streams = video_streams(streams.video, shown, orientation) or UNSET
    document.audio_streams = audio_streams(streams.audio) or UNSET
    document.subtitles = subtitle_streams(streams.subtitles) or UNSET
    describe_tags(document, tags)
    for sound in (document.audio_streams or [])[:1]:
        sound.lyric = lyrics_of(tags)
        document.language = document.language or sound.language
