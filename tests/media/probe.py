"""What ffprobe says of a file, beside what a record says of it."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET

from vultus.media.language import language_tag
from vultus.model import AudioStream, File, SubtitleStream, VideoStream

FORMAT = {
    "format_name": "format_name",
    "format_long_name": "format_long_name",
    "stream_count": "nb_streams",
    "program_count": "nb_programs",
    "start_time": "start_time",
    "duration": "duration",
    "bitrate": "bit_rate",
}
STREAM = {
    "index": "index",
    "codec_name": "codec_name",
    "codec_long_name": "codec_long_name",
    "codec_tag_string": "codec_tag_string",
    "codec_tag": "codec_tag",
    "start_time": "start_time",
    "duration": "duration",
    "bitrate": "bit_rate",
}
TIMED = {**STREAM, "time_base": "time_base", "frame_count": "nb_frames"}
VIDEO = {
    **TIMED,
    "profile": "profile",
    "width": "width",
    "height": "height",
    "has_b_frames": "has_b_frames",
    "sample_aspect_ratio": "sample_aspect_ratio",
    "display_aspect_ratio": "display_aspect_ratio",
    "pixel_format": "pix_fmt",
    "level": "level",
    "frame_rate": "r_frame_rate",
    "average_frame_rate": "avg_frame_rate",
    "bit_depth": "bits_per_raw_sample",
    "color_space": "color_space",
    "color_range": "color_range",
    "color_transfer": "color_transfer",
    "color_primaries": "color_primaries",
}
AUDIO = {
    **TIMED,
    "sample_format": "sample_fmt",
    "sample_rate": "sample_rate",
    "channels": "channels",
    "channel_layout": "channel_layout",
}
SUBTITLE = {**STREAM, "width": "width", "height": "height"}
KINDS: dict[type, dict[str, str]] = {VideoStream: VIDEO, AudioStream: AUDIO, SubtitleStream: SUBTITLE}
TAGS = ("title", "artist", "album", "album_artist", "composer", "performer")
#: What ffprobe writes where it does not know.
UNKNOWN = {"unknown", "N/A", "0/0", "[0][0][0][0]", "0x0000", -99, "und"}

Difference = tuple[str, Any, Any]


def probe(path: Path) -> dict[str, Any]:
    """What ffprobe says; skips the test where there is none."""
    program = shutil.which("ffprobe")
    if program is None:
        pytest.skip("ffprobe is not installed (Debian's package ffmpeg)")
    asked = ["-show_streams", "-show_format", "-show_programs"]
    told = subprocess.run(
        [program, "-v", "error", "-print_format", "json", *asked, path], capture_output=True, check=True
    )
    return json.loads(told.stdout)


def compared(file: File, said: dict[str, Any]) -> Iterator[Difference]:
    """Name, ours and ffprobe's of each field that both have."""
    for ours, theirs in FORMAT.items():
        yield from _both(ours, getattr(file, ours), said["format"].get(theirs))
    tags = said["format"].get("tags", {})
    tags = {name.lower(): text for name, text in tags.items()}
    for ours in TAGS:
        yield from _both(ours, getattr(file, ours), tags.get(ours))
    streams = {stream["index"]: stream for stream in said["streams"]}
    for kind in (file.video_streams, file.audio_streams, file.subtitles):
        for stream in kind or []:
            yield from _stream(stream, streams[stream.index])


def _stream(ours: Any, theirs: dict[str, Any]) -> Iterator[Difference]:
    where = f"{type(ours).__name__}[{ours.index}]"
    for mine, yours in KINDS[type(ours)].items():
        yield from _both(f"{where}.{mine}", getattr(ours, mine), theirs.get(yours))
    language = language_tag(theirs.get("tags", {}).get("language", ""))
    yield from _both(f"{where}.language", ours.language, None if language is UNSET else language)
    turned = [side["rotation"] for side in theirs.get("side_data_list", []) if "rotation" in side]
    if isinstance(ours, VideoStream) and turned and turned[0]:
        yield f"{where}.rotate", ours.rotate, str(-turned[0] % 360)


def _both(name: str, ours: Any, theirs: Any) -> Iterator[Difference]:
    if ours is UNSET or theirs is None or theirs in UNKNOWN:
        return
    if isinstance(ours, int | float) and not isinstance(theirs, int | float):
        theirs = float(Fraction(theirs))
    yield name, ours, theirs


def agree(ours: Any, theirs: Any) -> bool:
    """Whether two values are the same, to the microsecond where they are times."""
    return abs(ours - theirs) < 2e-6 if isinstance(ours, float) else bool(ours == theirs)
