"""What a picture shows, as far as a network of a thousand classes can tell."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError, Settings
from vultus.vision.models.model import Labeller
from vultus.vision.models.runtime import OnnxNetwork
from vultus.vision.models.store import ModelStore, ModelUnavailable
from vultus.vision.models.torch_file import read_tensors
from vultus.vision.pictures.concept import Concept, all_concepts
from vultus.vision.pictures.efficientnet import network_of
from vultus.vision.pyramid import Pixels

MODEL = "efficientnet-lite2"
LEAST = 0.45  # confidence of a label; docs/models.md tells how many are right
ABOUT = 0.5  # of the strongest evidence; cells with less are the surroundings of a thing
MOST = 12  # labels of a picture

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a picture shows.

    Attributes:
        concept: what.
        confidence: 0 to 1.
        centrality: how near to the middle what made the network say so is: 1 in the middle, 0 in a corner.
    """

    concept: Concept
    confidence: float
    centrality: float


class LabelFinder:
    """Tells what pictures show, on one thread."""

    def __init__(self, settings: Settings) -> None:
        """Load its network.

        Raises:
            ConfigError: the file is not what ``models.toml`` says.
        """
        self._network = _network(ModelStore(settings))

    def find(self, pixels: Pixels) -> list[Finding] | None:
        """Return what a picture shows, the surest first; None where the network cannot be had.

        Args:
            pixels: (h, w, 3) RGB.
        """
        return None if self._network is None else self._network.find(pixels)


def _network(store: ModelStore) -> "LabelNetwork | None":
    model = store.models.labeller(MODEL)
    try:
        return LabelNetwork(model, store.path(model.file).read_bytes())
    except ModelUnavailable as error:
        log.warning("Pictures are indexed without labels: %s", error)
        return None


class LabelNetwork:
    """The network, and how its classes make up labels."""

    def __init__(self, model: Labeller, content: bytes) -> None:
        tensors = read_tensors(content)
        try:
            network = network_of(tensors, model.side, model.halving)
            self._weights, self._bias = tensors["_fc.weight"], tensors["_fc.bias"]
        except KeyError as error:
            raise ConfigError(f"The weights of {model.id} lack {error}.") from None
        self._model = model
        self._network = OnnxNetwork(network)

    def find(self, pixels: Pixels) -> list[Finding]:
        """Return what a picture shows; see ``LabelFinder.find``."""
        side = self._model.side
        values = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
        values = (values - self._model.mean) * np.float32(1 / self._model.scale)
        features = self._network.run(np.ascontiguousarray(values.transpose(2, 0, 1)[np.newaxis]))[0][0]
        evidence = self._weights @ features.mean(axis=(1, 2)) + self._bias
        likely = np.exp(evidence - evidence.max())
        likely /= likely.sum()
        findings = []
        for concept in all_concepts().values():
            classes = sorted(concept.classes)
            confidence = float(likely[classes].sum())
            if confidence >= LEAST:
                centrality = _centrality(features, likely[classes] @ self._weights[classes])
                findings.append(Finding(concept, min(confidence, 1.0), centrality))
        return sorted(findings, key=lambda finding: (-finding.confidence, finding.concept.level))[:MOST]


def _centrality(features: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    """How near to the middle the cells are that speak for a class.

    Source: Zhou et al., Learning Deep Features for Discriminative Localization, 2016 (class activation maps).
    """
    activation = np.tensordot(weights, features, axes=1)
    activation = np.maximum(activation - activation.max() * ABOUT, 0)
    rows, columns = (np.abs((np.arange(size) + 0.5) * 2 / size - 1) for size in activation.shape)
    distance = np.hypot(rows[:, np.newaxis], columns) / np.sqrt(2)
    mass = float(activation.sum())
    return float(1 - (activation * distance).sum() / mass) if mass > 0 else 0.5


def merged(findings: Sequence[Sequence[Finding]]) -> list[Finding]:
    """Return what several pictures show, each thing as the surest of them has it."""
    best: dict[str, Finding] = {}
    for finding in (each for picture in findings for each in picture):
        if finding.concept.id not in best or best[finding.concept.id].confidence < finding.confidence:
            best[finding.concept.id] = finding
    return sorted(best.values(), key=lambda finding: (-finding.confidence, finding.concept.level))
