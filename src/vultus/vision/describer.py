"""The face describer: tells the traits of a face."""

import logging
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from vultus.config import Attribute
from vultus.vision.age import age_of
from vultus.vision.classify import FaceClassifier
from vultus.vision.face import Traits
from vultus.vision.gender import gender_of
from vultus.vision.pyramid import Pixels
from vultus.vision.store import ModelStore, ModelUnavailable

log = logging.getLogger(__name__)


class FaceDescriber:
    """Tells what the settings ask for of a face, on one thread.

    Attributes:
        age, gender: networks; None where they are not asked for, or where their files cannot be had, for a face is a
            face without them.
    """

    def __init__(self, store: ModelStore, wanted: Collection[Attribute]) -> None:
        """Load the networks of the attributes that are wanted."""
        self.age = _classifier(store, "age") if "age" in wanted else None
        self.gender = _classifier(store, "gender") if "gender" in wanted else None

    def describe(self, pixels: Pixels, landmarks: NDArray[np.float32]) -> Traits:
        """Return the traits of a face.

        Args:
            pixels: (h, w, 3) RGB, the picture.
            landmarks: (5, 2) pixels of the picture.

        Raises:
            ConfigError: a file is not what ``models.toml`` says.
        """
        where = pixels, landmarks
        return Traits(
            age=age_of(self.age.probabilities(*where), self.age.model.spread) if self.age else None,
            gender=gender_of(self.gender.probabilities(*where)) if self.gender else None,
        )


def _classifier(store: ModelStore, attribute: Attribute) -> FaceClassifier | None:
    entry = store.models.classifier(attribute)
    try:
        return FaceClassifier(entry, store.path(entry.file))
    except ModelUnavailable as error:
        log.warning("Faces are described without %s: %s", attribute, error)
        return None
