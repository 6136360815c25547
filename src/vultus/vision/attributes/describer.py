"""The face describer: tells the traits of a face."""

import logging
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.config import Attribute
from vultus.vision.attributes.age import age_of
from vultus.vision.attributes.appeal import appeal_of
from vultus.vision.attributes.classify import FaceClassifier
from vultus.vision.attributes.emotion import emotion_of
from vultus.vision.attributes.eyes import openness_of
from vultus.vision.attributes.gender import gender_of
from vultus.vision.attributes.mesh import Mesh
from vultus.vision.attributes.mouth import mouth_of
from vultus.vision.attributes.wearing import beard_of, glasses_of, hat_of, mask_of
from vultus.vision.attributes.worn import WornDescriber
from vultus.vision.faces.face import Pose, Traits
from vultus.vision.models.store import ModelStore, ModelUnavailable
from vultus.vision.pyramid import Pixels

WORN = frozenset({"mask", "glasses", "hat", "beard"})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class View:
    """A face as it is seen in a picture.

    Attributes:
        pixels: (h, w, 3) RGB, the picture.
        landmarks: (5, 2) pixels of the picture.
        chip: (112, 112, 3) RGB, aligned.
        mesh: laid over the face; None where none could be.
        pose: where the head turns.
        sharpness: 0 to 1.
        layer: (2, c, h, w) of the network that embeds the face; None where it gives none.
    """

    pixels: Pixels
    landmarks: NDArray[np.float32]
    chip: Pixels
    mesh: Mesh | None
    pose: Pose
    sharpness: float
    layer: NDArray[np.float32] | None


class FaceDescriber:
    """Tells what the settings ask for of a face, on one thread.

    Attributes:
        age, gender, emotion: networks; None where they are not asked for, or where their files cannot be had, for a
            face is a face without them.
        worn: tells what it wears; likewise.
    """

    def __init__(self, store: ModelStore, wanted: Collection[Attribute], profile: str) -> None:
        """Load the networks of the attributes that are wanted.

        Args:
            store: gives the files.
            wanted: the attributes.
            profile: id of the model by which faces are embedded.
        """
        self.age = _classifier(store, "age") if "age" in wanted else None
        self.gender = _classifier(store, "gender") if "gender" in wanted else None
        self.emotion = _classifier(store, "emotion") if "emotion" in wanted else None
        self.worn = _worn(store, profile) if WORN.intersection(wanted) else None
        self._wanted = frozenset(wanted)

    def describe(self, view: View) -> Traits:
        """Return the traits of a face; of one that is hidden behind a mask, neither mouth nor emotion.

        Raises:
            ConfigError: a file is not what ``models.toml`` says.
        """
        where, mesh = (view.pixels, view.landmarks), view.mesh
        worn = self.worn.evidence(view.chip, view.layer) if self.worn else None
        hidden = worn is not None and mask_of(worn).value == "mask"
        return Traits(
            age=age_of(self.age.probabilities(*where), self.age.model.spread) if self.age else None,
            gender=gender_of(self.gender.probabilities(*where)) if self.gender else None,
            emotion=emotion_of(self.emotion.probabilities(*where)) if self.emotion and not hidden else None,
            mouth=mouth_of(mesh) if mesh and "mouth" in self._wanted and not hidden else None,
            mask=mask_of(worn) if worn and "mask" in self._wanted else None,
            glasses=glasses_of(worn) if worn and "glasses" in self._wanted else None,
            hat=hat_of(worn) if worn and "hat" in self._wanted else None,
            beard=beard_of(worn) if worn and "beard" in self._wanted else None,
            appeal=self._appeal(view, mesh) if mesh and "attractive" in self._wanted else None,
        )

    def _appeal(self, view: View, mesh: Mesh) -> float:
        return appeal_of(view.chip, view.sharpness, view.pose, openness_of(mesh))


def _classifier(store: ModelStore, attribute: Attribute) -> FaceClassifier | None:
    entry = store.models.classifier(attribute)
    try:
        return FaceClassifier(entry, store.path(entry.file))
    except ModelUnavailable as error:
        log.warning("Faces are described without %s: %s", attribute, error)
        return None


def _worn(store: ModelStore, profile: str) -> WornDescriber | None:
    try:
        return WornDescriber(store, profile)
    except ModelUnavailable as error:
        log.warning("Faces are described without mask, glasses, hat and beard: %s", error)
        return None
