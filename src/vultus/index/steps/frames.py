"""Frames of videos: scenes, and the faces that stand for all that are seen in them."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from vultus import model
from vultus.catalog import IndexedFace
from vultus.index.face import indexed_face
from vultus.index.step import step
from vultus.index.subject import Still, Subject
from vultus.media.images.picture import Picture
from vultus.media.videos.video import Extent, Frame
from vultus.people.curve import FarCurve
from vultus.vision.faces.tracks import Tracks

STRANGERS = 1e-3  # share of pairs of strangers that are as alike as two faces that are taken for one person's
STILL_SIDE = 320  # pixels of the longer side of a still: what is seen in a scene is told from less
MOST_STILLS = 120  # scenes that have one: 20 MB


@step(media={"video"}, needs={"duration"}, gives={"scene_elements", "stills", "faces", "figures", "figure_count"})
def frames(subject: Subject) -> None:
    """Look at frames of every scene; of each face in each scene keep the best few views, with their times."""
    extent = subject.extent
    if extent is None:
        return
    viewing = Viewing(subject)
    for frame in subject.video.frames(extent):
        with subject.tools.within(subject.settings.media.seconds):  # for each frame: many faces are no endless file
            viewing.see(frame)
        subject.watch(frame.time / max(extent.duration, 1))
    viewing.end(extent)


@dataclass(slots=True)
class Viewing:
    """What was seen of a video so far.

    Attributes:
        subject: gets what is found.
        scenes: times of the frames that were looked at, by the time when their scene begins; milliseconds.
    """

    subject: Subject
    scenes: dict[int, list[int]] = field(default_factory=dict)
    _tracks: Tracks = field(init=False)
    _alike: float = field(init=False)

    def __post_init__(self) -> None:
        analyser = self.subject.analyser
        curve = FarCurve.of(analyser.model, self.subject.settings.home) if analyser else None
        self._alike = curve.at(STRANGERS) if curve else 1.0
        self._tracks = Tracks(self._alike)

    def see(self, frame: Frame) -> None:
        """Take in the next frame."""
        if frame.scene not in self.scenes:
            self._settle()
        self.scenes.setdefault(frame.scene, []).append(frame.time)
        self._keep_still(frame)
        if self.subject.analyser:
            self._tracks.see(frame.time, self.subject.analyser.analyse(frame.picture))

    def _keep_still(self, frame: Frame) -> None:
        """Keep the second frame of a scene, or its first where it has one: the first often is half the scene before."""
        stills, seen = self.subject.stills, len(self.scenes[frame.scene])
        if seen == 2 and stills and stills[-1].scene == frame.scene:
            stills.pop()
        if seen <= 2 and len(stills) < MOST_STILLS:
            stills.append(Still(frame.time, frame.scene, _small(frame.picture)))

    def end(self, extent: Extent) -> None:
        """Write down the last scene, and when each begins and ends."""
        self._settle()
        starts = list(self.scenes)
        ends = [*starts[1:], extent.duration]
        self.subject.document.scene_elements = [
            model.SceneElement(
                time_range=[start, end], frame_times=self.scenes[start], video_stream_index=extent.stream
            )
            for start, end in zip(starts, ends, strict=True)
        ]

    def _settle(self) -> None:
        """Keep the faces of the scene that is over."""
        kept: list[IndexedFace] = [indexed_face(sighting.face, sighting.time) for sighting in self._tracks.best()]
        self.subject.faces += kept
        self._tracks = Tracks(self._alike)


def _small(picture: Picture) -> Picture:
    height, width = picture.pixels.shape[:2]
    share = STILL_SIDE / max(height, width)
    if share >= 1:
        return picture
    size = max(round(width * share), 1), max(round(height * share), 1)
    pixels = cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA)
    return Picture(pixels.astype(np.uint8, copy=False), picture.width, picture.height, picture.orientation)
