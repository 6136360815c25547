"""Indexing a video: what it says of itself, its scenes, and the faces that stand for all that are seen in it."""

from typing import IO

from vultus import model
from vultus.catalog import IndexedFace
from vultus.config import Settings
from vultus.index.face import indexed_face
from vultus.index.watch import Watch
from vultus.media.video import Extent, Video
from vultus.media.video_facts import describe_container
from vultus.people.curve import FarCurve
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.tracks import Tracks

STRANGERS = 1e-3  # share of pairs of strangers that are as alike as two faces that are taken for one person's


def read_video(
    document: model.File, file: IO[bytes], settings: Settings, analyser: FaceAnalyser | None, watch: Watch
) -> list[IndexedFace]:
    """Fill in what a video tells; return its faces.

    Of each face in each scene the best few views are kept, each with the time of its frame. A video without pictures
    is a sound.

    Args:
        document: gets what is told; its content type says what the video is.
        file: the video.
        settings: what is read, at most, and where models are described.
        analyser: finds the faces; None when none are looked for.
        watch: hears after each frame how far the looking is.

    Raises:
        UnreadableMedia: it cannot be read.
    """
    video = Video(file, str(document.content_type), settings.media)
    extent = video.extent()
    with video.opened() as container:
        describe_container(document, container, extent.orientation if extent else 1)
    if extent is None:
        document.media_type = "audio"
        return []
    document.duration = extent.duration / 1000
    document.video_width, document.video_height = extent.width, extent.height
    if analyser is None:
        return []
    alike = FarCurve.of(analyser.model, settings.home).at(STRANGERS)
    return _faces(document, video, extent, analyser, alike, watch)


def _faces(
    document: model.File, video: Video, extent: Extent, analyser: FaceAnalyser, alike: float, watch: Watch
) -> list[IndexedFace]:
    found: list[IndexedFace] = []
    scenes: dict[int, list[int]] = {}
    tracks = Tracks(alike)
    for frame in video.frames(extent):
        if frame.scene not in scenes:
            found += _kept(tracks)
            tracks = Tracks(alike)
        scenes.setdefault(frame.scene, []).append(frame.time)
        tracks.see(frame.time, analyser.analyse(frame.picture))
        watch(frame.time / max(extent.duration, 1))
    document.scene_elements = _scene_elements(scenes, extent)
    return found + _kept(tracks)


def _kept(tracks: Tracks) -> list[IndexedFace]:
    return [indexed_face(sighting.face, sighting.time) for sighting in tracks.best()]


def _scene_elements(scenes: dict[int, list[int]], extent: Extent) -> list[model.SceneElement]:
    """Each scene with the times of the frames that were looked at; the last one ends with the video."""
    starts = list(scenes)
    ends = [*starts[1:], extent.duration]
    return [
        model.SceneElement(time_range=[start, end], frame_times=scenes[start], video_stream_index=extent.stream)
        for start, end in zip(starts, ends, strict=True)
    ]
