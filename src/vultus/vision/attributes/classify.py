"""Telling an attribute of a face: how likely each of its classes is."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError
from vultus.vision.faces.align import framed
from vultus.vision.models.model import Classifier
from vultus.vision.models.runtime import LiteNetwork, OnnxNetwork
from vultus.vision.pyramid import Pixels

LEAST = 1e-12  # probability; a network that rounds one to nothing leaves no logarithm of it


class FaceClassifier:
    """Tells how likely each class is, from a face and its mirror together.

    Attributes:
        model: its entry in ``models.toml``.
    """

    def __init__(self, model: Classifier, file: Path) -> None:
        if model.bias and len(model.bias) != model.classes:
            raise ConfigError(f"The network of {model.id} has {model.classes} classes and {len(model.bias)} biases.")
        self.model = model
        self._network = OnnxNetwork(file) if model.runtime == "onnx" else LiteNetwork(file)

    def probabilities(self, pixels: Pixels, landmarks: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return how likely each class is.

        Args:
            pixels: (h, w, 3) RGB, the picture.
            landmarks: (5, 2) pixels of the picture.

        Returns:
            (classes,), together 1.

        Raises:
            ConfigError: the file is not what ``models.toml`` says.
        """
        return self.calibrated(self.evidence(pixels, landmarks))

    def evidence(self, pixels: Pixels, landmarks: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the logarithms of what the network says, of face and mirror on average; see ``probabilities``."""
        model = self.model
        chip = framed(pixels, landmarks, model.side, model.margin)
        if model.colour == "grey":
            chip = cv2.cvtColor(chip, cv2.COLOR_RGB2GRAY)[:, :, np.newaxis].astype(np.uint8, copy=False)
        values = np.stack([chip, chip[:, ::-1]]).astype(np.float32)
        values -= np.array(model.mean[: chip.shape[2]], np.float32)
        values *= 1 / model.scale
        if model.runtime == "onnx":
            values = np.ascontiguousarray(values.transpose(0, 3, 1, 2))
        both = self._network.run(values)[0]
        if both.shape != (2, model.classes):
            raise ConfigError(f"The network of {model.id} answers with shape {both.shape}, not {(2, model.classes)}.")
        evidence: NDArray[np.float64] = np.log(np.maximum(both, LEAST), dtype=np.float64).mean(axis=0)
        return evidence

    def calibrated(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probabilities that evidence comes to, biases added.

        Source: Guo et al., On Calibration of Modern Neural Networks, 2017 (temperature scaling).
        """
        weighed = evidence + np.array(self.model.bias) if self.model.bias else evidence
        likely = np.exp((weighed - weighed.max()) / self.model.temperature)
        shares: NDArray[np.float64] = likely / likely.sum()
        return shares
