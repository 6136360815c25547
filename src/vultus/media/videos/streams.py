"""Streams of a video or a sound, as their container describes them, in ffprobe's words where there are such."""

import math
import re
from collections.abc import Iterable
from fractions import Fraction

from av.audio.stream import AudioStream
from av.codec.context import CodecContext
from av.stream import Stream
from av.subtitles.stream import SubtitleStream
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream
from msgspec import UNSET

from vultus import model
from vultus.media.language import language_tag
from vultus.media.videos.codec_name import codec_long_name, codec_name, codec_tag, ticks_per_frame
from vultus.media.videos.colour import PRIMARIES, RANGES, SPACES, TRANSFERS, colour_name
from vultus.model.wire import Real, Text, Whole

MOST_STREAMS = 100  # of a kind that are described; StreamCount counts them all
LARGEST = 2**63 - 1  # of whole numbers that clients read
FINEST = 2**20  # denominator of a ratio, as FFmpeg bounds it
UNKNOWN_LEVEL = -99  # FF_LEVEL_UNKNOWN
UNORDERED = re.compile(r"\d+ channels")  # as FFmpeg calls channels of which nothing says where they are
CLOCK = re.compile(r"(\d{1,4}):(\d\d):(\d\d(?:\.\d+)?)")  # Matroska's tag for how long a stream is
TURNS = {3: "180", 4: "180", 5: "90", 6: "90", 7: "270", 8: "270"}  # degrees clockwise, by EXIF's orientation


def video_streams(streams: Iterable[VideoStream], pictures: int, orientation: int) -> list[model.VideoStream]:
    """Describe streams of pictures, as they are stored; covers are such streams, too.

    Args:
        streams: of one container.
        pictures: index of the one that is shown.
        orientation: how its frames are to be turned, as EXIF numbers it.
    """
    return [
        _video(stream, TURNS.get(orientation) if stream.index == pictures else None)
        for stream in list(streams)[:MOST_STREAMS]
    ]


def audio_streams(streams: Iterable[AudioStream]) -> list[model.AudioStream]:
    """Describe streams of sound."""
    return [_audio(stream) for stream in list(streams)[:MOST_STREAMS]]


def subtitle_streams(streams: Iterable[SubtitleStream]) -> list[model.SubtitleStream]:
    """Describe subtitles."""
    return [_subtitle(stream) for stream in list(streams)[:MOST_STREAMS]]


def seconds(ticks: int | None, base: Fraction | None) -> Real:
    """Return a time in seconds; UNSET where it is not known."""
    if ticks is None or base is None:
        return UNSET
    exact = float(ticks * base)
    return round(exact, 6) if math.isfinite(exact) else UNSET


def length(ticks: int | None, base: Fraction | None) -> Real:
    """Return how long something lasts, in seconds; UNSET where that is not known, or less than nothing."""
    return UNSET if ticks is None or ticks < 0 else seconds(ticks, base)


def count(number: int | None) -> Whole:
    """Return a number that is more than nothing; UNSET where it is not known."""
    return number if number and 0 < number <= LARGEST else UNSET


def _video(stream: VideoStream, turn: str | None) -> model.VideoStream:
    context = stream.codec_context
    if context is None:
        return model.VideoStream(index=stream.index)
    number, letters = codec_tag(context)
    return model.VideoStream(
        index=stream.index,
        language=_language(stream),
        codec_name=codec_name(context),
        codec_long_name=codec_long_name(context),
        profile=context.profile or UNSET,
        codec_time_base=_codec_time_base(stream, context),
        codec_tag_string=letters,
        codec_tag=number,
        width=context.width,
        height=context.height,
        has_b_frames=context.reorder_depth,
        sample_aspect_ratio=_ratio(stream.sample_aspect_ratio, ":"),
        display_aspect_ratio=_ratio(_displayed(context, stream.sample_aspect_ratio), ":"),
        pixel_format=context.pix_fmt or UNSET,
        level=UNSET if context.level == UNKNOWN_LEVEL else context.level,
        frame_rate=_ratio(stream.base_rate, "/"),
        average_frame_rate=_ratio(stream.average_rate, "/"),
        time_base=_ratio(stream.time_base, "/"),
        start_time=seconds(stream.start_time, stream.time_base),
        duration=_duration(stream),
        bitrate=count(context.bit_rate),
        frame_count=count(stream.frames),
        rotate=turn or UNSET,
        bit_depth=_bit_depth(context),
        color_space=colour_name(SPACES, context.colorspace),
        color_range=colour_name(RANGES, context.color_range),
        color_transfer=colour_name(TRANSFERS, context.color_trc),
        color_primaries=colour_name(PRIMARIES, context.color_primaries),
    )


def _audio(stream: AudioStream) -> model.AudioStream:
    context = stream.codec_context
    if context is None:
        return model.AudioStream(index=stream.index)
    number, letters = codec_tag(context)
    return model.AudioStream(
        index=stream.index,
        language=_language(stream),
        codec_name=codec_name(context),
        codec_long_name=codec_long_name(context),
        codec_time_base=f"1/{context.sample_rate}" if context.sample_rate else UNSET,
        codec_tag_string=letters,
        codec_tag=number,
        time_base=_ratio(stream.time_base, "/"),
        start_time=seconds(stream.start_time, stream.time_base),
        duration=_duration(stream),
        bitrate=count(context.bit_rate),
        frame_count=count(stream.frames),
        sample_format=context.format.name if context.format else UNSET,
        sample_rate=count(context.sample_rate),
        channels=count(context.channels),
        channel_layout=UNSET if UNORDERED.fullmatch(context.layout.name) else context.layout.name,
    )


def _subtitle(stream: SubtitleStream) -> model.SubtitleStream:
    context = stream.codec_context
    if context is None:
        return model.SubtitleStream(index=stream.index)
    number, letters = codec_tag(context)
    return model.SubtitleStream(
        index=stream.index,
        language=_language(stream),
        codec_name=codec_name(context),
        codec_long_name=codec_long_name(context),
        codec_tag_string=letters,
        codec_tag=number,
        start_time=seconds(stream.start_time, stream.time_base),
        duration=_duration(stream),
        bitrate=count(context.bit_rate),
    )


def _codec_time_base(stream: VideoStream, context: CodecContext) -> Text:
    """The clock of the codec, as ffprobe told it up to FFmpeg 4 and IMM does: a frame's time, or half of it."""
    rate = stream.average_rate
    return _ratio(1 / (rate * ticks_per_frame(context)), "/") if rate else UNSET


def _displayed(context: VideoCodecContext, pixel: Fraction | None) -> Fraction | None:
    """Width to height as it is shown; PyAV does not tell it where the format of the pixels is unknown."""
    if not pixel or not context.width or not context.height:
        return None
    return (context.width * pixel / context.height).limit_denominator(FINEST)


def _bit_depth(context: VideoCodecContext) -> Whole:
    shape = context.format
    return max((component.bits for component in shape.components), default=UNSET) if shape else UNSET


def _duration(stream: Stream) -> Real:
    """How long a stream is; Matroska only says it in a tag."""
    if stream.duration is not None:
        return length(stream.duration, stream.time_base)
    said = CLOCK.fullmatch(stream.metadata.get("DURATION", ""))
    return round(int(said[1]) * 3600 + int(said[2]) * 60 + float(said[3]), 6) if said else UNSET


def _ratio(value: Fraction | None, sign: str) -> Text:
    return f"{value.numerator}{sign}{value.denominator}" if value else UNSET


def _language(stream: Stream) -> Text:
    return language_tag(stream.language or "")
