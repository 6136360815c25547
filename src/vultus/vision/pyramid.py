"""A picture at several sizes: faces of every size are looked for at one, and cut out at the size nearest to it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.vision.boxes import Boxes

STEP = 0.6  # from one level to the next; a candidate matches its level within +-30 %, which the networks bear
FINEST = 2  # levels above the finest that is searched, for cutting candidates out of; beyond it is the picture itself
ENLARGING = 0.8  # a candidate is cut out of the smallest level that shows it at no less than this part of its new size
LONGEST = 2**15 - 1  # pixels; OpenCV cuts out no longer rows
GREY = (128, 128, 128)  # what lies beyond the picture: neither dark nor bright, so that no edge is seen there

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Level:
    """A picture at one size.

    Attributes:
        pixels: (h, w, 3).
        across, down: pixels of this level per pixel of the picture; both differ a little, as sizes are whole numbers.
    """

    pixels: Pixels
    across: float
    down: float


class Pyramid:
    """A picture, made smaller step by step.

    Attributes:
        searched: the levels at which a face of ``min_side`` pixels, and each larger one, is ``cell`` pixels wide; none
            when the picture is too small to hold one.
    """

    def __init__(self, pixels: Pixels, min_side: float, cell: int) -> None:
        self._picture = Level(pixels, 1.0, 1.0)
        height, width = pixels.shape[:2]
        first = cell / min_side
        finer = [scale for scale in (first / STEP**step for step in range(2 * FINEST, 0, -2)) if scale < ENLARGING]
        coarser: list[float] = []
        while min(height, width) * (scale := first * STEP ** len(coarser)) >= cell * STEP:
            coarser.append(scale)
        levels = [self._picture]
        for scale in finer + coarser:
            levels.append(_smaller(levels, scale))
        self.searched = levels[len(finer) + 1 :]
        self._levels = sorted(levels, key=lambda level: level.across, reverse=True)

    def cut(self, squares: Boxes, side: int) -> Pixels:
        """Cut squares out of the picture.

        Args:
            squares: (n, 4) in pixels of the picture; they may reach beyond it.
            side: of the cuttings, pixels.

        Returns:
            (n, side, side, 3), **rows and columns exchanged**, as the networks want them.
        """
        cuttings = np.empty((len(squares), side, side, 3), np.uint8)
        level_of = self._level_for(squares, side)
        for number in np.unique(level_of):
            rows = np.flatnonzero(level_of == number)
            cuttings[rows] = _cut(self._levels[number], squares[rows], side)
        return cuttings

    def _level_for(self, squares: Boxes, side: int) -> NDArray[np.intp]:
        """Number of the smallest level that shows a square at about the wanted size."""
        wanted = ENLARGING * side / np.maximum(squares[:, 2] - squares[:, 0], 1)
        scales = np.array([level.across for level in self._levels])
        larger: NDArray[np.intp] = (scales >= wanted[:, np.newaxis]).sum(axis=1)
        return np.maximum(larger - 1, 0)


def _smaller(levels: list[Level], scale: float) -> Level:
    """The picture at a scale, made from the smallest level of twice that size: nearer ones would blur it."""
    picture = levels[0].pixels
    source = min((level for level in levels if level.across >= 2 * scale), key=_width, default=levels[0])
    height, width = picture.shape[:2]
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    filter_ = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    pixels = cv2.resize(source.pixels, size, interpolation=filter_).astype(np.uint8, copy=False)
    return Level(pixels, size[0] / width, size[1] / height)


def _width(level: Level) -> float:
    return level.across


def _cut(level: Level, squares: Boxes, side: int) -> Pixels:
    """Cut squares out of one level, in one call: each becomes a row of one picture, or a few rows where it is large."""
    step = (np.arange(side, dtype=np.float32) + 0.5) / side
    extent = squares[:, 2:] - squares[:, :2]
    x = (squares[:, :1] + step * extent[:, :1]) * level.across - 0.5
    y = (squares[:, 1:2] + step * extent[:, 1:]) * level.down - 0.5
    shape = (len(squares), side * side) if side * side < LONGEST else (len(squares) * side, side)
    across = np.repeat(x, side, axis=1)  # x is the slow axis: rows and columns are exchanged
    down = np.tile(y, (1, side))
    pixels = cv2.remap(
        level.pixels,
        across.reshape(shape).astype(np.float32, copy=False),
        down.reshape(shape).astype(np.float32, copy=False),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=GREY,
    )
    return pixels.reshape(len(squares), side, side, 3).astype(np.uint8, copy=False)
