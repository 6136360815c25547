"""What the container of a video says of it, in IMM's words."""

import math
import re
from datetime import UTC, datetime
from fractions import Fraction

from av import time_base
from av.audio.stream import AudioStream
from av.codec.context import CodecContext
from av.container import InputContainer
from av.stream import Stream
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream
from msgspec import UNSET

from vultus import model
from vultus.media.capture import FIRST_YEAR
from vultus.model.wire import Real, Text

PLACE = re.compile(r"([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)")  # of ISO 6709, in degrees
PLACES = ("com.apple.quicktime.location.ISO6709", "location")
MADE = ("com.apple.quicktime.creationdate", "creation_time")  # the first has the time zone


def describe_container(document: model.File, container: InputContainer, orientation: int) -> None:
    """Fill in what a container says of itself.

    Args:
        document: gets it.
        container: opened.
        orientation: how its frames are to be turned, as EXIF numbers it; its streams are described as they are stored.
    """
    tags = {name.lower(): text for name, text in container.metadata.items()}
    streams = container.streams
    document.format_name = container.format.name
    document.format_long_name = container.format.long_name
    document.stream_count = len(streams)
    document.start_time = _seconds(container.start_time, Fraction(1, time_base))
    document.duration = _seconds(container.duration, Fraction(1, time_base))
    document.bitrate = container.bit_rate or UNSET
    document.produce_time = next((made for name in MADE if (made := _moment(tags.get(name.lower(), "")))), UNSET)
    document.lat_long = next((place for name in PLACES if (place := _place(tags.get(name.lower(), "")))), UNSET)
    document.title = tags.get("title") or UNSET
    document.artist = tags.get("artist") or UNSET
    document.album = tags.get("album") or UNSET
    document.video_streams = [_video(stream, orientation) for stream in streams.video] or UNSET
    document.audio_streams = [_audio(stream) for stream in streams.audio] or UNSET
    document.subtitles = [_subtitle(stream) for stream in streams.subtitles] or UNSET


def _video(stream: VideoStream, orientation: int) -> model.VideoStream:
    context = stream.codec_context
    if context is None:
        return model.VideoStream(index=stream.index)
    turned = {3: "180", 4: "180", 5: "90", 6: "90", 7: "270", 8: "270"}.get(orientation)
    return model.VideoStream(
        index=stream.index,
        language=_language(stream),
        codec_name=context.name,
        codec_long_name=context.codec.long_name,
        profile=context.profile or UNSET,
        codec_tag_string=_tag(context),
        width=context.width,
        height=context.height,
        has_b_frames=int(context.has_b_frames),
        sample_aspect_ratio=_ratio(stream.sample_aspect_ratio, ":"),
        display_aspect_ratio=_ratio(stream.display_aspect_ratio, ":"),
        pixel_format=context.pix_fmt or UNSET,
        level=context.level,
        frame_rate=_ratio(stream.base_rate, "/"),
        average_frame_rate=_ratio(stream.average_rate, "/"),
        time_base=_ratio(stream.time_base, "/"),
        start_time=_seconds(stream.start_time, stream.time_base),
        duration=_seconds(stream.duration, stream.time_base),
        bitrate=context.bit_rate or UNSET,
        frame_count=stream.frames or UNSET,
        rotate=turned or UNSET,
    )


def _audio(stream: AudioStream) -> model.AudioStream:
    context = stream.codec_context
    if context is None:
        return model.AudioStream(index=stream.index)
    return model.AudioStream(
        index=stream.index,
        language=_language(stream),
        codec_name=context.name,
        codec_long_name=context.codec.long_name,
        codec_tag_string=_tag(context),
        time_base=_ratio(stream.time_base, "/"),
        start_time=_seconds(stream.start_time, stream.time_base),
        duration=_seconds(stream.duration, stream.time_base),
        bitrate=context.bit_rate or UNSET,
        frame_count=stream.frames or UNSET,
        sample_format=context.format.name if context.format else UNSET,
        sample_rate=context.sample_rate,
        channels=context.channels,
        channel_layout=context.layout.name,
    )


def _subtitle(stream: SubtitleStream) -> model.SubtitleStream:
    context = stream.codec_context
    if context is None:
        return model.SubtitleStream(index=stream.index)
    return model.SubtitleStream(
        index=stream.index,
        language=_language(stream),
        codec_name=context.name,
        codec_long_name=context.codec.long_name,
        codec_tag_string=_tag(context),
        start_time=_seconds(stream.start_time, stream.time_base),
        duration=_seconds(stream.duration, stream.time_base),
    )


def _seconds(ticks: int | None, base: Fraction | None) -> Real:
    if ticks is None or base is None:
        return UNSET
    seconds = float(ticks * base)
    return round(seconds, 6) if math.isfinite(seconds) else UNSET


def _ratio(value: Fraction | None, sign: str) -> Text:
    return f"{value.numerator}{sign}{value.denominator}" if value else UNSET


def _language(stream: Stream) -> Text:
    language = stream.language
    return language if language and language != "und" else UNSET


def _tag(context: CodecContext) -> Text:
    try:
        tag = context.codec_tag
    except UnicodeDecodeError:  # a number, as AVI has it, that is no four letters
        return UNSET
    return tag if tag.isprintable() and tag.strip() else UNSET


def _moment(text: str) -> str:
    """RFC 3339 of a time that says how far it is from UTC; empty for none, and for a clock that was not set."""
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        return ""
    if made.tzinfo is None or made.year < FIRST_YEAR or made == UNSET_CLOCK:
        return ""
    return made.isoformat(timespec="seconds").replace("+00:00", "Z")


def _place(text: str) -> str:
    match = PLACE.match(text)
    if match is None:
        return ""
    latitude, longitude = float(match[1]), float(match[2])
    known = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude or longitude)  # zeros: no fix yet
    return f"{latitude:.6f},{longitude:.6f}" if known else ""


UNSET_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)
