"""The face analyser: a picture goes in, its faces come out."""

import logging
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.config import Faces
from vultus.media.images.picture import Picture
from vultus.vision.attributes.describer import FaceDescriber, View
from vultus.vision.attributes.mesh import FaceMesher
from vultus.vision.attributes.pose import pose_of, pose_of_mesh
from vultus.vision.faces.align import aligned
from vultus.vision.faces.detect import Detections, Detector
from vultus.vision.faces.embed import load_embedder
from vultus.vision.faces.face import Face, Traits
from vultus.vision.faces.quality import quality_of
from vultus.vision.faces.second_look import SecondLook
from vultus.vision.faces.sharpness import sharpness_of
from vultus.vision.faces.spotter import FaceSpotter
from vultus.vision.models.store import ModelStore, ModelUnavailable

DETECTOR = "mtcnn"
MESH = "mesh"
SECOND_LOOK = ("blazeface-short", "blazeface-back")  # the one that seeks, and the one that is asked as well

log = logging.getLogger(__name__)


class FaceAnalyser:
    """Finds, describes and embeds the faces of pictures, on one thread.

    Attributes:
        model: id of the embedding model; embeddings of two models are never compared.
        detector, embedder: the networks, each usable by itself.
        mesher: lays meshes over faces; None where its file cannot be had.
        describer: tells the traits that the settings ask for.
    """

    def __init__(self, store: ModelStore, faces: Faces, model: str = "") -> None:
        """Load the networks.

        Args:
            store: gives the files.
            faces: the settings.
            model: id of the embedding model; that of the settings when left out.

        Raises:
            ModelUnavailable: a model file is not here and cannot be fetched.
            ConfigError: there is no embedding model of that name, or its file is no network.
        """
        cv2.setNumThreads(1)  # a worker is one process of one thread; its neighbours have the other cores
        self.model = model or faces.profile
        self._quality = store.models.embedding_model(self.model).quality
        self.mesher = _mesher(store)
        second_look = _second_look(store, self.mesher)
        self.detector = Detector(store.models.cascade(DETECTOR), store.path, faces.min_side, second_look)
        self.embedder = load_embedder(store.models, store.path, self.model)
        self.describer = FaceDescriber(store, faces.attributes, self.model)

    def analyse(self, picture: Picture) -> list[Face]:
        """Return the faces of a picture, the largest first."""
        found = self.detector.detect(picture.pixels)
        faces = [self._face(picture, found, row, described=True) for row in range(len(found))]
        return sorted(faces, key=lambda face: face.box[2] * face.box[3], reverse=True)

    def look_at(self, picture: Picture, boxes: Sequence[tuple[int, int, int, int]]) -> list[Face]:
        """Return the faces in boxes that are known, without traits, and with a pose from their landmarks alone.

        Args:
            picture: the picture.
            boxes: left, top, width and height of each, in pixels of the upright full-size image.

        Returns:
            A face for each box, in their order.
        """
        places = np.array(boxes, np.float32).reshape(-1, 4)
        corners = np.hstack([places[:, :2], places[:, :2] + places[:, 2:]]) / picture.scale
        found = self.detector.look_at(picture.pixels, corners.astype(np.float32))
        return [self._face(picture, found, row, described=False) for row in range(len(found))]

    def _face(self, picture: Picture, found: Detections, row: int, *, described: bool) -> Face:
        landmarks = found.landmarks[row]
        chip = aligned(picture.pixels, landmarks)
        embedding = self.embedder.embed(chip)
        confidence = float(np.clip(found.confidence[row], 0, 1))
        mesh = self.mesher.mesh(picture.pixels, landmarks) if self.mesher and described else None
        pose = pose_of_mesh(mesh) if mesh else pose_of(landmarks)
        sharpness = sharpness_of(chip)
        view = View(picture.pixels, landmarks, chip, mesh, pose, sharpness, embedding.layer)
        return Face(
            box=_whole_box(found.boxes[row] * picture.scale, picture),
            landmarks=landmarks * np.float32(picture.scale),
            confidence=confidence,
            pose=pose,
            sharpness=sharpness,
            quality=quality_of(embedding, confidence, self._quality),
            embedding=embedding.vector,
            traits=self.describer.describe(view) if described else Traits(),
        )


def _mesher(store: ModelStore) -> FaceMesher | None:
    model = store.models.mesh(MESH)
    try:
        return FaceMesher(model, store.path(model.file))
    except ModelUnavailable as error:
        log.warning("Poses are told less well, and faces described without mouth: %s", error)
        return None


def _second_look(store: ModelStore, mesher: FaceMesher | None) -> SecondLook | None:
    """The networks of a second look; None where their files cannot be had: few faces need it."""
    try:
        spotters = [store.models.spotter(name) for name in SECOND_LOOK]
        seeker, witness = (FaceSpotter(spotter, store.path(spotter.file)) for spotter in spotters)
    except ModelUnavailable as error:
        log.warning("Masked faces are looked for less well: %s", error)
        return None
    return SecondLook(seeker, witness, mesher.presence if mesher else None)


def _whole_box(box: NDArray[np.float32], picture: Picture) -> tuple[int, int, int, int]:
    """Left, top, width and height in whole pixels, inside the picture, at least a pixel each."""
    size = (picture.width, picture.height)
    left, top = (min(max(round(float(edge)), 0), limit - 1) for edge, limit in zip(box[:2], size, strict=True))
    right, bottom = (min(round(float(edge)), limit) for edge, limit in zip(box[2:], size, strict=True))
    return left, top, max(right - left, 1), max(bottom - top, 1)
