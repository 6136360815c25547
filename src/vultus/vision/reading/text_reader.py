"""Reading a line of text, once it is cut out and turned."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError
from vultus.vision.models.model import TextModel
from vultus.vision.models.runtime import OnnxNetwork
from vultus.vision.pyramid import Pixels
from vultus.vision.reading.text_lines import Corners, size_of

HEIGHT = 48  # pixels of the input of both networks
NARROWEST = 160  # pixels; single letters are read better with empty space behind them
WIDEST = 2400  # pixels; longer lines are squeezed
TURNER_WIDTH = 192  # pixels of the input of the network that tells which way is up


class TextReader:
    """Tells which way up a line is, and reads it.

    Source: Shi et al., An End-to-End Trainable Neural Network for Image-based Sequence Recognition, 2016, and Graves et
    al., Connectionist Temporal Classification, 2006.
    """

    def __init__(self, model: TextModel, reader: Path, turner: Path) -> None:
        self._model = model
        self._reader = OnnxNetwork(reader)
        self._turner = OnnxNetwork(turner)
        # The letters are in the file itself, one a line; before them is the one that stands for no letter.
        self._letters = ["", *self._reader.notes.get("character", "").split("\n"), " "]

    def read(self, strip: Pixels) -> tuple[str, float]:
        """Return what is written on a strip, and how certain it is, 0 to 1; nothing and 0 where nothing is.

        Args:
            strip: (48, w, 3) RGB; see ``cut_out``.

        Raises:
            ConfigError: a file is not what ``models.toml`` says.
        """
        likely = self._reader.run(self._planes(strip, max(strip.shape[1], NARROWEST)))[0]
        if likely.ndim != 3 or likely.shape[2] != len(self._letters):
            raise ConfigError(f"The network of {self._model.id} does not read {len(self._letters)} letters.")
        best, sure = likely[0].argmax(axis=1), likely[0].max(axis=1)
        kept = (best != 0) & (best != np.concatenate([[0], best[:-1]]))
        if not kept.any():
            return "", 0.0
        return "".join(self._letters[letter] for letter in best[kept]).strip(), float(sure[kept].mean())

    def upside_down(self, strip: Pixels) -> float:
        """Return how likely a strip is upside down, 0 to 1."""
        width = min(strip.shape[1], TURNER_WIDTH)
        small = cv2.resize(strip, (width, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.uint8)
        return float(self._turner.run(self._planes(small, TURNER_WIDTH))[0][0, 1])

    def _planes(self, strip: Pixels, width: int) -> NDArray[np.float32]:
        values = (strip[..., ::-1].astype(np.float32) - self._model.mean) * np.float32(1 / self._model.scale)
        planes = np.zeros((1, 3, HEIGHT, width), np.float32)
        planes[0, :, :, : strip.shape[1]] = values.transpose(2, 0, 1)
        return planes


def cut_out(pixels: Pixels, corners: Corners) -> Pixels:
    """Return the strip that a line covers, level, 48 pixels high.

    Args:
        pixels: (h, w, 3) RGB.
        corners: of the line, from where the text has its top left, clockwise.
    """
    width, height = (max(round(edge), 1) for edge in size_of(corners))
    target = np.array([[0, 0], [width, 0], [0, height]], np.float32)
    level = cv2.getAffineTransform(corners[[0, 1, 3]], target)
    strip = cv2.warpAffine(pixels, level, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    wanted = min(max(round(width * HEIGHT / height), 1), WIDEST)
    filter_ = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_LINEAR
    return cv2.resize(strip, (wanted, HEIGHT), interpolation=filter_).astype(np.uint8)
