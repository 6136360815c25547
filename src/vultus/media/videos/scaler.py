"""Pictures of the frames of videos: upright, small enough to work on."""

from typing import Any

import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from vultus.media.images.orientation import SIDEWAYS, orientation_by_matrix, upright
from vultus.media.images.picture import Picture
from vultus.media.videos.scene import SKETCH, Sketch


class Scaler:
    """Makes pictures of the frames of a video; keeps what it takes from one frame to the next.

    Args:
        side: pixels that the longer side of a picture has at most; smaller frames stay as they are.
        orientation: how frames are to be turned, as EXIF numbers it.
    """

    def __init__(self, side: int, orientation: int) -> None:
        self._side = side
        self._orientation = orientation
        self._picture, self._sketch = VideoReformatter(), VideoReformatter()

    def picture(self, frame: VideoFrame) -> Picture:
        """Return a frame, upright and perhaps reduced."""
        ratio = min(self._side / max(frame.width, frame.height), 1)
        size = {"width": max(round(frame.width * ratio), 1), "height": max(round(frame.height * ratio), 1)}
        small = self._picture.reformat(frame, **size, format="rgb24", interpolation=Interpolation.BILINEAR)
        width, height = upright_size(frame, self._orientation)
        return Picture(upright(_pixels(small), self._orientation), width, height, None)

    def sketch(self, frame: VideoFrame) -> Sketch:
        """Return what cuts are told from."""
        width, height = SKETCH
        small = self._sketch.reformat(
            frame, width=width, height=height, format="gray", interpolation=Interpolation.AREA
        )
        return _pixels(small)


def _pixels(frame: VideoFrame) -> NDArray[np.uint8]:
    return frame.to_ndarray().astype(np.uint8, copy=False)


def orientation_of_frame(frame: VideoFrame) -> int:
    """The EXIF orientation that says how a frame is to be turned.

    Not to be asked of each frame: one that was asked for its side data refers to itself, and stays in memory until
    the collector of such circles comes by.
    """
    sides: Any = frame.side_data  # declared as a dictionary of one key
    try:
        return orientation_by_matrix(bytes(sides[Type.DISPLAYMATRIX]))
    except KeyError:
        return 1


def upright_size(frame: VideoFrame, orientation: int) -> tuple[int, int]:
    """Width and height of a frame that is turned as it is to be."""
    return (frame.height, frame.width) if orientation in SIDEWAYS else (frame.width, frame.height)
