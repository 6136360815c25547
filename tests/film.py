"""Films that tests make: drawn, or of photos."""

import io
import tempfile
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


def film(
    frames: Iterable[Pixels],
    *,
    rate: int = 10,
    times: Sequence[float] | None = None,
    gop: int = 12,
    kind: str = "mp4",
    turn: int = 0,
    sound: bool = False,
    options: dict[str, str] | None = None,
) -> bytes:
    """Encode frames.

    Args:
        frames: (h, w, 3) RGB, of even sizes.
        rate: frames a second.
        times: seconds at which frames are shown, where that is not at the rate.
        gop: frames from one keyframe to the next.
        kind: the container.
        turn: degrees counterclockwise by which a player is to turn the frames.
        sound: whether a second of silence goes along.
        options: of the container.
    """
    with tempfile.NamedTemporaryFile() as file:  # with its index first, a file is read again while it is written
        _write(file.name, frames, rate, times, gop, kind, turn, sound, options)
        return file.read()


def _write(
    name: str,
    frames: Iterable[Pixels],
    rate: int,
    times: Sequence[float] | None,
    gop: int,
    kind: str,
    turn: int,
    sound: bool,
    options: dict[str, str] | None,
) -> None:
    ticks = Fraction(1, 1000)
    pictures = iter(frames)
    first = next(pictures, None)
    with av.open(name, "w", format=kind, options=options or {}) as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.height, stream.width = (90, 160) if first is None else first.shape[:2]
        stream.pix_fmt, stream.gop_size = "yuv420p", gop
        stream.codec_context.time_base = ticks
        stream.codec_context.bit_rate = 8_000_000
        if turn:
            stream.set_display_rotation(turn)
        audio = container.add_stream("aac", rate=44100) if sound else None
        container.start_encoding()
        for number, pixels in enumerate([] if first is None else chain([first], pictures)):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = round(1000 * (times[number] if times else number / rate))
            frame.time_base = ticks
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if audio is not None:
            container.mux([*audio.encode(silence()), *audio.encode(None)])


def song() -> bytes:
    """A second of silence in an MP4 container."""
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=44100)
        container.mux([*stream.encode(silence()), *stream.encode(None)])
    return target.getvalue()


def silence() -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.zeros((2, 44100), np.float32), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts = 44100, 0
    return frame


def drawn(seed: int, width: int = 160, height: int = 90) -> Pixels:
    """A picture of blocks of colours, another for each seed."""
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
    return np.asarray(Image.fromarray(blocks).resize((width, height), Image.Resampling.NEAREST))


def photo(path: Path, width: int, height: int, top: float = 0.5) -> Pixels:
    """A photo, its middle, or what is nearer its top, cut to a size."""
    with Image.open(path) as picture:
        picture = picture.convert("RGB")
        ratio = max(width / picture.width, height / picture.height)
        picture = picture.resize((max(round(picture.width * ratio), width), max(round(picture.height * ratio), height)))
        left, above = (picture.width - width) // 2, round((picture.height - height) * top)
        return np.asarray(picture.crop((left, above, left + width, above + height)))


def moved(pixels: Pixels, right: int, width: int, height: int) -> Pixels:
    """A picture, put on a grey ground ``right`` pixels from its left edge."""
    ground = np.full((height, width, 3), 128, np.uint8)
    ground[: pixels.shape[0], right : right + pixels.shape[1]] = pixels
    return ground
