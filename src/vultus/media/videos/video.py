"""Videos, and sounds: how long they are, whether they are all there, and some frames, one at a time.

A file is read from its beginning to its end, as often as it is needed: containers that cannot seek, or say wrongly
where their frames are, are read like all others. The first time nothing is decoded, which tells how long the video
really is, whether it is all there, and where its keyframes lie.
"""

import time
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vultus.config import Media
from vultus.media.images.picture import Picture
from vultus.media.unreadable import UnreadableMedia
from vultus.media.videos.demuxers import BELIEVED, RIFF, TRUE_TO_LENGTH, demuxer_of, noun_of
from vultus.media.videos.scaler import Scaler, orientation_of_frame, upright_size
from vultus.media.videos.scene import Sketch, is_cut
from vultus.media.videos.watched_file import WatchedFile

BUFFER = 2**20  # bytes read at a time
PROBED = 50_000_000  # pixels that FFmpeg may decode to see what there is, such as the covers of a song
SPARSE = 2  # intervals between two keyframes that make us decode all that is between them
#: Milliseconds, and share of the length, by which a video may be shorter than its container says.
SHORTER, SHORTER_SHARE = 2000, 0.05
INEXACT = 100  # milliseconds by which a container that estimates its length may be wrong: two packets of sound
LONGEST = 2**31 - 1  # milliseconds; 24 days


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a video.

    Attributes:
        time: milliseconds from the start of the video.
        scene: when its scene begins, likewise.
        picture: the frame, upright, perhaps reduced.
    """

    time: int
    scene: int
    picture: Picture


@dataclass(frozen=True, slots=True)
class Extent:
    """What reading through a video tells.

    Attributes:
        duration: milliseconds, of all its streams.
        keys: milliseconds at which its keyframes are, ascending.
        stream: index of the stream of pictures.
        orientation: how its frames are to be turned, as EXIF numbers it.
        width: of an upright frame, pixels.
        height: likewise.
    """

    duration: int
    keys: NDArray[np.int64]
    stream: int
    orientation: int
    width: int
    height: int


class Video:
    """The file of a video or a sound, read by one thread at a time.

    Attributes:
        until: when reading is given up, by the monotonic clock.
    """

    def __init__(self, file: IO[bytes], content_type: str, limits: Media) -> None:
        """Take a file.

        Args:
            file: can seek; not to be used by anybody else meanwhile.
            content_type: as ``sniff`` tells it.
            limits: what is read, at most.

        Raises:
            UnreadableMedia: its format is not one that is read.
        """
        self._limits = limits
        self.until = time.monotonic() + limits.video_seconds
        self._file = WatchedFile(file, self._check_time)
        self._format = demuxer_of(file, content_type)
        self._noun = noun_of(content_type)
        self._probed = PROBED if self._noun == "sound" else max(PROBED, limits.max_pixels)

    @contextmanager
    def opened(self) -> Iterator[InputContainer]:
        """Open the container at its beginning.

        Raises:
            UnreadableMedia: it is broken, or reading it takes too long.
        """
        self._file.seek(0)
        try:
            with av.open(
                self._file,
                "r",
                format=self._format,
                options={"max_pixels": str(self._probed)},
                buffer_size=BUFFER,
                metadata_errors="replace",
            ) as container:
                yield container
        except av.FFmpegError as error:
            raise UnreadableMedia(f"The {self._noun} is cut short or damaged: its container cannot be read.") from error

    def extent(self) -> Extent | None:
        """Read through the video, and decode its first frame.

        Returns:
            What it tells; None when there is nothing but sound in it.

        Raises:
            UnreadableMedia: it is broken, cut short, encrypted or empty, or none of its frames can be decoded.
        """
        self._check_file()
        with self.opened() as container:
            stream = pictures_of(container)
            if stream is None and not container.streams.audio:
                raise UnreadableMedia(f"The {self._noun} holds neither pictures nor sound.")
            if stream is None:
                return None
            self._check(stream)
            end, keys = self._read_through(container, stream)
            index = stream.index  # PyAV reads it where the open container has it: afterwards, anything may be there
        orientation, width, height = self._stance()
        return Extent(end, np.unique(np.frombuffer(keys, np.int64)), index, orientation, width, height)

    def length(self) -> int:
        """Read through a sound.

        Returns:
            How long it is, milliseconds.

        Raises:
            UnreadableMedia: it is broken, cut short, encrypted or empty.
        """
        self._check_file()
        with self.opened() as container:
            sound = next((stream for stream in container.streams.audio if stream.codec_context), None)
            if sound is None:
                raise UnreadableMedia("The sound is in a format that is not read.")
            return self._read_through(container, sound)[0]

    def says(self, container: InputContainer, measured: int) -> float | None:
        """Return the length that a container says it has, in seconds, if that is what reading through it tells.

        Args:
            container: opened.
            measured: milliseconds; containers say it more exactly.
        """
        said = (container.duration or 0) / 1000
        off = max(SHORTER, said * SHORTER_SHARE) if self._format in BELIEVED else INEXACT
        return said / 1000 if said > 0 and abs(said - measured) <= off else None

    def _read_through(self, container: InputContainer, stream: Stream) -> tuple[int, "array[int]"]:
        """When the last of its packets ends, and the times of the keyframes of a stream; milliseconds."""
        start, keys, count, ends = (
            start_of(container),
            array("q"),
            0,
            dict[int, int](),
        )  # ticks, by stream: they are cheap
        is_video, index = isinstance(stream, VideoStream), stream.index
        for packet in _packets(container):
            self._check_time()
            moment, of = packet.pts, packet.stream_index
            if moment is None:
                continue
            ends[of] = max(ends.get(of, moment), moment + (packet.duration or 0))
            if of != index:
                continue
            if packet.has_sidedata("encryption_info"):
                raise UnreadableMedia(f"The {self._noun} is encrypted.")
            count += 1
            if is_video and packet.is_keyframe:
                keys.append(_moment(packet, start))
        times = (float(ticks * (container.streams[of].time_base or 0)) for of, ticks in ends.items())
        end = max((_milliseconds(each - start) for each in times), default=0)
        said = (container.duration or 0) / 1000  # of microseconds
        if not count:
            raise UnreadableMedia(f"The {self._noun} holds no {'frames' if is_video else 'sound'}.")
        if end > LONGEST:
            raise UnreadableMedia(f"The {self._noun} is damaged: it says that it lasts for weeks.")
        if self._format in TRUE_TO_LENGTH and end < said - max(SHORTER, said * SHORTER_SHARE):
            raise UnreadableMedia(
                f"The {self._noun} is cut short: it ends after {end / 1000:.0f} of {said / 1000:.0f} seconds."
            )
        return end, keys

    def frames(self, extent: Extent) -> Iterator[Frame]:
        """Give frames of all of the video: one in each interval, and one of each scene that is shorter.

        Where these would be more than the limit, the intervals are as long as it takes; only keyframes are decoded
        then, unless they are far apart.

        Raises:
            UnreadableMedia: it takes too long.
        """
        most, interval = self._limits.video_frames, self._limits.video_interval * 1000
        step = max(interval, extent.duration / most)
        gap = int(np.diff(extent.keys, append=extent.duration).max(initial=0))
        if step > interval and len(extent.keys) and gap <= SPARSE * step:
            times = _nearest(extent.keys, np.arange(0, extent.duration, step))
            return self._sampled(self._decoded_at(times, extent.keys), extent.orientation, 0, 0)
        spare = most - int(extent.duration // step) - 1
        return self._sampled(self._decoded(lambda _: True), extent.orientation, step, spare)

    def pictures(self, times: Sequence[int], extent: Extent) -> Iterator[tuple[int, Picture]]:
        """Give the frames at some times, or the next after them.

        Args:
            times: milliseconds.
            extent: of the video.

        Returns:
            The time that was asked for, and the frame.

        Raises:
            UnreadableMedia: it takes too long, or the container is broken.
        """
        scaler = Scaler(self._limits.working_side, extent.orientation)
        wanted = deque(sorted(set(times)))
        for now, frame in self._decoded_at(list(wanted), extent.keys):
            while wanted and wanted[0] <= now:
                yield wanted.popleft(), scaler.picture(frame)

    def _sampled(
        self, frames: Iterator[tuple[int, VideoFrame]], orientation: int, step: float, spare: int
    ) -> Iterator[Frame]:
        """One frame in each step, in milliseconds, and up to ``spare`` more where a scene begins."""
        scaler = Scaler(self._limits.working_side, orientation)
        before: Sketch | None = None
        due = float("-inf")
        scene = 0
        for now, frame in frames:
            sketch = scaler.sketch(frame)
            cut = before is not None and is_cut(before, sketch)
            before = sketch
            if cut:
                scene = now
            if now >= due or (cut and spare > 0):
                spare -= now < due
                due = now + step
                yield Frame(now, scene, scaler.picture(frame))

    def _decoded_at(self, times: Sequence[int], keys: NDArray[np.int64]) -> Iterator[tuple[int, VideoFrame]]:
        """The first frames at or after some times, ascending; no more is decoded than leads to them."""
        wanted = deque(times)

        def needed(key: int) -> bool:
            following = int(np.searchsorted(keys, key, "right"))
            return bool(wanted) and (following == len(keys) or wanted[0] < keys[following])

        for now, frame in self._decoded(needed):
            if wanted and wanted[0] <= now:
                while wanted and wanted[0] <= now:
                    wanted.popleft()
                yield now, frame

    def _decoded(self, needed: Callable[[int], bool]) -> Iterator[tuple[int, VideoFrame]]:
        """Frames with their times, ascending.

        Args:
            needed: whether more frames are wanted of those that follow the keyframe at a time, up to the next one.
        """
        with self.opened() as container:
            stream = pictures_of(container)
            if stream is None:
                return
            context = stream.codec_context
            context.thread_count = 1  # a worker is one process on one core
            context.options = {"max_pixels": str(self._limits.max_pixels)}  # whatever the container said before
            start, key, shown = start_of(container), 0, -1
            at_work = needed(key)
            for packet in _packets(container, stream):
                self._check_time()
                if packet.is_keyframe and packet.pts is not None:
                    key = _moment(packet, start)
                    if not at_work and needed(key):
                        context.flush_buffers()
                        at_work = True
                if not at_work:
                    continue
                for frame in _frames(packet):
                    now = shown + 1 if frame.time is None else _milliseconds(frame.time - start)
                    if now <= shown:
                        continue
                    shown, paused = now, time.monotonic()
                    yield now, frame
                    self.until += time.monotonic() - paused  # what is done with a frame is not reading
                at_work = needed(key)

    def _stance(self) -> tuple[int, int, int]:
        """How the first frame is to be turned, its width and its height then."""
        for _, frame in self._decoded(lambda _: True):
            orientation = orientation_of_frame(frame)
            return orientation, *upright_size(frame, orientation)
        raise UnreadableMedia("The video is damaged: none of its frames can be decoded.")

    def _check_file(self) -> None:
        if self._format in RIFF and self._file.is_riff_cut_short():
            raise UnreadableMedia(f"The {self._noun} is cut short: its file is not complete.")

    def _check(self, stream: VideoStream) -> None:
        context = stream.codec_context
        if context is None:
            raise UnreadableMedia("The video is in a format that is not read.")
        if context.width * context.height > self._limits.max_pixels:
            raise UnreadableMedia(
                f"The video has {context.width} x {context.height} pixels; at most {self._limits.max_pixels} are read."
            )

    def _check_time(self) -> None:
        if time.monotonic() > self.until:
            raise UnreadableMedia(
                f"The {self._noun} takes more than {self._limits.video_seconds:.0f} seconds to read"
                " (media.video_seconds)."
            )


def pictures_of(container: InputContainer) -> VideoStream | None:
    """The stream of moving pictures of a container; the cover of a song is none."""
    covers = Disposition.attached_pic
    return next((stream for stream in container.streams.video if not stream.disposition & covers), None)


def start_of(container: InputContainer) -> float:
    """When a container begins, in seconds of its own clock."""
    return (container.start_time or 0) / av.time_base


def _packets(container: InputContainer, *streams: VideoStream) -> Iterator["Packet[Stream]"]:
    """The packets of a container up to its end, or to where nothing more can be made of it."""
    try:
        yield from container.demux(*streams)
    except av.FFmpegError:
        return


def _frames(packet: "Packet[Stream]") -> list[VideoFrame]:
    """The whole frames that a packet completes; none when it is damaged."""
    try:
        return [frame for frame in packet.decode() if isinstance(frame, VideoFrame) and not frame.is_corrupt]
    except av.FFmpegError:
        return []


def _moment(packet: "Packet[Stream]", start: float) -> int:
    assert packet.pts is not None, "a packet without a time is passed over"
    return _milliseconds(float(packet.pts * packet.time_base) - start)


def _milliseconds(seconds: float) -> int:
    return max(round(seconds * 1000), 0)


def _nearest(keys: NDArray[np.int64], grid: NDArray[np.float64]) -> list[int]:
    """The keyframe nearest to each time, each once."""
    right = np.clip(np.searchsorted(keys, grid), 0, len(keys) - 1)
    left = np.maximum(right - 1, 0)
    nearest = np.where(np.abs(keys[left] - grid) <= np.abs(keys[right] - grid), keys[left], keys[right])
    chosen: list[int] = np.unique(nearest).tolist()
    return chosen
