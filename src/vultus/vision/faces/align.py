"""Aligning: a face turned, moved and scaled so that its landmarks lie where the embedding network expects them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.vision.pyramid import Pixels

Values = NDArray[np.float32]

SIDE = 112  # pixels of a chip
# Where the five landmarks lie in a chip (ArcFace): left eye, right eye, nose, left and right corner of the mouth.
TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
# Where they lie in an average face that stands upright in a square of side 1 (the mean face of dlib).
MEAN_FACE = np.array([[0.227, 0.221], [0.753, 0.221], [0.49, 0.516], [0.254, 0.78], [0.726, 0.78]], np.float32)
FINE_ENOUGH = 1.3  # pixels of the picture per pixel of the chip up to which two neighbours make a pixel well


def similarity(landmarks: Values, template: Values = TEMPLATE) -> NDArray[np.float64]:
    """Return the turn, scale and move that bring landmarks nearest to a template, in the least squares.

    Args:
        landmarks: (5, 2) pixels.
        template: (5, 2) pixels.

    Returns:
        (2, 3) matrix of the map from landmarks to template. Mirroring is not among what it may do.

    Source: Umeyama, Least-Squares Estimation of Transformation Parameters Between Two Point Patterns, 1991; in the
    plane and without mirroring its singular value decomposition comes to two sums.
    """
    middle, goal = landmarks.mean(axis=0, dtype=np.float64), template.mean(axis=0, dtype=np.float64)
    a, b = landmarks - middle, template - goal
    spread = max(float((a * a).sum()), 1e-9)
    cosine = (a * b).sum() / spread
    sine = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / spread
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([turn, goal - turn @ middle])


def aligned(pixels: Pixels, landmarks: Values) -> Pixels:
    """Return the chip of a face that is embedded.

    Args:
        pixels: (h, w, 3) the picture.
        landmarks: (5, 2) pixels of the picture.

    Returns:
        (112, 112, 3); black where the picture ends.
    """
    return _cut(pixels, similarity(landmarks), SIDE, cv2.BORDER_CONSTANT)


def framed(pixels: Pixels, landmarks: Values, side: int, margin: float) -> Pixels:
    """Return a chip that shows a face whole, from eyebrows to chin.

    Args:
        pixels: (h, w, 3) the picture.
        landmarks: (5, 2) pixels of the picture.
        side: of the chip, pixels.
        margin: about the face, in parts of its side.

    Returns:
        (side, side, 3); mirrored where the picture ends, for a black edge passes for hair.
    """
    return _cut(pixels, frame(landmarks, side, margin), side, cv2.BORDER_REFLECT_101)


def frame(landmarks: Values, side: int, margin: float) -> NDArray[np.float64]:
    """Return the (2, 3) map from the picture to the chip that ``framed`` cuts out."""
    template = (MEAN_FACE + margin) * (side / (1 + 2 * margin))
    return similarity(landmarks, template.astype(np.float32))


def _cut(pixels: Pixels, matrix: NDArray[np.float64], side: int, border: int) -> Pixels:
    """Cut out what a map brings into a square.

    A face larger than the chip is first cut out at a whole multiple of its size and then averaged down, so that hair
    and cloth do not turn into patterns.
    """
    reduction = 1 / max(float(np.hypot(*matrix[:, 0])), 1e-3)  # pixels of the picture per pixel of the chip
    times = min(max(round(reduction / FINE_ENOUGH), 1), 16)
    matrix *= times
    matrix[:, 2] += (times - 1) / 2  # the middle of the first pixel lies half a pixel from the edge, however large
    size = (side * times, side * times)
    chip = cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border)
    if times > 1:
        chip = cv2.resize(chip, (side, side), interpolation=cv2.INTER_AREA)
    return chip.astype(np.uint8, copy=False)
