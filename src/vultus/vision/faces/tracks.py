"""Tracks: the faces of one person through the frames of a scene, and the few of them that stand for all."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from vultus.vision.faces.face import Face

IN_PLACE = 0.3  # intersection over union of the boxes of two successive frames that are of one person, mostly
RELIEF = 0.5  # of the likeness that is asked for, where they are: hardly anybody takes another's place so fast
BEST = 3  # faces of a track that are kept, at most
APART = 4  # faces that are kept lie a fourth of the track apart, at least


@dataclass(frozen=True, slots=True)
class Sighting:
    """A face in a frame.

    Attributes:
        time: of the frame, milliseconds.
        face: what was seen.
    """

    time: int
    face: Face


@dataclass(slots=True)
class Track:
    """Sightings of one person, ascending by time."""

    sightings: list[Sighting] = field(default_factory=list)

    def best(self) -> list[Sighting]:
        """The sightings that stand for the track: the best by quality, and others far enough from those before."""
        gap = (self.sightings[-1].time - self.sightings[0].time) / APART
        kept: list[Sighting] = []
        for sighting in sorted(self.sightings, key=lambda each: (-each.face.quality, each.time)):
            if len(kept) < BEST and all(abs(sighting.time - other.time) >= gap for other in kept):
                kept.append(sighting)
        return sorted(kept, key=lambda each: each.time)


@dataclass(slots=True)
class Tracks:
    """The tracks of one scene, as its frames come.

    Attributes:
        alike: cosine from which two faces of a scene are one person's.
    """

    alike: float
    tracks: list[Track] = field(default_factory=list)

    def see(self, time: int, faces: Sequence[Face]) -> None:
        """Take in the faces of the next frame: each goes to the track it resembles most, or begins one."""
        links = sorted(
            (
                (-self._likeness(track, face), t, f)
                for t, track in enumerate(self.tracks)
                for f, face in enumerate(faces)
            ),
        )
        taken: dict[int, int] = {}
        for unlikeness, t, f in links:
            if unlikeness < 0 and f not in taken and t not in taken.values():
                taken[f] = t
        for f, face in enumerate(faces):
            if f not in taken:
                self.tracks.append(Track())
            self.tracks[taken.get(f, -1)].sightings.append(Sighting(time, face))

    def best(self) -> list[Sighting]:
        """The sightings that stand for all tracks."""
        return [sighting for track in self.tracks for sighting in track.best()]

    def _likeness(self, track: Track, face: Face) -> float:
        """How surely a face is that of a track, above 0; 0 where it is not."""
        seen = np.stack([each.face.embedding for each in track.sightings])
        cosine = float((seen @ face.embedding).max())
        shared = _overlap(track.sightings[-1].face.box, face.box)
        asked = self.alike * (RELIEF if shared >= IN_PLACE else 1)
        return cosine + shared if cosine >= asked else 0.0


def _overlap(first: tuple[int, int, int, int], second: tuple[int, int, int, int]) -> float:
    width = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    height = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (first[2] * first[3] + second[2] * second[3] - shared)
