"""Boxes of faces, as rows of left, top, right, bottom in pixels, float32."""

import cv2
import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]  # (n, 4)
Values = NDArray[np.float32]


def square(boxes: Boxes) -> Boxes:
    """Return the boxes made square about their centres, the longer side kept."""
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    return np.hstack([centre - half, centre + half])


def shift(boxes: Boxes, by: Values) -> Boxes:
    """Return the boxes with each edge moved.

    Args:
        boxes: (n, 4).
        by: (n, 4) how far each edge moves, in widths and heights of its box.
    """
    size = boxes[:, 2:] - boxes[:, :2]
    return boxes + by * np.hstack([size, size])


def strongest(boxes: Boxes, scores: Values, overlap: float) -> NDArray[np.intp]:
    """Return the rows that no stronger kept row overlaps by more than ``overlap`` of their union, strongest first."""
    if not len(boxes):
        return np.empty(0, np.intp)
    corner_and_size = np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]])
    kept = cv2.dnn.NMSBoxes(corner_and_size.tolist(), scores.tolist(), 0.0, overlap)
    return np.asarray(kept, np.intp)


def outermost(boxes: Boxes, scores: Values, overlap: float) -> NDArray[np.intp]:
    """Return the rows that no stronger kept row overlaps by more than ``overlap`` of the smaller of both.

    A face found inside the box of another, mouth and chin for instance, goes.
    """
    kept: list[int] = []
    for row in np.argsort(-scores, kind="stable"):
        if not kept or _shared(boxes[row], boxes[kept]).max() <= overlap:
            kept.append(int(row))
    return np.asarray(kept, np.intp)


def _shared(box: Values, others: Boxes) -> Values:
    """Area of the overlap with each of the others, in parts of the smaller of both."""
    overlap = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    areas = (others[:, 2:] - others[:, :2]).prod(axis=1)
    smaller = np.minimum((box[2:] - box[:2]).prod(), areas)
    shared: Values = np.maximum(overlap, 0).prod(axis=1) / smaller
    return shared
