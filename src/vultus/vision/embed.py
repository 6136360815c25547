"""Embedding: an aligned face turned into a vector of unit length; close vectors are of one person."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError
from vultus.vision.model import Embedder
from vultus.vision.pyramid import Pixels
from vultus.vision.runtime import LiteNetwork, OnnxNetwork


@dataclass(frozen=True, slots=True)
class Embedding:
    """What the network says of a face.

    Attributes:
        vector: (d,) of unit length.
        strength: length of the vector before that; the network gives short ones for what it can hardly recognise.
        agreement: cosine of the vectors of the chip and of its mirror, -1 to 1; low where a face is hard to see.
    """

    vector: NDArray[np.float32]
    strength: float
    agreement: float


class FaceEmbedder:
    """Turns chips into embeddings, each the sum of those of the chip and its mirror."""

    def __init__(self, model: Embedder, file: Path) -> None:
        self._model = model
        self._network = OnnxNetwork(file) if model.runtime == "onnx" else LiteNetwork(file)

    def embed(self, chip: Pixels) -> Embedding:
        """Embed a face.

        Args:
            chip: (112, 112, 3) RGB, aligned.

        Raises:
            ConfigError: the network is not what ``models.toml`` says.
        """
        both = self._network.run(self._input(chip))[0]
        if both.shape != (2, self._model.dimension):
            raise ConfigError(
                f"The network of {self._model.id} answers with shape {both.shape}, not {(2, self._model.dimension)}."
            )
        total = both[0] + both[1]
        length = float(np.linalg.norm(total))
        lengths = max(float(np.linalg.norm(both[0]) * np.linalg.norm(both[1])), 1e-12)
        return Embedding(total / max(length, 1e-12), length / 2, float(both[0] @ both[1]) / lengths)

    def _input(self, chip: Pixels) -> NDArray[np.float32]:
        if self._model.colour == "bgr":
            chip = chip[:, :, ::-1]
        values = np.stack([chip, chip[:, ::-1]]).astype(np.float32)
        values -= self._model.mean
        values *= 1 / self._model.scale
        return np.ascontiguousarray(values.transpose(0, 3, 1, 2)) if self._model.layout == "nchw" else values
