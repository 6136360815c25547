"""A mesh laid over a face: where eyelids, lips, nose and cheeks are, in three dimensions."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError
from vultus.vision.faces.align import frame, framed
from vultus.vision.models.model import MeshModel
from vultus.vision.models.runtime import LiteNetwork
from vultus.vision.pyramid import Pixels

POINTS = 478  # 468 of the face, and ten of the irises
CERTAIN = 80.0  # evidence beyond it is certainty, and exp of it still a number
PRESENT = 0.0  # evidence of a face from which the network believes in it, half and half


@dataclass(frozen=True, slots=True)
class Mesh:
    """A mesh laid over a face.

    Attributes:
        points: (478, 3) to the right and down in pixels of the picture, away from the viewer on the same scale from
            wherever the network puts zero; numbered as MediaPipe numbers them.
    """

    points: NDArray[np.float64]

    def width(self, one: int, other: int) -> float:
        """How far two points lie apart, pixels; never zero."""
        return max(float(np.linalg.norm(self.points[one] - self.points[other])), 1e-6)


class FaceMesher:
    """Lays a mesh over faces.

    The chip is turned upright by the five landmarks, so that the mesh of a turned picture is the turned mesh.

    Source: Kartynnik et al., Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs, 2019.
    """

    def __init__(self, model: MeshModel, file: Path) -> None:
        self._model = model
        self._network = LiteNetwork(file, model.member)

    def mesh(self, pixels: Pixels, landmarks: NDArray[np.float32]) -> Mesh | None:
        """Return the mesh of a face; None where the network sees none, as under a mask or a hand.

        Args:
            pixels: (h, w, 3) RGB, the picture.
            landmarks: (5, 2) pixels of the picture.

        Raises:
            ConfigError: the file is not what ``models.toml`` says.
        """
        coordinates, evidence = self._laid(pixels, landmarks)
        if evidence < PRESENT:
            return None
        return Mesh(_placed(coordinates, frame(landmarks, self._model.side, self._model.margin)))

    def presence(self, pixels: Pixels, landmarks: NDArray[np.float32]) -> float:
        """Return how likely a face is where landmarks lie, 0 to 1; the network sees one from 0.5 on.

        Args:
            pixels: (h, w, 3) RGB, the picture.
            landmarks: (5, 2) pixels of the picture.

        Raises:
            ConfigError: the file is not what ``models.toml`` says.
        """
        evidence = min(max(self._laid(pixels, landmarks)[1], -CERTAIN), CERTAIN)
        return 1 / (1 + math.exp(-evidence))

    def _laid(self, pixels: Pixels, landmarks: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
        """(478, 3) points in pixels of the chip, and the evidence of a face."""
        model = self._model
        chip = framed(pixels, landmarks, model.side, model.margin).astype(np.float32) * np.float32(1 / 255)
        coordinates, evidence = self._network.run(chip[np.newaxis])[:2]
        if coordinates.size != POINTS * 3 or evidence.size != 1:
            raise ConfigError(f"The network of {model.id} does not give {POINTS} points.")
        return coordinates.reshape(POINTS, 3).astype(np.float64), float(evidence.item())


def _placed(points: NDArray[np.float64], to_chip: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of a chip as points of the picture that it was cut from."""
    turn, move = to_chip[:, :2], to_chip[:, 2]
    back = np.linalg.inv(turn)
    return np.column_stack([(points[:, :2] - move) @ back.T, points[:, 2] * np.sqrt(abs(np.linalg.det(back)))])
