"""Finding faces: three small networks, each looking closer at what the one before let through (MTCNN)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.vision.boxes import Boxes, Values, outermost, shift, square, strongest
from vultus.vision.faces.second_look import Candidates, SecondLook, with_forehead, without_forehead
from vultus.vision.models.model import Cascade
from vultus.vision.models.runtime import OnnxNetwork
from vultus.vision.pyramid import GREY, Level, Pixels, Pyramid

CELL = 12  # pixels; side of the field that the first network sees
STRIDE = 2  # pixels from one field to the next
MARGIN = 4  # pixels of grey about each level, so that a face that fills the picture is seen whole
REFINE_SIDE = 24  # pixels; input of the second network
OUTPUT_SIDE = 48  # pixels; input of the third
CANDIDATES = 2000  # at most, the most likely ones: some eight for each face, and noise must not take for ever
PROPOSAL_OVERLAP = 0.6  # of the union; candidates that share more are one
REFINE_OVERLAP = 0.5  # as above, after the second network
OUTPUT_OVERLAP = 0.7  # of the smaller of two faces
BATCH = 16  # candidates; the layers of as many stay in the processor's cache
TOLERANCE = 0.8  # of the smallest side; a face found a little below it is kept, however it was found
SMALLEST_SIDE = 20.0  # pixels; below it landmarks are guesses
SMALL_PICTURE = 0.25  # of the shorter side; a face that large is looked for however small the picture is


@dataclass(frozen=True, slots=True)
class Detections:
    """Faces found in a picture, the most certain first.

    Attributes:
        boxes: (n, 4) left, top, right, bottom; a box may reach beyond the picture.
        landmarks: (n, 5, 2) left eye, right eye, nose, left and right corner of the mouth, as the viewer sees them.
        confidence: (n,) 0 to 1.

    All in pixels of the picture that was searched.
    """

    boxes: Boxes
    landmarks: Values
    confidence: Values

    def __len__(self) -> int:
        return len(self.boxes)


class Detector:
    """Finds faces and their five landmarks.

    Source: Zhang et al., Joint Face Detection and Alignment using Multi-task Cascaded Convolutional Networks, 2016.
    What differs: candidates are cut out of the level of the pyramid nearest to their size, and the third network looks
    a second time, at the box it has found, for landmarks that lie better.
    """

    def __init__(
        self, cascade: Cascade, path: Callable[[str], Path], min_side: float, second_look: SecondLook | None = None
    ) -> None:
        """Load the networks.

        Args:
            cascade: the model.
            path: gives the path of a model file by its id.
            min_side: pixels of the longer side of a face; smaller ones are not looked for, though those
                a little smaller are found.
            second_look: at pictures in which the cascade finds nothing, or nothing that is sure.
        """
        self._cascade = cascade
        self._second_look = second_look
        self._min_side = min_side
        self._proposal = OnnxNetwork(path(cascade.proposal))
        self._refine = OnnxNetwork(path(cascade.refine))
        self._output = OnnxNetwork(path(cascade.output))

    def detect(self, pixels: Pixels) -> Detections:
        """Find the faces of a picture.

        Args:
            pixels: (h, w, 3) RGB, upright.
        """
        min_side = min(self._min_side, max(SMALLEST_SIDE, min(pixels.shape[:2]) * SMALL_PICTURE))
        pyramid = Pyramid(pixels, min_side, CELL)
        candidates = self._refined(pyramid, self._proposed(pyramid))
        boxes, _, confidence = self._looked_at(pyramid, candidates)
        sure = confidence >= self._cascade.output_threshold
        found = self._chosen(pyramid, boxes[sure], confidence[sure], min_side)
        look = self._second_look
        if look is None or not look.needed(pixels, found.landmarks, found.confidence):
            return found
        return self._looked_again(look, pixels, pyramid, found.boxes, min_side)

    def look_at(self, pixels: Pixels, boxes: Boxes) -> Detections:
        """Find the landmarks of faces whose boxes are known.

        Args:
            pixels: (h, w, 3) RGB, upright.
            boxes: (n, 4) left, top, right, bottom.

        Returns:
            A face for each box, in their order, whether there is one or not.
        """
        _, landmarks, confidence = self._looked_at(Pyramid(pixels, self._min_side, CELL), square(boxes))
        return Detections(boxes, landmarks, confidence)

    def _looked_again(
        self, look: SecondLook, pixels: Pixels, pyramid: Pyramid, doubtful: Boxes, min_side: float
    ) -> Detections:
        """What a second look leaves of what is doubtful, and what was missed."""
        overlooked = look.places(pyramid, pixels.shape[1], pixels.shape[0])
        places = np.concatenate([without_forehead(doubtful), overlooked])
        boxes, _, first = self._looked_at(pyramid, with_forehead(places))
        _, landmarks, again = self._looked_at(pyramid, square(boxes))
        certainty = look.certainty(pixels, pyramid, Candidates(places, boxes, landmarks, first, again))
        return self._chosen(pyramid, boxes[certainty > 0], certainty[certainty > 0], min_side)

    def _chosen(self, pyramid: Pyramid, boxes: Boxes, confidence: Values, min_side: float) -> Detections:
        """Those of the faces that are large enough, each once, with their landmarks."""
        large = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0) >= TOLERANCE * min_side
        boxes, confidence = boxes[large], confidence[large]
        kept = outermost(boxes, confidence, OUTPUT_OVERLAP)
        boxes, confidence = boxes[kept], confidence[kept]
        _, landmarks, _ = self._looked_at(pyramid, square(boxes))
        return Detections(boxes, landmarks, confidence)

    def _proposed(self, pyramid: Pyramid) -> Boxes:
        """Squares that may hold a face, from all levels."""
        found = [self._proposed_at(level) for level in pyramid.searched]
        if not found:
            return np.empty((0, 4), np.float32)
        boxes = np.concatenate([boxes for boxes, _ in found])
        scores = np.concatenate([scores for _, scores in found])
        likeliest = np.argsort(-scores, kind="stable")[:CANDIDATES]
        boxes, scores = boxes[likeliest], scores[likeliest]
        return square(boxes[strongest(boxes, scores, PROPOSAL_OVERLAP)])

    def _proposed_at(self, level: Level) -> tuple[Boxes, Values]:
        padded = cv2.copyMakeBorder(level.pixels, *(MARGIN,) * 4, cv2.BORDER_CONSTANT, value=GREY)
        edges, probabilities = self._proposal.run(self._normalised(cv2.transpose(padded)[np.newaxis]))
        face = np.ascontiguousarray(probabilities[0, :, :, 1])
        peak = face >= cv2.dilate(face, np.ones((3, 3), np.uint8))  # neighbours see the same face
        column, row = np.nonzero(peak & (face >= self._cascade.proposal_threshold))
        corner = np.stack([column, row], axis=1).astype(np.float32) * STRIDE - MARGIN
        boxes = np.hstack([corner, corner + CELL]) / np.array([level.across, level.down] * 2, np.float32)
        return shift(boxes.astype(np.float32), edges[0, column, row]), face[column, row]

    def _refined(self, pyramid: Pyramid, squares: Boxes) -> Boxes:
        """Squares that the second network lets through, put right by it."""
        if not len(squares):
            return squares
        edges, probabilities = self._run(self._refine, pyramid.cut(squares, REFINE_SIDE))
        scores = probabilities[:, 1]
        sure = scores >= self._cascade.refine_threshold
        squares, edges, scores = squares[sure], edges[sure], scores[sure]
        kept = strongest(squares, scores, REFINE_OVERLAP)
        return square(shift(squares[kept], edges[kept]))

    def _looked_at(self, pyramid: Pyramid, squares: Boxes) -> tuple[Boxes, Values, Values]:
        """Boxes, landmarks and probability that the third network sees in squares."""
        if not len(squares):
            return squares, np.empty((0, 5, 2), np.float32), np.empty(0, np.float32)
        edges, points, probabilities = self._run(self._output, pyramid.cut(squares, OUTPUT_SIDE))
        side = (squares[:, 2:] - squares[:, :2])[:, np.newaxis]
        landmarks = squares[:, np.newaxis, :2] + points.reshape(-1, 2, 5).transpose(0, 2, 1) * side
        return shift(squares, edges), landmarks, probabilities[:, 1]

    def _run(self, network: OnnxNetwork, cuttings: Pixels) -> list[Values]:
        """Outputs of a network for all cuttings, a few at a time."""
        batches = [cuttings[start : start + BATCH] for start in range(0, len(cuttings), BATCH)]
        outputs = [network.run(self._normalised(batch)) for batch in batches]
        return [np.concatenate(output) for output in zip(*outputs, strict=True)]

    def _normalised(self, pixels: NDArray[Any]) -> Values:
        values = pixels.astype(np.float32)
        values -= self._cascade.mean
        values *= 1 / self._cascade.scale
        return values
