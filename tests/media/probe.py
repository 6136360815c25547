"""What ffprobe says of a file, beside what a record says of it.

``python -m tests.media.probe`` writes down anew what the ffprobe that is installed says of the files of ``made.py``;
the newer it is the better. What depends on how well an encoder does is left out.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from msgspec import UNSET

from tests.media.made import MADE
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


RECORDED = Path(__file__).with_name("ffprobe.json")
RECORDED_BY_ENCODER = {"bit_rate"}
#: Between versions of FFmpeg, when streams begin and how long they are changes by what encoders put before and after.
TIMES, SECONDS = ("start_time", "duration"), 0.2
RATES, SHARE = ("bitrate",), 0.05  # of a file of a length that is another


def probe(path: Path) -> dict[str, Any]:
    """What ffprobe says, with its version; skips the test where there is none."""
    program = shutil.which("ffprobe")
    if program is None:
        pytest.skip("ffprobe is not installed (Debian's package ffmpeg)")
    asked = ["-show_streams", "-show_format", "-show_programs", "-show_library_versions"]
    command = [program, "-v", "error", "-print_format", "json", *asked, str(path)]
    told = subprocess.run(command, check=True, capture_output=True)
    return json.loads(told.stdout)


def recorded(name: str) -> dict[str, Any]:
    """What ffprobe said of one of the files of ``made.py``."""
    return json.loads(RECORDED.read_text())[name]


def is_alike(said: dict[str, Any]) -> bool:
    """Whether ffprobe is of the FFmpeg that we have."""
    [version] = [each for each in said["library_versions"] if each["name"] == "libavformat"]
    return (version["major"], version["minor"]) == av.library_versions["libavformat"][:2]


def record() -> None:
    """Write down what ffprobe says of the files that the tests make."""
    said = {}
    for name, (make, _) in MADE.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(make())
            said[name] = _kept(probe(path))
    RECORDED.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n")


def _kept(said: dict[str, Any]) -> dict[str, Any]:
    streams = {*VIDEO.values(), *AUDIO.values(), *SUBTITLE.values(), "tags", "side_data_list", "codec_type"}
    streams -= RECORDED_BY_ENCODER
    formats = {*FORMAT.values(), "tags"} - RECORDED_BY_ENCODER
    return {
        "streams": [_only(streams, stream) for stream in said["streams"]],
        "format": _only(formats, said["format"]),
        "library_versions": [each for each in said["library_versions"] if each["name"] == "libavformat"],
    }


def _only(keys: set[str], said: dict[str, Any]) -> dict[str, Any]:
    kept = {key: text for key, text in said.items() if key in keys}
    if "tags" in kept:
        kept["tags"] = {name: text for name, text in kept["tags"].items() if name.lower() in (*TAGS, "language")}
    return kept


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


def agree(difference: Difference, alike: bool) -> bool:
    """Whether two values are the same; times to the microsecond, if they come from the same version of FFmpeg."""
    name, ours, theirs = difference
    field = name.rpartition(".")[2]
    if not alike and field in TIMES:
        return abs(ours - theirs) < SECONDS
    if not alike and field in RATES:
        return abs(ours - theirs) <= SHARE * theirs
    if not alike and field == "artist":
        return ours.replace(" / ", ", ") == theirs.replace(" / ", ", ")  # of several, which ID3 separates
    return abs(ours - theirs) < 2e-6 if isinstance(ours, float) else bool(ours == theirs)


if __name__ == "__main__":
    record()
