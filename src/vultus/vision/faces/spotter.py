"""Finding faces at one glance: a small network that looks at a whole square at once (BlazeFace)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vultus.config import ConfigError
from vultus.vision.boxes import Boxes, Values
from vultus.vision.models.model import Grid, Spotter
from vultus.vision.models.runtime import LiteNetwork
from vultus.vision.pyramid import Pyramid

CORNERS = 16  # numbers for each box: its middle, its size, and six landmarks, of which the first two are the eyes
EYES = slice(4, 8)
HIGHEST = 80.0  # evidence beyond it is certainty, and exp of it still a number


@dataclass(frozen=True, slots=True)
class Spots:
    """What may be faces: many boxes for each, and as many again for what is none.

    Attributes:
        boxes: (n, 4) pixels of the picture.
        eyes: (n, 2, 2) left and right eye as the viewer sees them, pixels of the picture.
        likely: (n,) 0 to 1.
    """

    boxes: Boxes
    eyes: Values
    likely: Values


class FaceSpotter:
    """Gives boxes from the eyebrows to the chin, and how likely each is a face.

    Source: Bazarevsky et al., BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs, 2019.
    """

    def __init__(self, model: Spotter, file: Path) -> None:
        self._model = model
        self._network = LiteNetwork(file)
        self._anchors = _anchors(model.side, model.grids)

    def spot(self, pyramid: Pyramid, square: Values) -> Spots:
        """Look at a square of a picture.

        Args:
            pyramid: of the picture.
            square: (4,) left, top, right, bottom in pixels of the picture; it may reach beyond.

        Raises:
            ConfigError: the file is not what ``models.toml`` says.
        """
        side = self._model.side
        pixels = pyramid.cut(square[np.newaxis], side).transpose(0, 2, 1, 3)
        values = np.ascontiguousarray(pixels, np.float32)
        values -= 127.5
        values *= 1 / 127.5
        outputs = {output.shape[-1]: output[0] for output in self._network.run(values)}
        if {width: len(output) for width, output in outputs.items()} != dict.fromkeys((CORNERS, 1), len(self._anchors)):
            raise ConfigError(f"The network of {self._model.id} does not give {len(self._anchors)} boxes.")
        middle = outputs[CORNERS][:, :2] / side + self._anchors
        half = outputs[CORNERS][:, 2:4] / (2 * side)
        corner, extent = square[:2], square[2] - square[0]
        boxes = np.hstack([middle - half, middle + half]) * extent + np.tile(corner, 2)
        eyes = (outputs[CORNERS][:, EYES].reshape(-1, 2, 2) / side + self._anchors[:, np.newaxis]) * extent + corner
        likely = 1 / (1 + np.exp(-np.clip(outputs[1][:, 0], -HIGHEST, HIGHEST)))
        return Spots(boxes.astype(np.float32), eyes.astype(np.float32), likely.astype(np.float32))


def _anchors(side: int, grids: Sequence[Grid]) -> Values:
    """Where boxes are measured from, in parts of the square: the middle of a cell, for each box of it."""
    rows = []
    for grid in grids:
        middles = (np.arange(side // grid.stride, dtype=np.float32) + 0.5) * (grid.stride / side)
        across, down = np.meshgrid(middles, middles)
        rows.append(np.repeat(np.stack([across.ravel(), down.ravel()], axis=1), grid.boxes, axis=0))
    return np.concatenate(rows)
