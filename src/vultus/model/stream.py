"""Streams of a video or audio file."""

from msgspec import UNSET

from vultus.model.wire import Real, Text, Whole, Wire


class VideoStream(Wire):
    """A video stream, as its container describes it."""

    index: Whole = UNSET
    language: Text = UNSET
    codec_name: Text = UNSET
    codec_long_name: Text = UNSET
    profile: Text = UNSET
    codec_time_base: Text = UNSET
    codec_tag_string: Text = UNSET
    codec_tag: Text = UNSET
    width: Whole = UNSET
    height: Whole = UNSET
    has_b_frames: Whole = UNSET
    sample_aspect_ratio: Text = UNSET
    display_aspect_ratio: Text = UNSET
    pixel_format: Text = UNSET
    level: Whole = UNSET
    frame_rate: Text = UNSET
    average_frame_rate: Text = UNSET
    time_base: Text = UNSET
    start_time: Real = UNSET
    duration: Real = UNSET
    bitrate: Whole = UNSET
    frame_count: Whole = UNSET
    rotate: Text = UNSET
    bit_depth: Whole = UNSET
    color_space: Text = UNSET
    color_range: Text = UNSET
    color_transfer: Text = UNSET
    color_primaries: Text = UNSET


class AudioStream(Wire):
    """An audio stream, as its container describes it."""

    index: Whole = UNSET
    language: Text = UNSET
    codec_name: Text = UNSET
    codec_long_name: Text = UNSET
    codec_time_base: Text = UNSET
    codec_tag_string: Text = UNSET
    codec_tag: Text = UNSET
    time_base: Text = UNSET
    start_time: Real = UNSET
    duration: Real = UNSET
    bitrate: Whole = UNSET
    frame_count: Whole = UNSET
    lyric: Text = UNSET
    sample_format: Text = UNSET
    sample_rate: Whole = UNSET
    channels: Whole = UNSET
    channel_layout: Text = UNSET


class SubtitleStream(Wire):
    """A subtitle stream, as its container describes it."""

    index: Whole = UNSET
    language: Text = UNSET
    codec_name: Text = UNSET
    codec_long_name: Text = UNSET
    codec_tag_string: Text = UNSET
    codec_tag: Text = UNSET
    start_time: Real = UNSET
    duration: Real = UNSET
    bitrate: Whole = UNSET
    content: Text = UNSET
    width: Whole = UNSET
    height: Whole = UNSET
