"""Finding lines of text: where in a picture something is written."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError
from vultus.vision.models.model import TextModel
from vultus.vision.models.runtime import OnnxNetwork
from vultus.vision.pyramid import Pixels

STRIDE = 32  # pixels; sides of the input are multiples of it
THIN = 3.0  # pixels of the input; what is thinner is no line
MOST_LINES = 300  # of a picture; the most certain ones are kept
TALL = 1.5  # times as high as wide: a line that is written downwards or upwards

Corners = NDArray[np.float32]  # (4, 2) pixels: where the text has its top left, top right, bottom right, bottom left


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text.

    Attributes:
        corners: as seen before it is read: the first is the one that is top left in the picture.
        confidence: that something is written there, 0 to 1.
    """

    corners: Corners
    confidence: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, pixels, along its own edges."""
        return size_of(self.corners)

    @property
    def tall(self) -> bool:
        """Whether it is so much higher than wide that it must be turned to be read."""
        width, height = self.size
        return height > TALL * width


def size_of(corners: Corners) -> tuple[float, float]:
    """Return width and height of a box, along its own edges."""
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    return float(np.hypot(*across)), float(np.hypot(*down))


class LineFinder:
    """Marks each pixel that belongs to the core of a line of text, and boxes what it marked.

    Source: Liao et al., Real-time Scene Text Detection with Differentiable Binarization, 2020.
    """

    def __init__(self, model: TextModel, file: Path) -> None:
        self._model = model
        self._network = OnnxNetwork(file)

    def find(self, pixels: Pixels, side: int) -> list[Line]:
        """Return the lines of a picture, in no order.

        Args:
            pixels: (h, w, 3) RGB.
            side: pixels that the longer side is brought to, at most; letters must be some 8 pixels high then.

        Raises:
            ConfigError: the file is not what ``models.toml`` says.
        """
        height, width = pixels.shape[:2]
        ratio = min(side / max(height, width), 1.0)
        rows, columns = (max(round(edge * ratio / STRIDE), 1) * STRIDE for edge in (height, width))
        filter_ = cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR
        values = cv2.resize(pixels, (columns, rows), interpolation=filter_).astype(np.float32)
        values = (values - self._model.mean) * np.float32(1 / self._model.scale)
        planes = np.ascontiguousarray(values[..., ::-1].transpose(2, 0, 1)[np.newaxis])
        likely = self._network.run(planes)[0]
        if likely.shape != (1, 1, rows, columns):
            raise ConfigError(f"The network of {self._model.id} does not mark the pixels of a picture.")
        found = self._lines(likely[0, 0])
        scale = np.array([width / columns, height / rows], np.float32)
        return [Line(_upright(line.corners * scale), line.confidence) for line in found]

    def _lines(self, likely: NDArray[np.float32]) -> list[Line]:
        marked = (likely > self._model.ink).astype(np.uint8)
        marked = cv2.dilate(marked, np.ones((2, 2), np.uint8)).astype(np.uint8)
        outlines, _ = cv2.findContours(marked, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        lines = []
        for outline in outlines:
            middle, (width, height), angle = cv2.minAreaRect(outline)
            if min(width, height) < THIN:
                continue
            core = cv2.boxPoints((middle, (width, height), angle)).astype(np.float32)
            confidence = _mean_within(likely, core)
            if confidence >= self._model.least:
                # The network marks the core of a line alone, by the share that Liao et al. shrink it by.
                rim = 2 * width * height * self._model.rim / (2 * (width + height))
                corners = cv2.boxPoints((middle, (width + rim, height + rim), angle))
                lines.append(Line(corners.astype(np.float32), confidence))
        return sorted(lines, key=lambda line: -line.confidence)[:MOST_LINES]


def _mean_within(likely: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    height, width = likely.shape
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, [width - 1, height - 1]).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)), 0, [width - 1, height - 1]).astype(int)
    inside = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(inside, [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(likely[top : bottom + 1, left : right + 1], inside)[0])


def _upright(corners: Corners) -> Corners:
    """The corners, clockwise, from the one from which the most level edge leads to the right."""
    turns = [np.roll(corners, -start, axis=0) for start in range(4)]
    return max(turns, key=lambda turn: float(_direction(turn)[0]))


def _direction(corners: Corners) -> NDArray[np.float32]:
    edge: NDArray[np.float32] = corners[1] - corners[0]
    return edge / max(float(np.hypot(*edge)), 1e-6)
