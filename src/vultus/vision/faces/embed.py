"""Embedding: an aligned face turned into a vector of unit length; close vectors are of one person."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError
from vultus.vision.models.model import Embedder, Models, Pair
from vultus.vision.models.runtime import LiteNetwork, OnnxNetwork, OpenCVNetwork
from vultus.vision.models.tap import TappedNetwork
from vultus.vision.pyramid import Pixels

RUNTIMES: dict[str, Callable[[Path], LiteNetwork | OnnxNetwork | OpenCVNetwork]] = {
    "tflite": LiteNetwork,
    "onnx": OnnxNetwork,
    "opencv": OpenCVNetwork,
}


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a model says of a face.

    Attributes:
        vector: (d,) of unit length.
        strength: length of the vector before that; networks give short ones for what they can hardly recognise. Of a
            pair, the geometric mean of both.
        agreement: cosine of the vectors of the chip and of its mirror, -1 to 1; low where a face is hard to see. Of a
            pair, the mean of both.
        layer: (2, c, h, w) what a layer of the network says of the chip and of its mirror, where ``models.toml`` names
            one.
    """

    vector: NDArray[np.float32]
    strength: float
    agreement: float
    layer: NDArray[np.float32] | None = None


class ChipEmbedder(Protocol):
    """Turns chips into embeddings: one network, or two together."""

    def embed(self, chip: Pixels) -> Embedding:
        """Embed a face.

        Args:
            chip: (112, 112, 3) RGB, aligned.

        Raises:
            ConfigError: a file is not what ``models.toml`` says.
        """


def load_embedder(models: Models, path: Callable[[str], Path], model_id: str) -> ChipEmbedder:
    """Load an embedding model.

    Args:
        models: those that are known.
        path: gives the path of a model file by its id.
        model_id: of the model.

    Raises:
        ConfigError: there is no such model, or a file of it cannot be used.
    """
    model = models.embedding_model(model_id)
    if isinstance(model, Embedder):
        return FaceEmbedder(model, path(model.file))
    parts = [models.embedder(part) for part in model.parts]
    one, other = (FaceEmbedder(part, path(part.file)) for part in parts)
    return PairEmbedder(model, one, other, path(model.projection))


class FaceEmbedder:
    """Turns chips into embeddings, each the sum of those of the chip and its mirror."""

    def __init__(self, model: Embedder, file: Path) -> None:
        self._model = model
        self._network = _network(model, file)

    def embed(self, chip: Pixels) -> Embedding:
        """Embed a face; see ``ChipEmbedder``."""
        both, *layer = self._network.run(self._input(chip))
        if both.shape != (2, self._model.dimension):
            raise ConfigError(
                f"The network of {self._model.id} answers with shape {both.shape}, not {(2, self._model.dimension)}."
            )
        total = both[0] + both[1]
        length = float(np.linalg.norm(total))
        lengths = max(float(np.linalg.norm(both[0]) * np.linalg.norm(both[1])), 1e-12)
        agreement = float(both[0] @ both[1]) / lengths
        return Embedding(total / max(length, 1e-12), length / 2, agreement, layer[0] if self._model.layer else None)

    def _input(self, chip: Pixels) -> NDArray[np.float32]:
        if self._model.colour == "bgr":
            chip = chip[:, :, ::-1]
        values = np.stack([chip, chip[:, ::-1]]).astype(np.float32)
        values -= self._model.mean
        values *= 1 / self._model.scale
        return np.ascontiguousarray(values.transpose(0, 3, 1, 2)) if self._model.layout == "nchw" else values


def _network(model: Embedder, file: Path) -> LiteNetwork | OnnxNetwork | OpenCVNetwork | TappedNetwork:
    if model.layer is None:
        return RUNTIMES[model.runtime](file)
    if model.runtime != "opencv":
        raise ConfigError(f"The model {model.id} names a layer, which only the runtime opencv can give.")
    return TappedNetwork(file, model.layer)


class PairEmbedder:
    """Turns chips into embeddings of two networks together.

    The vectors of both, each of unit length, are put one after the other, so that their cosines add up. A projection
    onto the directions in which faces differ most (PCA) brings them down to fewer numbers; nearly all of the cosine is
    kept, for either network uses fewer directions than it has numbers.
    """

    def __init__(self, model: Pair, one: ChipEmbedder, other: ChipEmbedder, projection: Path) -> None:
        self._model = model
        self._one, self._other = one, other
        try:
            with projection.open("rb") as file:
                self._projection = np.lib.format.read_array(file, allow_pickle=False).astype(np.float32)
        except ValueError as error:
            raise ConfigError(f"{projection} is no projection: {error}") from error

    def embed(self, chip: Pixels) -> Embedding:
        """Embed a face; see ``ChipEmbedder``."""
        one, other = self._one.embed(chip), self._other.embed(chip)
        both = np.concatenate([one.vector, other.vector])
        if self._projection.shape != (self._model.dimension, len(both)):
            raise ConfigError(
                f"The projection of {self._model.id} has shape {self._projection.shape}, "
                f"not {(self._model.dimension, len(both))}."
            )
        total = self._projection @ both
        length = float(np.linalg.norm(total))
        # Lengths are on a scale of each network's own: their geometric mean weighs both alike.
        strength = math.sqrt(one.strength * other.strength)
        agreement = (one.agreement + other.agreement) / 2
        layer = one.layer if other.layer is None else other.layer
        return Embedding(total / max(length, 1e-12), strength, agreement, layer)
