"""Finding faces at one glance: a small network that looks at a whole square at once (BlazeFace)."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vultus.config import ConfigError
from vultus.vision.boxes import Boxes, Values
from vultus.vision.models.model import Grid, Spotter
from vultus.vision.models.runtime import LiteNetwork
from vultus.vision.pyramid import Pyramid

CORNERS = 16  # numbers for each box: its middle, its size, and six landmarks, which are not used here
HIGHEST = 80.0  # evidence beyond it is certainty, and exp of it still a number


class FaceSpotter:
    """Gives boxes from the eyebrows to the chin, and how likely each is a face.

    Source: Bazarevsky et al., BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs, 2019.
    """

    def __init__(self, model: Spotter, file: Path) -> None:
        self._model = model
        self._network = LiteNetwork(file)
        self._anchors = _anchors(model.side, model.grids)

    def spot(self, pyramid: Pyramid, square: Values) -> tuple[Boxes, Values]:
        """Look at a square of a picture.

        Args:
            pyramid: of the picture.
            square: (4,) left, top, right, bottom in pixels of the picture; it may reach beyond.

        Returns:
            (n, 4) boxes in pixels of the picture and (n,) how likely each is a face, 0 to 1; many for each face, and
            as many again for what is none.

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
        boxes = np.hstack([middle - half, middle + half]) * (square[2] - square[0]) + np.tile(square[:2], 2)
        likely = 1 / (1 + np.exp(-np.clip(outputs[1][:, 0], -HIGHEST, HIGHEST)))
        return boxes.astype(np.float32), likely.astype(np.float32)


def _anchors(side: int, grids: Sequence[Grid]) -> Values:
    """Where boxes are measured from, in parts of the square: the middle of a cell, for each box of it."""
    rows = []
    for grid in grids:
        middles = (np.arange(side // grid.stride, dtype=np.float32) + 0.5) * (grid.stride / side)
        across, down = np.meshgrid(middles, middles)
        rows.append(np.repeat(np.stack([across.ravel(), down.ravel()], axis=1), grid.boxes, axis=0))
    return np.concatenate(rows)
